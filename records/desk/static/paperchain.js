// Only speed: every page works without this file.
"use strict";

// A list that refreshes itself: <div data-live data-live-url="…">. One polite announcement when its row count changes.
function liveRegion(region) {
  const status = document.createElement("p");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  region.after(status);
  const pause = document.createElement("button");
  pause.type = "button";
  pause.className = "govuk-button govuk-button--secondary pc-small-button pc-pause";
  pause.textContent = "Pause updates";
  region.before(pause);
  let paused = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Go on with updates" : "Pause updates";
  });
  let last = region.innerHTML;
  async function refresh() {
    if (!paused && !document.hidden && !region.contains(document.activeElement)) {
      try {
        const answer = await fetch(region.dataset.liveUrl, { credentials: "same-origin", redirect: "error", headers: { "X-Refresh": "1" } });
        if (answer.ok) {
          const html = await answer.text();
          if (html.trim() !== last.trim()) {
            const before = region.querySelectorAll("tbody tr").length;
            region.innerHTML = html;
            stackedTables();
            const after = region.querySelectorAll("tbody tr").length;
            if (after > before) status.textContent = after - before === 1 ? "1 item arrived" : `${after - before} items arrived`;
            last = html;
          }
        }
      } catch { /* signed out or the desk is restarting: the next turn tries again */ }
    }
    setTimeout(refresh, 2000);
  }
  setTimeout(refresh, 2000);
}

// Letters answer a question while one of its choices has focus, and move on (WCAG 2.1.4: only while it has focus).
function answerKeys() {
  const answers = [...document.querySelectorAll("fieldset[data-answer]")];
  answers.forEach((answer, place) => {
    answer.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target.type !== "radio") return;
      const key = event.key.toLowerCase();
      if (key === "u") {
        if (place > 0) focusOn(answers[place - 1]);
        event.preventDefault();
        return;
      }
      const choice = answer.querySelector(`input[data-key="${CSS.escape(key)}"]`);
      if (!choice) return;
      event.preventDefault();
      choice.checked = true;
      const next = answers[place + 1];
      if (next) focusOn(next);
      else document.querySelector("[data-main]")?.focus();
    });
  });
}

function focusOn(answer) {
  (answer.querySelector("input:checked") || answer.querySelector("input")).focus();
}

function zoom() {
  document.querySelectorAll("[data-zoom]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const page = document.querySelector("[data-zoomed]");
      const now = Number(page.dataset.zoomed);
      const wanted = { in: Math.min(4, now + 1), out: Math.max(1, now - 1), whole: 1 }[button.dataset.zoom];
      page.classList.remove(`pc-zoom-${now}`);
      page.classList.add(`pc-zoom-${wanted}`);
      page.dataset.zoomed = String(wanted);
    });
  });
}

// Letters arrange the chosen page while it has focus (WCAG 2.1.4); arrows move between pages as in any group of radio buttons.
function stripKeys() {
  const strip = document.querySelector("[data-strip]");
  strip?.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.name !== "page") return;
    const key = event.key.toLowerCase();
    const act = { s: "split", r: "turn" }[key];
    if (key === "t") {
      const kind = document.querySelector(`[data-kind="${CSS.escape(event.target.dataset.part)}"]`);
      (kind || strip.querySelector('button[value="by_hand"]')).focus();
    } else if (act) {
      event.target.checked = true;
      strip.querySelector(`button[value="${act}"]`).click();
    } else return;
    event.preventDefault();
  });
}

