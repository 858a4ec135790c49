"""Families whose files are due, for tests of keeping and destroying. Invented people only."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, select

from intake import filing, retaining
from intake.filing import Confirmed, NewChild
from intake.wiring import Paperchain
from records.cases import closing
from records.clock import Clock, fixed
from records.custody.tables import Original
from records.documents import keyring
from records.documents.tables import Document
from records.documents.text import index
from records.documents.text.index import Word
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.post.tables import Part
from records.retention import disposal, facts, months
from records.retention.clock_guard import Cap
from records.retention.run import Outcome, Tools, run
from records.vocabulary import DocumentKind
from tests.builders import at
from tests.reviewing import DOUBTFUL, TEMPLATE, WRITTEN, arrived, value_of

OFFICER, ADMIN, MANAGER = str(uuid4()), str(uuid4()), str(uuid4())
LONG_DUE = date(2000, 5, 14)
GENEROUS = Cap(files=1000, percent=100)


def family(
    chain: Paperchain, child: str = "Rowan Canaryone", carer: str = "Morgan Canaryone", *, born: date | None = LONG_DUE,
    paper_gone: bool = True, part: UUID | None = None, with_text: bool = False, closed: bool = True,
) -> UUID:  # fmt: skip
    """A confirmed form on a new file, closed. Returns the file's id."""
    part = part or arrived(chain)[0]
    answers: dict[str, str | None] = {
        field.id: WRITTEN.get(field.id, value_of(field.kind)) for field in TEMPLATE.fields
    }
    answers |= {
        DOUBTFUL: "no", "contact_other_1": "blank", "contact_other_2": "blank", "child_name": child, "parent_name": carer,
    }  # fmt: skip
    with chain.db.reading() as session:
        version = session.get_one(Part, part).version
    done = filing.confirm(
        chain, part,
        Confirmed(
            answers=answers, child=NewChild(child, BirthDate.on(born) if born else None), giver="parent_or_carer",
            signed_on=date(2026, 3, 1), legible=True, actor=UUID(OFFICER), version=version,
        ),
    )  # fmt: skip
    assert done.file_id is not None
    with chain.db.writing() as session:
        if paper_gone:
            paper = session.exec(select(Original).where(Original.file_id == done.file_id)).one()
            paper.state = "returned"
            session.add(paper)
        if closed:
            close_all(session, [done.file_id], chain.clock.now())
        if with_text:
            _text(chain, session, done.file_id, child)
    return done.file_id


def _text(chain: Paperchain, session, file_id: UUID, words: str) -> None:  # type: ignore[no-untyped-def]
    query = select(Document).where(Document.file_id == file_id, Document.kind == DocumentKind.PAGE)
    for page in session.exec(query).all():
        index.begin(session, page.id)
        said = [Word(word, 0, 0, 9, 9, 0) for word in f"{words} asks for a copy of the records".split()]
        index.keep(
            session, page, keyring.open_key(session, page.key_id), said, item_id=page.item_id, today=chain.clock.today(),
            at=chain.clock.now(),
        )  # fmt: skip


def close_all(session: Session, files: Iterable[UUID], at: datetime) -> None:
    """Closes these files, if nobody has: only then are they destroyed."""
    for file_id in files:
        file = register.get(session, file_id)
        if closing.standing(session, file).open:
            closing.close(session, file, "It is over", on=at.date(), actor=OFFICER, at=at)


def number_of(chain: Paperchain, file_id: UUID) -> int:
    with chain.db.reading() as session:
        return session.get_one(ChildFile, file_id).number


def there(chain: Paperchain, file_id: UUID) -> bool:
    with chain.db.reading() as session:
        return session.get(ChildFile, file_id) is not None


def approved(chain: Paperchain, *files: UUID, cap: Cap = GENEROUS) -> int:
    """A list of these files that has gone through all hands. Returns its number."""
    now = chain.clock.now()
    rules = facts.rules(chain.policy_on, chain.clock.today())
    with chain.db.writing() as session:
        months.refresh(session, rules)
        close_all(session, files, now)
        numbers = [session.get_one(ChildFile, file).number for file in files]
        made = disposal.propose(session, numbers, rules=rules, cap=cap, by=ADMIN, at=now)
        disposal.look(session, made.number, version=made.version, by=OFFICER, at=now)
        disposal.approve(session, made.number, len(files), rules=rules, version=made.version, by=MANAGER, at=now)
        return made.number


def days_on(chain: Paperchain, days: float) -> Paperchain:
    """The same home some days later."""
    return at(chain, fixed(chain.clock.now() + timedelta(days=days)))


def clock_at(chain: Paperchain, moment: datetime) -> Paperchain:
    return at(chain, fixed(moment))


def tools(chain: Paperchain, **changes: object) -> Tools:
    return replace(retaining.tools(chain), **{"cap": GENEROUS, **changes})  # type: ignore[arg-type]


def run_over(chain: Paperchain, *, by: str = MANAGER, vouched: bool = False, **changes: object) -> Outcome:
    """One run, 32 days after the approval unless the clock says otherwise."""
    return run(tools(chain, **changes), by=by, vouched=vouched)


__all__ = [
    "ADMIN", "GENEROUS", "LONG_DUE", "MANAGER", "OFFICER", "Clock", "approved", "clock_at", "close_all", "days_on", "family", "number_of",
    "run_over", "there", "tools",
]  # fmt: skip
