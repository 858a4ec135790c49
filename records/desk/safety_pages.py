"""Share for safety: from any file in two actions, for any role (G4, N2); the restricted view; the manager's list.

Recording one shows nothing of the file, so that somebody who may not open it can still do so, and learns nothing by it.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid4

from sqlmodel import Session
from starlette.responses import Response

from records.audit import trail
from records.clock import LONDON
from records.consents import safety
from records.consents.safety_facts import (
    FROM_WORDS,
    GROUND_WORDS,
    ROUTE_WORDS,
    SOUGHT_WORDS,
    TOLD_WORDS,
    ConcernFrom,
    ConsentSought,
    FamilyTold,
    LawfulRoute,
    SafetyFacts,
    wrong,
)
from records.consents.tables import SafetyShare
from records.consents.typed import day_typed, day_wrong
from records.desk.file_frame import LARGEST_NUMBER
from records.desk.file_frame import seen as seen_of_file
from records.desk.file_papers import Paper, chosen, in_words, papers_of
from records.desk.presses import press_key
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.letters import safeguarding
from records.letters.writing import Sender
from records.people import register
from records.people.tables import ChildFile
from records.policies.values import OverrideGround
from records.staff import accounts
from records.staff.access import Act

pages = Pages()

_NUMBER = re.compile(r"(?:PC-?)?0*(\d{1,9})", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")


@pages.get("/share-for-safety", rule=Act.SHARE_FOR_SAFETY)
def start(call: Call) -> Response:
    """The page, from anywhere."""
    return _page(call, _fresh(call), {})


@pages.get("/files/{number:int}/share-for-safety", rule=Act.SHARE_FOR_SAFETY)
def start_from_file(call: Call, number: int) -> Response:
    """The page, from a file. Whether the file exists is not told here; its documents are offered to whoever may open them."""
    with call.desk.db.reading() as session:
        shown = _offered(session, call, f"PC-{number}")
        file = _file(session, str(number)) if shown else None
    if file is not None:
        seen_of_file(call, file.id, "file_documents_seen")
    return _page(call, _fresh(call) | {"file": f"PC-{number:04d}" if number <= LARGEST_NUMBER else ""}, {})


@pages.get("/share-for-safety/sheet", rule=Act.SHARE_FOR_SAFETY)
def sheet(call: Call) -> Response:
    """The steps and whom to tell, on one page for the wall (W23)."""
    sender = Sender(call.desk.service_name, call.desk.contact)
    made = safeguarding.sheet(sender, call.desk.safeguarding, call.desk.clock.today())
    return Response(
        made, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="safety.pdf"'}
    )


def _fresh(call: Call) -> dict[str, str]:
    here = call.desk.clock.now().astimezone(LONDON)
    me = call.signed_in.display_name if call.signed_in else ""
    return {
        "day": str(here.day), "month": str(here.month), "year": str(here.year), "time": f"{here:%H:%M}", "decided_by": me,
    }  # fmt: skip


def _page(call: Call, sent: Mapping[str, str], mistakes: Mapping[str, str]) -> Response:
    grounds = call.desk.policy().override_grounds
    with call.desk.db.reading() as session:
        papers = _offered(session, call, sent.get("file", ""))
    ticked, _ = chosen(call, papers)
    return call.page(
        "safety_new.html", status=422 if mistakes else 200, title="Share for safety", sent=sent, mistakes=mistakes,
        key=sent.get("key") or str(uuid4()), routes=ROUTE_WORDS, sources=FROM_WORDS, sought=SOUGHT_WORDS, told=TOLD_WORDS,
        grounds={ground: words for ground, words in GROUND_WORDS.items() if ground in grounds},
        contacts=call.desk.safeguarding, none_set=safeguarding.NONE_SET, threat=OverrideGround.ILLEGAL_ACTIVITY in grounds, papers=papers, ticked=ticked,
    )  # fmt: skip


def _offered(session: Session, call: Call, typed: str) -> list[Paper]:
    """The documents of the file typed, for whoever may open it; nothing for anybody else, and for a file that is not there."""
    file = _file(session, typed.strip())
    return papers_of(session, call, register.all_of(session, file)[0]) if file is not None else []


@pages.post("/share-for-safety", rule=Act.SHARE_FOR_SAFETY)
def save(call: Call) -> Response:
    """Records the share. No consent is read, asked or changed; a manager is alerted at once."""
    sent, policy = call.sent, call.desk.policy()
    facts = _facts(sent)
    mistakes = wrong(facts, policy.override_grounds)
    shared_at = _moment(sent)
    day = day_typed(sent.get("day", ""), sent.get("month", ""), sent.get("year", ""))
    bad_day = day_wrong(day, "The day you share it", today=call.desk.clock.today())
    if bad_day or shared_at is None:
        mistakes["day"] = bad_day or "The time must be like 14:30"
    elif shared_at > call.desk.clock.now():
        mistakes["day"] = "The time you share it must be now or in the past"
    typed = sent.get("file", "").strip()
    if typed and not _NUMBER.fullmatch(typed):
        mistakes["file"] = "Enter a file number like PC-0042, or leave it empty"
    with call.desk.db.reading() as session:
        things, known = chosen(call, _offered(session, call, typed))
    if not known:
        mistakes["things"] = "A document that you chose is not of this file, or not open to you. Choose again"
    if mistakes or shared_at is None:
        return _page(call, sent, mistakes)
    with call.desk.db.writing() as session:
        row, _ = safety.share(
            session, facts, file=_file(session, typed), things=things, sent_key=press_key(sent), shared_at=shared_at, actor=call.actor,
            at=call.desk.clock.now(), policy=policy, typed_number=typed,
        )  # fmt: skip
    return call.go(f"/safety/{row.id}", "Recorded. A manager is alerted. Tell them yourself as well, if it is urgent.")


T = TypeVar("T", bound=StrEnum)


def _one(sent: Mapping[str, str], name: str, kind: type[T]) -> T | None:
    return next((each for each in kind if each.value == sent.get(name)), None)


def _facts(sent: Mapping[str, str]) -> SafetyFacts:
    return SafetyFacts(
        ground=_one(sent, "ground", OverrideGround), lawful_route=_one(sent, "lawful_route", LawfulRoute), source=_one(sent, "source", ConcernFrom),
        consent_sought=_one(sent, "consent_sought", ConsentSought), family_told=_one(sent, "family_told", FamilyTold),
        at_risk=sent.get("at_risk", ""), facts=sent.get("facts", ""), threat=sent.get("threat", ""),
        recipient=sent.get("recipient", ""), what=sent.get("what", ""), why_not_asked=sent.get("why_not_asked", ""),
        decided_by=sent.get("decided_by", ""),
    )  # fmt: skip


def _moment(sent: Mapping[str, str]) -> datetime | None:
    day = day_typed(sent.get("day", ""), sent.get("month", ""), sent.get("year", ""))
    time = _TIME.fullmatch(sent.get("time", "").strip())
    if day is None or time is None or int(time[1]) > 23 or int(time[2]) > 59:
        return None
    return datetime(day.year, day.month, day.day, int(time[1]), int(time[2]), tzinfo=LONDON)


def _file(session: Session, typed: str) -> ChildFile | None:
    found = _NUMBER.fullmatch(typed)
    if found is None or int(found[1]) > LARGEST_NUMBER:
        return None
    try:
        return register.by_number(session, int(found[1]))
    except NotFound:
        return None


@pages.get("/safety", rule=Act.SEE_SAFETY)
def waiting(call: Call) -> Response:
    """Shares that no manager has looked at yet. Numbers and times only."""
    with call.desk.db.reading() as session:
        rows = safety.unseen(session)
        names = accounts.display_names(session)
    return call.page("safety_list.html", title="Shared for safety", rows=rows, names=names, grounds=GROUND_WORDS)


@pages.get("/safety/{share:uuid}", rule=Act.SHARE_FOR_SAFETY)
def one(call: Call, share: UUID) -> Response:
    """One share, for the restricted group: managers, whoever recorded it, the file's own officer."""
    with call.desk.db.reading() as session:
        row, file = _open(call, session, share)
        number = file.number if file and row.recorded_by != str(call.actor.id) else None
        words = safety.told(session, row)
        papers = papers_of(session, call, register.all_of(session, file)[0]) if file else []
        documents = in_words(safety.things(session, row), papers)
        names = accounts.display_names(session)
    with call.desk.db.writing() as session:
        trail.append(
            session, actor=str(call.actor.id), act="safety_read", subject_kind="safety", subject_id=str(share),
            at=call.desk.clock.now(),
        )  # fmt: skip
    return call.page(
        "safety_one.html", title="Shared for safety", row=row, told=words, documents=documents, number=number, names=names, grounds=GROUND_WORDS,
        routes=ROUTE_WORDS, sources=FROM_WORDS, sought=SOUGHT_WORDS, family=TOLD_WORDS, may_mark=call.may(Act.SEE_SAFETY),
    )  # fmt: skip


@pages.post("/safety/{share:uuid}/seen", rule=Act.SEE_SAFETY)
def seen(call: Call, share: UUID) -> Response:
    """The manager has looked."""
    with call.desk.db.writing() as session:
        row, _ = _open(call, session, share)
        safety.seen(session, row, actor=str(call.actor.id), at=call.desk.clock.now())
    return call.go("/safety", "Marked as seen.")


def _open(call: Call, session: Session, share: UUID) -> tuple[SafetyShare, ChildFile | None]:
    row = safety.get(session, share)
    file = register.get(session, row.file_id) if row.file_id else None
    if not safety.may_read(call.actor, row.recorded_by, file.officer_id if file else None):
        raise NotFound("There is nothing here.")
    return row, file
