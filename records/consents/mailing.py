"""Who gets news of SEND law and events today, by one channel (F8–F12, R32): worked out when it is asked for, never kept.

Whether somebody wants it is the gate's answer; how they are reached stands on the file, where it may be kept (W39). A safe-contact
instruction comes before every yes. The list is for news alone: no case number, nothing of the case is in it.

A list shows names and addresses, so it holds only files that whoever makes it may open (S1, G10). Where each officer alone may open their own,
each makes the list of their own, and has a task once a manager makes one: the families get their news, and nobody sees more than before.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from records import tasks
from records.audit import trail
from records.clock import LONDON, Clock
from records.consents import asking, contact_details, gate
from records.consents.gate import Purpose, Reader
from records.consents.items import Channel
from records.consents.outward import Leave, let_out, outward
from records.consents.standing import ConsentState, standing
from records.consents.tables import ConsentEvent
from records.db import Database
from records.guard.standing import Filed, about
from records.people import known, merging, register
from records.people.facts import Channel as Way
from records.people.facts import ContactDetails
from records.people.preferences import Preferences, from_facts, refusals
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.staff import access
from records.staff.access import Act, Actor
from records.tasks.register import NO_FILE_IN_PARTICULAR, OfFile, let_go
from records.vocabulary import Role

NEWS_DETAILS, DAYS = "news_details", 28
OWN_LIST, OWN_LIST_DAYS = "news_own_list", 5
AT_ONCE = 20
"""So many files in one transaction: the next writer waits a second at most."""
NEWS = "news"
"""What goes out: the newsletter itself, which is the same for everybody."""
KEPT_WORDS = {
    Channel.EMAIL: "no email address", Channel.TELEPHONE: "no telephone number", Channel.TEXT: "no mobile number", Channel.POST: "no address",
}  # fmt: skip
CHANNEL_WORDS = {
    Channel.EMAIL: "email", Channel.TELEPHONE: "telephone", Channel.TEXT: "text message", Channel.POST: "post"
}  # fmt: skip


class LeftOut(StrEnum):
    """Why somebody who said yes is not on the list."""

    UNSAFE = "unsafe"
    NO_DETAILS = "no_details"
    NOT_KEPT = "not_kept"
    NOT_NOTED = "not_noted"
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class Wanting:
    """Somebody who wants news in this way today, and how they want to be written to. `where`: the address or number, empty where they are
    left out, and then why. `person`: None where it is not noted who said yes."""

    file: ChildFile
    person: PersonShown | None
    wanted: Preferences
    where: str
    left_out: LeftOut | None = None


@dataclass
class Mailing:
    """A list for one mailing: its lines, and how many were left out."""

    lines: list[tuple[str, ...]] = field(default_factory=list)
    left_out: dict[LeftOut, int] = field(default_factory=dict)
    of_others: dict[UUID, int] = field(default_factory=dict)
    """By officer: files that whoever made this list may not open."""


class Agreed(NamedTuple):
    """On how many files somebody has ever said yes to a way: at most so many can be on a list. `others`: those that others make it of."""

    own: int
    others: int


def ever_agreed(session: Session, actor: Actor, channel: Channel, policy: Policy) -> Agreed:
    """On how many files somebody has ever said yes to this way, that this person may open and that they may not."""
    said = select(ConsentEvent.file_id).where(
        ConsentEvent.item_code == f"news:{channel}", ConsentEvent.state == ConsentState.GIVEN
    )
    # Beside whose a file is, the rule asks only whether it was opened with a reason, and whether it is restricted: it is asked once for
    # each officer, and once for each file that was opened so.
    glass = col(ChildFile.id).in_(list(actor.glass))
    one = select(ChildFile.id, ChildFile.officer_id, ChildFile.restricted).where(col(ChildFile.id).in_(said))
    found = [(OfFile(*row), 1) for row in session.exec(one.where(glass))]
    many = select(ChildFile.officer_id, ChildFile.restricted, func.count()).where(col(ChildFile.id).in_(said), ~glass)
    by_officer = many.group_by(col(ChildFile.officer_id), col(ChildFile.restricted))
    found += [
        (OfFile(NO_FILE_IN_PARTICULAR, officer, restricted), number)
        for officer, restricted, number in session.exec(by_officer)
    ]
    own = sum(number for file, number in found if _may_open(actor, file, policy))
    return Agreed(own, sum(number for _, number in found) - own)


def _may_open(actor: Actor, file: Filed, policy: Policy) -> bool:
    """A restricted file counts as open: nobody of it is on any list, and only how many are left out is told."""
    if file.restricted:
        return True
    return isinstance(access.may(actor, Act.OPEN_FILE, about(file), policy.case_notes_seen_by), access.Allowed)


def _may_want(session: Session, channel: Channel) -> list[UUID]:
    """The files on which somebody has ever said yes to this way, each child once, by number."""
    said = select(ConsentEvent.file_id).where(
        ConsentEvent.item_code == f"news:{channel}", ConsentEvent.state == ConsentState.GIVEN
    )
    roots = {merging.root_id(session, file_id) for file_id in session.exec(said.distinct()).all()}
    return [file.id for file in sorted((register.get(session, root) for root in roots), key=lambda each: each.number)]


def _wanting(
    session: Session, actor: Actor, file: ChildFile, channel: Channel, policy: Policy, moment: datetime
) -> Iterator[Wanting]:
    """Everybody on a file who wants news in this way at this moment, each as the gate says. Writes nothing."""
    item, on = f"news:{channel}", moment.astimezone(LONDON).date()
    facts = asking.facts_of(session, file.id, policy, known_at=moment)
    if not gate.may_we(actor, facts, Reader(channel), (NEWS,), Purpose.NEWS, moment).allowed:
        return
    told = known.of_file(session, file.id)
    shut = any(each.restricted for each in merging.files_of(session, file))

    def wants(person: str | None) -> bool:
        theirs = [each for each in facts.answers if each.person == person]
        own = standing(theirs, on, known_at=moment, lapses=gate.lapses_of(facts)).get(item)
        return own is not None and own.state is ConsentState.GIVEN

    for person in (None, *register.people(session, file)):
        if not wants(str(person.id) if person is not None else None):
            continue
        kind = person.kind if person is not None else register.CARER
        if shut:
            yield Wanting(file, person, Preferences(), "", LeftOut.RESTRICTED)
        elif contact_details.may_not_be_kept(session, file, kind, policy, moment) is not None:
            yield Wanting(file, person, Preferences(), "", LeftOut.NOT_KEPT)
        elif person is None:
            yield Wanting(file, None, Preferences(), "", LeftOut.NOT_NOTED)
        else:
            yield _reached(file, person, channel, {who: from_facts(each) for who, each in told.items()})


def _reached(file: ChildFile, person: PersonShown, channel: Channel, told: Mapping[UUID, Preferences]) -> Wanting:
    wanted = told.get(person.id, Preferences())
    where = _where(wanted, channel)
    safe = {who: each.safe_contact for who, each in told.items()}
    if where and refusals(safe, person.id, channel=Way(channel.value), address=where):
        return Wanting(file, person, wanted, "", LeftOut.UNSAFE)
    return Wanting(file, person, wanted, where, None if where else LeftOut.NO_DETAILS)


def _where(wanted: Preferences, channel: Channel) -> str:
    details = wanted.contact or ContactDetails()
    match channel:
        case Channel.EMAIL:
            return details.email.strip()
        case Channel.TELEPHONE:
            return _number(details.telephone)
        case Channel.TEXT:
            number = _number(details.telephone)
            return number if is_mobile(number) else ""
        case Channel.POST:
            return wanted.post_address.strip()


def _number(typed: str) -> str:
    """As it is rung from England, without the sign that a spreadsheet would take for a sum; 00 before the number of another country."""
    bare = "".join(letter for letter in typed if letter.isdigit() or letter == "+")
    if bare.startswith("+44"):
        return f"0{bare.removeprefix('+44').removeprefix('0')}"
    return f"00{bare.removeprefix('+')}" if bare.startswith("+") else bare


def is_mobile(number: str) -> bool:
    """A mobile number of the United Kingdom: a text to a landline reaches nobody (F11). 070 is no mobile."""
    return len(number) == 11 and number.startswith("07") and number[2] not in "06" and number.isascii()


def make(
    db: Database, clock: Clock, actor: Actor, channel: Channel, policy: Policy, *, checked: str, at_once: int = AT_ONCE
) -> Mailing:
    """The list of today. Each line is let out by the gate and stands on its file; who cannot be reached is a task for the file's officer (F9).

    `checked`: what was done about do-not-call lists before ringing (F10), for the record. `at_once`: files in one transaction, each as it is at that
    moment: whoever else writes need not wait for thousands. If it breaks off, the lines entered so far stay on their files.
    """
    made = Mailing()
    with db.reading() as session:
        ids = _may_want(session, channel)
    for start in range(0, len(ids), at_once):
        with db.writing() as session:
            for file_id in ids[start : start + at_once]:
                file = session.get(ChildFile, file_id)
                if file is not None and _is_theirs(session, made, actor, file, policy):
                    _add(session, made, actor, file, channel, policy, clock.now())
    with db.writing() as session:
        _each_their_own(session, made, actor, channel, clock.now())
        trail.append(
            session, actor=str(actor.id), act="news_list_made", subject_kind="account", subject_id=str(actor.id), at=clock.now(),
            detail={"channel": channel.value, "lines": len(made.lines), "left_out": sum(made.left_out.values()),
            "of_others": sum(made.of_others.values()), "checked": checked or "-"},
        )  # fmt: skip
    return made


def _is_theirs(session: Session, made: Mailing, actor: Actor, file: ChildFile, policy: Policy) -> bool:
    """Whether this person may open all files of this child; else it is counted for the officer who makes the list of it."""
    shut = [each for each in merging.files_of(session, file) if not _may_open(actor, each, policy)]
    if shut:
        made.of_others[shut[0].officer_id] = made.of_others.get(shut[0].officer_id, 0) + 1
    return not shut


def _each_their_own(session: Session, made: Mailing, actor: Actor, channel: Channel, at: datetime) -> None:
    """Whoever makes a list has done theirs; a manager's list sets the others to making theirs."""
    let_go(session, by=str(actor.id), at=at, key=f"{OWN_LIST}:{actor.id}:{channel}")
    if actor.role is not Role.MANAGER:
        return
    words = f"News by {CHANNEL_WORDS[channel]} is being sent. Make the list of the files that you may open, under “News and events”."
    for officer in sorted(made.of_others):
        tasks.raise_task(
            session, kind=OWN_LIST, file_id=None, due=at.astimezone(LONDON).date() + timedelta(days=OWN_LIST_DAYS), words=words,
            for_officer=officer, raised_by=str(actor.id), at=at, key=f"{OWN_LIST}:{officer}:{channel}",
        )  # fmt: skip


