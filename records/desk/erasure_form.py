"""What comes back from the list of an erasure: each item erased, or kept on a ground to a day. No HTML, no request."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from records.desk.days import day_in
from records.requests.erasure import Decided, Ground, UnitKind, Verdict, cannot_decide
from records.requests.erasure_list import Unit

OPEN = "choose whether it is erased or kept"
FILL = "fill"
"""The button that fills in one answer, which the fields `verdict-all`, `ground-all`, `why-all` and `review-all` give."""
Given = dict[UUID, tuple[Decided, str]]


def given_by(sent: Mapping[str, str], units: Sequence[Unit], today: date) -> tuple[Given, dict[str, str]]:
    """Every decision, and what is wrong by field. Fields carry the item's id, so that a list that changed meanwhile mixes nothing up."""
    given: Given = {}
    mistakes: dict[str, str] = {}
    for unit in units:
        verdict, code = sent.get(f"verdict-{unit.id}", ""), sent.get(f"ground-{unit.id}", "")
        if verdict not in set(Verdict):
            mistakes[f"verdict-{unit.id}"] = f"{unit.words}: {OPEN}"
            continue
        keep = verdict != Verdict.ERASE
        typed = sent.get(f"review-{unit.id}", "")
        review = day_in(typed) if keep and typed else None
        pages = pages_in(sent.get(f"pages-{unit.id}", ""), unit.pages) if verdict == Verdict.PAGES else ()
        found = Decided(Verdict(verdict), Ground(code) if keep and code in set(Ground) else None, review, pages)
        reason = sent.get(f"why-{unit.id}", "") if keep else ""
        wrong = cannot_decide(unit.kind, found, reason, today, unit.pages)
        if wrong:
            field = (
                "pages"
                if "pages" in wrong
                else "ground"
                if "ground on which" in wrong or "honour" in wrong
                else "why"
                if "Say" in wrong
                else "review"
            )
            mistakes[f"{field}-{unit.id}"] = f"{unit.words}: {wrong[0].lower()}{wrong[1:]}"
        given[unit.id] = (found, reason)
    return given, mistakes


def summed(mistakes: Mapping[str, str], of: int) -> dict[str, str]:
    """What stands at the top of the page: in one sentence how many of the `of` items are open, then whatever else is wrong."""
    still = [field for field, words in mistakes.items() if field.startswith("verdict-") and words.endswith(OPEN)]
    if len(still) < 2:
        return dict(mistakes)
    first = {still[0]: f"{len(still)} of {of} items are not decided: choose for each whether it is erased or kept"}
    return first | {field: words for field, words in mistakes.items() if field not in still}


def filled(sent: Mapping[str, str], units: Sequence[Unit], today: date) -> tuple[dict[str, str], int, dict[str, str]]:
    """What was sent, with one answer for every item that was open; for how many; and what is wrong with that answer by field.

    Only the page is filled in: nothing is decided before the list is confirmed.
    """
    chosen = {name: sent.get(f"{name}-all", "") for name in ("verdict", "ground", "why", "review")}
    if chosen["verdict"] not in (Verdict.ERASE, Verdict.KEEP):
        return dict(sent), 0, {"verdict-all": "Choose what is filled in"}
    # As for a form: what is filled in for every item must hold for every kind of item.
    trial = Unit(UUID(int=0), UnitKind.FORM, "")
    _, wrong = given_by({f"{name}-{trial.id}": value for name, value in chosen.items()}, [trial], today)
    if wrong:
        return (
            dict(sent),
            0,
            {
                f"{field.partition('-')[0]}-all": f"To fill in: {words.removeprefix(': ')}"
                for field, words in wrong.items()
            },
        )
    still = [unit for unit in units if sent.get(f"verdict-{unit.id}", "") not in set(Verdict)]
    put_in = {f"{name}-{unit.id}": value for unit in still for name, value in chosen.items() if value}
    emptied = {f"{name}-all": "" for name in chosen}
    return {**sent, **put_in, **emptied}, len(still), {}


def pages_in(typed: str, pages: Sequence[UUID]) -> tuple[UUID, ...]:
    """The pages that are meant by "2, 4-5"; none when anything of it is no page."""
    found: set[int] = set()
    for piece in typed.replace("–", "-").replace(" ", "").split(","):
        first, _, last = piece.partition("-")
        last = last or first
        if not all(one.isascii() and one.isdigit() and len(one) <= 4 for one in (first, last)):
            return ()
        if not 1 <= int(first) <= int(last) <= len(pages):
            return ()
        found |= set(range(int(first), int(last) + 1))
    return tuple(pages[number - 1] for number in sorted(found))
