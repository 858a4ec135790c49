"""Holds: what is kept back and why, placing and lifting a hold, and keeping everything in one step."""

import re
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, select
from starlette.responses import Response

from records.custody.tables import Original
from records.desk import hold_rows
from records.desk.numbers import whole
from records.desk.paging import fetched
from records.desk.retention_pages import TABS, date_sent
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard.standing import about
from records.holds import register as holds
from records.holds.kinds import CATEGORY_WORDS, KIND_WORDS, Category, Hold, HoldKind, Scope, review_date
from records.people import register as people
from records.people.tables import ChildFile
from records.people.typed import texts_wrong
from records.post.tables import Item
from records.staff import accounts
from records.staff.access import Act

PLACEABLE = (
    (Scope.FILE, "One file", "File number, for example PC-0042"),
    (Scope.ITEM, "One item of the post", "Item number, for example 3121"),
    (Scope.ORIGINAL, "One paper", "Number on its label, for example O-42"),
)
FEW = 10
"""So many holds are seen at a glance; where there are more, a list of one kind alone is offered."""
BY_HAND = tuple(kind for kind in HoldKind if kind is not HoldKind.MORATORIUM)

pages = Pages()

Chosen = TypeVar("Chosen", bound=StrEnum)


@pages.get("/retention/holds", rule=Act.SEE_RETENTION)
def lists(call: Call) -> Response:
    """Every hold that stands, the next review first."""
    return _lists(call, {})


def _lists(call: Call, mistakes: dict[str, str], status: int = 200) -> Response:
    today = call.desk.clock.today()
    kind = _one_of(HoldKind, call.request.query_params.get("kind", ""))
    with call.desk.db.reading() as session:
        names = accounts.display_names(session)
        counts = holds.counts_standing(session)
        total = sum(counts.values())
        offered = [each for each in HoldKind if each in counts or each is kind] if total > FEW or kind else []
        shown = fetched(
            call,
            counts.get(kind, 0) if kind else total,
            lambda most, out: holds.standing(session, most, out, kind),
            f"/retention/holds?kind={kind}" if kind else "/retention/holds",
        )
        over = fetched(
            call, holds.count_lifted(session), lambda most, out: holds.lifted(session, most, out), "/retention/holds", "lifted"
        )  # fmt: skip
        standing, lifted = (hold_rows.rows(session, each, names, today) for each in (shown.rows, over.rows))
        person = _person_named(session, call, call.sent or _from_a_file(call))
        everything = holds.moratorium(session)
    return call.page(
        "retention_holds.html", status=status, title="Holds", tabs=TABS, here="/holds", standing=hold_rows.lots(standing), piece=shown,
        lifted=hold_rows.lots(lifted), over=over, everything=everything, mistakes=mistakes, sent=call.sent or _from_a_file(call),
        kinds=[(each, KIND_WORDS[each]) for each in BY_HAND],
        scopes=PLACEABLE, categories=CATEGORY_WORDS, may_place=call.may(Act.PLACE_HOLD), person=person, may_lift=call.may(Act.LIFT_HOLD),
        review=review_date(today, call.desk.policy().periods.hold_review_months), total=total, kind=kind,
        of_kinds=[(each, KIND_WORDS[each], counts.get(each, 0)) for each in offered],
    )  # fmt: skip


def _from_a_file(call: Call) -> dict[str, str]:
    """The file, and the person on it, that the way here began at stand in the form already."""
    asked = call.request.query_params
    number = asked.get("file", "")
    found = {"number": number} if re.fullmatch(r"PC-[0-9]{1,10}", number) else {}
    return found | ({"scope": Scope.PERSON.value, "person": asked["person"]} if found and "person" in asked else {})


def _person_named(session: Session, call: Call, sent: dict[str, str]) -> tuple[UUID, str] | None:
    """The person of a file that a form names, with their name, for somebody who may open that file; None for anybody else."""
    number = _number(sent.get("number", ""))
    if not sent.get("person") or number is None:
        return None
    file = session.exec(select(ChildFile).where(ChildFile.number == number)).first()
    if file is None or not all(call.may(Act.OPEN_FILE, about(each)) for each in people.all_of(session, file)):
        return None
    return next(((one.id, one.name) for one in people.people(session, file) if str(one.id) == sent["person"]), None)


