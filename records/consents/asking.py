"""Asking the gate about a file as it is kept: loads what is known and lets `gate` decide. Every way out begins here (G1)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.clock import LONDON
from records.consents import bodies, gate, ledger, look_periods
from records.consents.gate import Decision, FileFacts, PersonFacts, Purpose, Recipient
from records.consents.givers import own_word_from
from records.consents.items import OTHERS, Category
from records.consents.tables import ConsentEvent, NamedBody
from records.documents.tables import Document
from records.guard import marks
from records.people import known, merging, refusals, register
from records.people.birthdates import across
from records.people.entitlement import GivenByChild
from records.people.facts import FactKind, newest
from records.people.matching import words_of
from records.people.namesakes import with_namesakes
from records.people.preferences import from_facts
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.staff.access import Actor

__all__ = ["Decision", "Purpose", "ask", "facts_of"]


def ask(
    session: Session,
    actor: Actor,
    file_id: UUID,
    recipient: Recipient,
    items: Collection[str],
    purpose: Purpose,
    moment: datetime,
    *,
    policy: Policy,
) -> Decision:
    """May `items` (ids of what would go out) go to `recipient`? Writes nothing. NotFound for a file that is not there."""
    facts = facts_of(session, file_id, policy, known_at=moment)
    return gate.may_we(actor, facts, recipient, items, purpose, moment)


def facts_of(session: Session, file_id: UUID, policy: Policy, *, known_at: datetime | None = None) -> FileFacts:
    """All that the gate needs to know of a file, as plain data. `known_at`: what the young person said of their own documents, and what
    we were asked to look at, by then (None: by now); each answer carries its own days."""
    file, held = register.with_key(session, file_id)  # held on to: else each reader below would fetch it anew
    ids = merging.ids_of(session, file_id)
    people = register.people(session, file, ended=True)
    told = known.of_file(session, file_id)
    safe = {who: from_facts(each).safe_contact for who, each in told.items()}
    refused = refusals.refused(
        told,
        [each.id for each in people if each.kind == register.CHILD],
        [each.id for each in people if each.kind != register.CHILD],
    )
    refused = with_namesakes(refused, people, told)
    not_told = {id for each in safe.values() if each for id in each.do_not_tell}
    unsafe = [
        one
        for one in (each.id for each in people)
        if str(one) in not_told or ((own := safe.get(one)) and own.do_not_contact)
    ]
    unsafe_too = with_namesakes(unsafe, people, told)
    then = known_at.astimezone(LONDON).date() if known_at is not None else None
    gone = {who for who, each in told.items() if newest(each, FactKind.ENDED, on=then, known_at=known_at) is not None}
    there = {each.id for each in people} - gone
    # Who is on the file twice and was tidied away once still speaks.
    silent = {who for who in gone if not with_namesakes([who], people, told) & there}
    rows = session.exec(select(NamedBody).where(col(NamedBody.file_id).in_(ids))).all()
    not_meant = _not_meant(session, file, ids, rows)
    ended = _ended(session, file, ids, rows)
    looks = look_periods.of_bodies(session, rows, known_at)
    said = {part: given for one in ids for part, given in marks.of_file(session, one, known_at=known_at).items()}
    facts = FileFacts(
        answers=ledger.answers_of(session, file_id, people),
        policy=policy,
        bodies=[
            gate.NamedBody(
                str(body.id),
                Category(body.category),
                body.since,
                ended.get(body.id),
                looks.get(body.id, ()),
                not_meant.get(body.id, frozenset()),
            )
            for body in rows
        ],
        people=[
            PersonFacts(
                str(person.id),
                person.kind == register.CHILD,
                person.relationship,
                person.parental_responsibility,
                refused=person.id in refused,
                unsafe=person.id in unsafe_too,
                ended=person.id in gone,
                silent=person.id in silent,
            )
            for person in people
        ],
        own_word=own_word_from(across(register.birth_dates(session, file))),
        withheld=_with_pages(session, said, GivenByChild.REFUSES),
        not_asked=_with_pages(session, said, GivenByChild.NOT_ASKED),
    )
    del held
    return facts


def _ended(session: Session, file: ChildFile, ids: Sequence[UUID], rows: Sequence[NamedBody]) -> dict[UUID, date]:
    """From when the family does not want a body (F13). A joined file may name the same one: their no to it counts there too, unless it was
    named there on a later day."""
    found = {row.id: row.ended_on for row in rows if row.ended_on is not None}
    if not found or len(ids) == 1:
        return found
    of = {row.id: row.file_id for row in rows}
    named = {each.id: (each.category, words_of(each.name)) for each in bodies.of_file(session, file)}
    return found | {
        row.id: min(days)
        for row in rows
        if row.id not in found
        and (
            days := [
                on
                for other, on in found.items()
                if of[other] != row.file_id and named[other] == named[row.id] and on >= row.since
            ]
        )
    }


def _not_meant(
    session: Session, file: ChildFile, ids: Sequence[UUID], rows: Sequence[NamedBody]
) -> dict[UUID, frozenset[str]]:
    """By body under an "Other" box: the answers in which the family wrote a name whose words are not all in this body's (F20)."""
    if not any(row.category in OTHERS for row in rows):
        return {}
    named = select(ConsentEvent).where(col(ConsentEvent.file_id).in_(ids), col(ConsentEvent.sealed_detail).is_not(None))
    written = {
        str(event.id): set(words_of(ledger.named(session, file, event) or "")) for event in session.exec(named).all()
    }
    return {
        body.id: frozenset(event for event, words in written.items() if not words <= set(words_of(body.name)))
        for body in bodies.of_file(session, file)
        if body.category in OTHERS
    }


def _with_pages(session: Session, said: Mapping[UUID, GivenByChild], wanted: GivenByChild) -> frozenset[str]:
    """What the young person gave and says this of: its parts, and every document made from them (W29)."""
    parts = [part for part, given in said.items() if given is wanted]
    if not parts:
        return frozenset()
    pages = session.exec(select(Document.id).where(col(Document.part_id).in_(parts))).all()
    return frozenset(map(str, (*parts, *pages)))
