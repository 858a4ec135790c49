"""What comes back from the list of an erasure: each item erased, or kept on a ground to a day. No HTML, no request."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from records.desk.days import day_in
from records.requests.erasure import Decided, Ground, Verdict, cannot_decide
from records.requests.erasure_list import Unit

Given = dict[UUID, tuple[Decided, str]]


def given_by(sent: Mapping[str, str], units: Sequence[Unit], today: date) -> tuple[Given, dict[str, str]]:
    """Every decision, and what is wrong by field. Fields carry the item's id, so that a list that changed meanwhile mixes nothing up."""
    given: Given = {}
    mistakes: dict[str, str] = {}
    for unit in units:
        verdict, code = sent.get(f"verdict-{unit.id}", ""), sent.get(f"ground-{unit.id}", "")
        if verdict not in set(Verdict):
            mistakes[f"verdict-{unit.id}"] = f"{unit.words}: choose whether it is erased or kept"
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