@pages.post("/retention/holds/place", rule=Act.PLACE_HOLD)
def place(call: Call) -> Response:
    """Places a hold over one thing, or (a manager) over a kind of document."""
    sent, mistakes = call.sent, {}
    scope, kind = _one_of(Scope, sent.get("scope", "")), _one_of(HoldKind, sent.get("kind", ""))
    category = _one_of(Category, sent.get("category", ""))
    if kind is None or kind not in BY_HAND:
        mistakes["kind"] = "Choose why it must be kept"
    if scope not in {Scope.PERSON, *(value for value, _, _ in PLACEABLE)} and not (
        scope is Scope.CATEGORY and call.may(Act.LIFT_HOLD)
    ):
        mistakes["scope"] = "Choose what the hold is over"
    elif scope is Scope.CATEGORY and category is None:
        mistakes["category"] = "Choose which kind of document"
    elif scope is not Scope.CATEGORY and _number(sent.get("number", "")) is None:
        mistakes["number"] = "Enter the number of the file, item or paper"
    review = date_sent(call, "review")
    if review is None:
        mistakes["review-day"] = "Review date must be a real date, for example 27 3 2027"
    mistakes |= _texts(sent)
    if mistakes or scope is None or kind is None:
        return _lists(call, mistakes, 422)
    try:
        with call.desk.db.writing() as session:
            subject = None
            if scope is Scope.PERSON:
                named = _person_named(session, call, sent)
                if named is None:
                    raise NotFound("There is nothing with that number.")
                subject = named[0]
            elif scope is not Scope.CATEGORY:
                subject = _subject(session, call, scope, _number(sent["number"]) or 0)
            holds.place(
                session, kind=kind, scope=scope, subject_id=subject, category=category, authority=sent["authority"],
                reference=sent.get("reference", ""), reason=sent["reason"], review_on=review, by=str(call.actor.id),
                at=call.desk.clock.now(),
            )  # fmt: skip
    except NotFound:
        return _lists(call, {"number": "There is nothing with that number. Look at it again"}, 422)
    except RefusedByRule as refused:
        return _lists(call, {"review-day" if "review" in refused.message.lower() else "reason": refused.message}, 422)
    return call.go("/retention/holds", "The hold is placed. Nothing it is over can be destroyed.")


@pages.post("/retention/holds/everything", rule=Act.LIFT_HOLD)
def everything(call: Call) -> Response:
    """Keeps everything, in one step (R44: a manager must be able to switch a moratorium on in minutes)."""
    sent = {name.removeprefix("all-"): value for name, value in call.sent.items()}
    mistakes = {f"all-{name}": words for name, words in _texts(sent).items()}
    if mistakes:
        return _lists(call, mistakes, 422)
    with call.desk.db.writing() as session:
        holds.place(
            session, kind=HoldKind.MORATORIUM, scope=Scope.EVERYTHING, authority=sent["authority"], reason=sent["reason"],
            reference=sent.get("reference", ""), by=str(call.actor.id), at=call.desk.clock.now(),
            review_months=call.desk.policy().periods.hold_review_months,
        )  # fmt: skip
    return call.go("/retention/holds", "Everything is kept. Nothing is destroyed until this hold is lifted.")


@pages.get("/retention/holds/{hold:uuid}", rule=Act.SEE_RETENTION)
def one(call: Call, hold: UUID) -> Response:
    """One hold, with what may be done about it."""
    return _one(call, hold, {})


def _one(call: Call, hold: UUID, mistakes: dict[str, str], status: int = 200) -> Response:
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        names = accounts.display_names(session)
        (row,) = hold_rows.rows(session, [holds.get(session, hold)], names, today)
        written = _written(session, call, row.hold)
    return call.page(
        "retention_hold.html", status=status, title="A hold", tabs=TABS, here="/holds", row=row, written=written, mistakes=mistakes, sent=call.sent,
        released_by=names.get(row.hold.released_by or "", "Paperchain, by itself"),
        may_lift=row.hold.standing and call.may(Act.LIFT_HOLD), may_review=row.hold.standing and call.may(Act.PLACE_HOLD),
        review=review_date(today, call.desk.policy().periods.hold_review_months),
    )  # fmt: skip