def _add(
    session: Session, made: Mailing, actor: Actor, file: ChildFile, channel: Channel, policy: Policy, moment: datetime
) -> None:
    for one in list(_wanting(session, actor, file, channel, policy, moment)):
        if one.left_out is not None:
            made.left_out[one.left_out] = made.left_out.get(one.left_out, 0) + 1
            if one.left_out in (LeftOut.NO_DETAILS, LeftOut.NOT_NOTED):
                _ask_for_details(session, one, channel, actor, moment)
        if one.left_out is not None or one.person is None:
            continue
        leave = let_out(
            session, actor, file.id, Reader(channel, str(one.person.id)), (NEWS,), Purpose.NEWS, moment, policy=policy, how="export",
        )  # fmt: skip
        cells = (one.person.name, one.where, one.wanted.language, str(one.wanted.format))
        made.lines.append(line(cells, leave=leave))


@outward
def line(cells: Sequence[str], *, leave: Leave) -> tuple[str, ...]:
    """One line of the list, on one row, with nothing that a spreadsheet would work out."""
    del leave  # asked by `outward`
    return tuple(_cell(" ".join(cell.split())) for cell in cells)


def _cell(text: str) -> str:
    """What a spreadsheet shows as it stands. Signs that a person does not see before a formula are skipped by some, and wide forms read as the
    narrow ones (P14)."""
    seen = "".join(letter for letter in text if letter >= " " and letter != "\x7f")
    begins = unicodedata.normalize("NFKC", "".join(letter for letter in seen if letter.isprintable()).lstrip())
    return f"'{seen}" if begins.startswith(("=", "+", "-", "\N{MINUS SIGN}", "@")) else seen


def _ask_for_details(session: Session, one: Wanting, channel: Channel, actor: Actor, at: datetime) -> UUID:
    wants = f"Somebody wants news by {CHANNEL_WORDS[channel]}, and"
    words = f"{wants} {KEPT_WORDS[channel]} of theirs is kept. Ask for it, or record that they want none."
    if one.person is None:
        words = f"{wants} it is not noted who. Add them under People, with how to reach them, or record that they want none."
    whose = one.person.id if one.person is not None else one.file.id
    return tasks.raise_task(
        session, kind=NEWS_DETAILS, file_id=one.file.id, due=at.astimezone(LONDON).date() + timedelta(days=DAYS), words=words, for_officer=None,
        raised_by=str(actor.id), at=at, key=f"{NEWS_DETAILS}:{whose}:{channel}",
    )  # fmt: skip
