// Keeps what is being typed as a draft, so that a lost session loses no words. The page has a button for it and works without this.
"use strict";

(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const status = form.querySelector("[data-draft-status]");
  let waiting = null;
  let changed = false;
  let sending = Promise.resolve();

  async function keep() {
    if (!changed) return;
    changed = false;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual",
      });
      if (answer.status === 204) status.textContent = "A draft of your note is kept.";
      else if (answer.status === 422) status.textContent = "Your note is far too long to be kept as a draft. Shorten it.";
      else {
        changed = true;
        status.textContent = "You are signed out. Copy your last words, then sign in again: the draft up to a moment ago is kept.";
      }
    } catch {
      changed = true;
      status.textContent = "The draft cannot be kept just now. It is tried again while you write.";
    }
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(() => { sending = sending.then(keep); }, 1500);
  }

  form.addEventListener("input", () => { changed = true; soon(); });
  form.addEventListener("submit", () => { clearTimeout(waiting); changed = false; });
  // Leaving the page: what was typed since the last draft goes along.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { clearTimeout(waiting); sending = sending.then(keep); }
  });
})();