@pages.post("/retention/holds/{hold:uuid}/lift", rule=Act.LIFT_HOLD)
def lift(call: Call, hold: UUID) -> Response:
    """Lifts a hold, with the reason."""
    why = call.sent.get("why", "")
    if not why.strip():
        return _one(call, hold, {"why": "Say why the hold can be lifted"}, 422)
    if wrong := texts_wrong(call.sent, {"why": "The reason"}, 500):
        return _one(call, hold, wrong, 422)
    with call.desk.db.writing() as session:
        holds.release(session, hold, why=why, by=str(call.actor.id), at=call.desk.clock.now(), version=_version(call))
    return call.go("/retention/holds", "The hold is lifted. What it kept can be listed again after the days of notice.")


@pages.post("/retention/holds/{hold:uuid}/review", rule=Act.PLACE_HOLD)
def review(call: Call, hold: UUID) -> Response:
    """Somebody has looked: it stays, and is looked at again on another day."""
    next_on = date_sent(call, "next")
    if next_on is None:
        return _one(call, hold, {"next-day": "Next review must be a real date, for example 27 3 2027"}, 422)
    try:
        with call.desk.db.writing() as session:
            holds.reviewed(
                session, hold, next_on=next_on, by=str(call.actor.id), at=call.desk.clock.now(), version=_version(call)
            )
    except RefusedByRule as refused:
        return _one(call, hold, {"next-day": refused.message}, 422)
    return call.go("/retention/holds", "The hold stays.")


def _written(session: Session, call: Call, hold: Hold) -> holds.Written | None:
    """What was written about a hold, for somebody who may open what it is over."""
    file = session.get(ChildFile, hold.file_id) if hold.file_id else None
    may_read = call.may(Act.PLACE_HOLD) if hold.file_id is None else (
        file is not None and call.may(Act.OPEN_FILE, about(file))
    )  # fmt: skip
    try:
        return holds.written(session, hold.id) if may_read else None
    except NotFound:  # the key of what it was over is gone
        return None


def _subject(session: Session, call: Call, scope: Scope, number: int) -> UUID:
    """The id behind a number. An officer names only files that they may open; missing and forbidden look alike."""
    if number > 2**31 - 1:
        raise NotFound("There is nothing with that number.")
    match scope:
        case Scope.FILE:
            file = session.exec(select(ChildFile).where(ChildFile.number == number)).first()
            if file is not None and (call.may(Act.LIFT_HOLD) or call.may(Act.OPEN_FILE, about(file))):
                return file.id
        case Scope.ITEM:
            found = session.exec(select(Item.id).where(Item.number == number)).first()
            if found is not None:
                return found
        case Scope.ORIGINAL:
            found = session.exec(select(Original.id).where(Original.number == number)).first()
            if found is not None:
                return found
        case _:
            pass
    raise NotFound("There is nothing with that number.")


def _texts(sent: dict[str, str]) -> dict[str, str]:
    wrong = {}
    if not sent.get("authority", "").strip():
        wrong["authority"] = "Say who asks for it, or on whose authority it is kept"
    elif len(sent["authority"]) > 120:
        wrong["authority"] = "Use at most 120 letters"
    if not sent.get("reason", "").strip():
        wrong["reason"] = "Say why it must be kept"
    elif len(sent["reason"]) > 500:
        wrong["reason"] = "Use at most 500 letters"
    if len(sent.get("reference", "")) > 120:
        wrong["reference"] = "Use at most 120 letters"
    named = {"authority": "Who asks for it", "reference": "The reference", "reason": "The reason"}
    return texts_wrong(sent, named) | wrong


def _number(text: str) -> int | None:
    return whole(text.strip().upper().removeprefix("PC-").removeprefix("O-").removeprefix("ITEM"))


def _one_of(words: type[Chosen], sent: str) -> Chosen | None:
    return words(sent) if sent in set(words) else None


def _version(call: Call) -> int:
    version = whole(call.sent.get("version", ""))
    if version is None:
        raise ChangedMeanwhile("This hold was not opened first. Look at it again.")
    return version