// A part of a page to be covered: drawn with a pointer, it fills the four number fields, which work alone without a script.
function drawing() {
  const area = document.querySelector("[data-draw]");
  if (!area) return;
  const box = area.querySelector("[data-draw-box]");
  const fields = ["left", "top", "width", "height"].map((name) => document.getElementById(name));
  let start = null;
  const at = (event) => {
    const { left, top, width, height } = area.getBoundingClientRect();
    const inside = (value) => Math.min(1000, Math.max(0, Math.round(value * 1000)));
    return [inside((event.clientX - left) / width), inside((event.clientY - top) / height)];
  };
  const show = ([x, y, width, height]) => {
    Object.entries({ x, y, width, height }).forEach(([name, value]) => box.setAttribute(name, value));
  };
  const typed = () => show(fields.map((field) => Math.round(Number(field.value.replace(",", ".")) * 10) || 0));
  area.classList.add("pc-cover--drawing");
  area.addEventListener("dragstart", (event) => event.preventDefault());
  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = at(event);
    area.setPointerCapture(event.pointerId);
  });
  area.addEventListener("pointermove", (event) => {
    if (!start) return;
    const [x, y] = at(event);
    const drawn = [Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(x - start[0]), Math.abs(y - start[1])];
    show(drawn);
    fields.forEach((field, place) => { field.value = String(drawn[place] / 10); });
  });
  area.addEventListener("pointerup", () => {
    if (start) (document.getElementById("box_code") || document.querySelector("[data-draw-form] button")).focus({ preventScroll: true });
    start = null;
  });
  fields.forEach((field) => field.addEventListener("input", typed));
  typed();
}

// On a telephone a wide table shows each row as a block, so that nothing stands out of sight to the right; without this file it is moved sideways.
// The roles say what the blocks no longer show.
function stackedTables() {
  document.querySelectorAll(".pc-scroll > .pc-table:not(.pc-table--few, .pc-table--answers)").forEach((table) => {
    const heads = [...table.querySelectorAll("thead > tr > *")];
    const rows = [...table.querySelectorAll("tbody > tr")];
    const plain = heads.every((head) => head.tagName === "TH") && rows.every((row) => row.cells.length === heads.length);
    if (!heads.length || !plain) return;
    table.setAttribute("role", "table");
    table.querySelectorAll("thead, tbody").forEach((part) => part.setAttribute("role", "rowgroup"));
    table.querySelectorAll("tr").forEach((row) => row.setAttribute("role", "row"));
    heads.forEach((head) => head.setAttribute("role", "columnheader"));
    rows.forEach((row) => [...row.cells].forEach((cell, place) => {
      cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      const head = heads[place];
      if (place && !head.querySelector(".govuk-visually-hidden") && cell.textContent.trim()) cell.dataset.label = head.textContent.trim();
    }));
    table.classList.add("pc-table--stacked");
  });
}

// A cut-out that is wider than the screen can be reached and moved by keys; one that is seen whole is no stop for them.
function wideCrops() {
  const crops = [...document.querySelectorAll(".pc-crop--mark")];
  const look = () => crops.forEach((crop) => {
    const wide = crop.scrollWidth > crop.clientWidth;
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "Picture, wider than the screen"]]) {
      if (wide) crop.setAttribute(name, value);
      else crop.removeAttribute(name);
    }
  });
  if (!crops.length) return;
  look();
  addEventListener("load", look);
  addEventListener("resize", look);
}

// A second click before the answer is there sends nothing more: it would only be told that somebody was first. A print leaves its page where it
// is, so after a moment a form can be sent again.
function sentOnce() {
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const before = sent.get(event.target);
    if (before !== undefined && event.timeStamp - before < 3000) event.preventDefault();
    else sent.set(event.target, event.timeStamp);
  });
}

// A page that is left alone goes once its sign-in has ended, so that nobody reads about a family on a screen that somebody left. Where something
// was typed it stays: no words are lost to it. The question does not keep anybody signed in.
function leaveWhenSignedOut() {
  const after = Number(document.body.dataset.idle);
  if (!after) return;
  const touched = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  };
  async function look() {
    if (![...document.querySelectorAll("main input, main textarea, main select")].some(touched)) {
      try {
        const answer = await fetch("/help", { credentials: "same-origin", redirect: "manual", headers: { "X-Refresh": "1" } });
        if (answer.type === "opaqueredirect") location.reload();
      } catch { /* the desk is restarting: the next turn tries again */ }
    }
    setTimeout(look, Math.min(after, 60000));
  }
  setTimeout(look, after + 1000);
}

sentOnce();
leaveWhenSignedOut();
stripKeys();
drawing();
stackedTables();
wideCrops();
document.querySelectorAll("[data-live]").forEach(liveRegion);
answerKeys();
zoom();
(document.querySelector("[data-focus]") || document.querySelector("[data-first]"))?.focus();
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") document.querySelector("[data-main]")?.click();
});
