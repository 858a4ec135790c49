"""A form says No to storing, and the child may have a file already: the No is recorded there before the form goes (N8, W41, R31).

Nothing of the form is kept but the noes themselves: they stand on the file like any withdrawal, in force at once, and a person decides
what is erased. A file that the officer may not open is never named to them. Where it is certainly the child's the No counts there all
the same, as at the counter; where it may be, its own officer is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from intake import filing, in_use, interpret
from intake.desk import review_flow
from intake.desk.form_view import Mistake, date_from
from intake.desk.review_flow import NEW_FILE, Candidate
from intake.filing import ToldNo
from records.consents import counter, following
from records.consents.givers import Giver
from records.consents.items import STORE, WORDS
from records.consents.standing import ConsentState, Route
from records.people import exact, register
from records.people.birthdates import BirthDate
from records.people.index import everybody
from records.people.tables import ChildFile
from records.people.typed import name_problem
from records.policies.settings import Policy
from records.post import review
from records.post.tables import Part

ON_FORM = "on_form"
PLACES = (
    (ON_FORM, "It stands on the form"),
    (Route.TELEPHONE, "They told us since, by telephone"),
    (Route.IN_PERSON, "They told us since, in person"),
    (Route.LETTER, "They wrote since: a letter"),
    (Route.EMAIL, "They wrote since: an e-mail"),
    (Route.TEXT, "They wrote since: a text message"),
)
MaySee = Callable[[ChildFile], bool]
NOTE_SINCE = "They said so after they had sent us a consent form, which was then erased as they wished."
CALLED = "Whoever signed the form"
NOTE = "It was said on a consent form, which was then erased as the family wished."


@dataclass(frozen=True)
class SaidNo:
    """What an officer confirmed on a form that says No to storing: about whom, by whom, from when, and no to what."""

    name: str
    born: date | None
    giver: Giver
    called: str
    day: date
    items: tuple[str, ...]
    route: Route = Route.LETTER
    since: bool = False
    """They said so, by this route, after they had sent the form; else it stands on it."""
    others: bool = False
    """The form names another child too (F22)."""


def said(session: Session, part: Part) -> SaidNo:
    """Reads it back from the officer's last word about the form, which goes with the form.

    No template is needed for it. Only notes from before the consents were kept with them (`in_use.NOES`) are told by the template, and by
    another text than that which read the form no more is told than the No to keeping.
    """
    kept = review.last_confirmation(session, part) or {}
    answers = {name: value["confirmed"] for name, value in kept.items()}
    received, giver = review.item_of(session, part).received_on, answers.get(in_use.GIVER)
    signed, told = answers.get("signed_on"), answers.get(in_use.SAID_ON)
    return SaidNo(
        name=answers.get("child_name") or "",
        born=date.fromisoformat(answers["date_of_birth"]) if answers.get("date_of_birth") else None,
        giver=Giver(giver) if giver in set(Giver) else Giver.UNKNOWN,
        called=answers.get("parent_name") or CALLED,
        day=date.fromisoformat(told) if told else min(date.fromisoformat(signed), received) if signed else received,
        items=tuple(item for item in _noes(session, part, answers) if item in WORDS),
        route=Route(answers.get(in_use.SAID_BY) or Route.LETTER),
        since=told is not None,
        others=answers.get(filing.MORE_CHILDREN) == "yes",
    )


def typed_before(kept: Mapping[str, Any]) -> dict[str, str]:
    """What was typed about the form before, for the page on which a No is noted. `kept`: the last word about it, as it is kept."""
    name = (kept.get("child_name") or {}).get("confirmed")
    return {"child_name": name} if name else {}  # never a birth date: it is typed from the paper


def told_no(sent: Mapping[str, str], *, received_on: date, today: date) -> tuple[ToldNo | None, list[Mistake]]:
    """What an officer says of a family that says No to keeping a form that cannot be opened; or what is missing."""
    wrong: list[Mistake] = []
    name = sent.get("child_name", "").strip()
    if name and (problem := name_problem(name, "The name of the child or young person")):
        wrong.append(Mistake("child_name", problem))
    elif not name and sent.get("name-unreadable") != "yes":
        wrong.append(
            Mistake(
                "child_name", "Enter the name, so that a file about this child is found, or say that it cannot be read"
            )
        )
    born, mistake = date_from(sent, "date_of_birth", "Date of birth", needed=False)
    wrong += [mistake] if mistake else []
    if born is not None and born > received_on:
        wrong.append(Mistake("date_of_birth", "Date of birth must be in the past"))
    giver, place = sent.get("giver", ""), sent.get("place", "")
    if giver not in {code for code, _ in review_flow.GIVERS}:
        wrong.append(Mistake("giver", "Choose who says No"))
    if place not in {code for code, _ in PLACES}:
        wrong.append(Mistake("place", "Choose where they say it"))
    if wrong:
        return None, wrong
    return ToldNo(
        name or None, born, giver, None if place == ON_FORM else today, None if place == ON_FORM else Route(place)
    ), []


def _noes(session: Session, part: Part, answers: Mapping[str, str | None]) -> Sequence[str]:
    kept = answers.get(in_use.NOES)
    if kept is not None:
        return kept.split()
    try:
        template = in_use.template_of(session, part)
    except in_use.NotInUse:
        return [STORE]
    told = interpret.consents(template, dict(answers), {})
    return list(dict.fromkeys(one.item for one in told if one.state is ConsentState.REFUSED))


def candidates(session: Session, no: SaidNo, may_see: MaySee) -> tuple[Candidate, ...]:
    """Files that may be this child's, best first, among those that this officer may open (N10)."""
    return review_flow.candidates(session, no.name, _born(no), may_see) if no.name else ()


def chosen(found: tuple[Candidate, ...], sent: str | None) -> bool:
    """Whether the officer has said whose form it is; with nothing to choose from there is nothing to say (F22)."""
    return not found or sent == NEW_FILE or sent in {str(each.number) for each in found}


def record(
    session: Session, part: Part, sent: str | None, may_see: MaySee, *, actor: UUID, at: datetime, policy: Policy
) -> None:  # fmt: skip
    """Records the noes on the file chosen, or on the hidden one that is certainly the child's; asks the officers of those that may be.

    In the transaction that erases the form: either both stand or neither.
    """
    no = said(session, part)
    if not no.name:
        return
    seen = {each.number for each in candidates(session, no, may_see)}
    hidden = [file for file in review_flow.alike(session, no.name, _born(no), everybody) if file.number not in seen]
    on = register.by_number(session, int(sent)) if sent and sent.isdigit() and int(sent) in seen else None
    if on is None and no.born is not None:
        certain = exact.files_of(session, no.name, no.born)
        on = certain[0] if len(certain) == 1 and certain[0].number not in seen else None
    if on is not None:
        root = register.all_of(session, on)[0]
        if counter.later_yes(session, root, no.items, no.day, policy):
            # The later word holds (R26), so this no is history; whether it is meant to hold now, only the family can say.
            following.ask_family(session, root, [STORE], actor=str(actor), at=at)
        counter.take(
            session, root, no.items, no.giver, no.called, no.route, no.day, part.id, note=NOTE_SINCE if no.since else NOTE, actor=str(actor), at=at,
            policy=policy,
        )  # fmt: skip
    for file in hidden:
        if on is None or file.id != on.id:
            following.may_have_said_no(session, file, part.id, at=at)


def _born(no: SaidNo) -> BirthDate | None:
    return BirthDate.on(no.born) if no.born else None
