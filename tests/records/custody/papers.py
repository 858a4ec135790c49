"""Papers as they stand when their form was confirmed: item, pages, stored pictures, file. Invented people only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlmodel import Session, select

from records.custody import originals, pictures, waste
from records.custody.facts import BackupRule
from records.custody.originals import Paper
from records.custody.proposal import Proposal, ProposalKind
from records.custody.tables import Original, WasteBatch
from records.db import Database
from records.documents import holdings
from records.documents.envelope import new_key
from records.documents.store import FolderStore
from records.people import register
from records.people.tables import ChildFile, Person
from records.policies.settings import Policy, load
from records.post import inbox
from records.post.tables import Item, Page, Part
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState, Source
from tests.builders import CARER, CHILD

FROM = date(2026, 12, 24)
WASTE = Proposal(ProposalKind.WASTE, FROM, "Confidential waste after the waiting time, from 24 December 2026.", "W47")
CABINET = Proposal(ProposalKind.CABINET, None, "The family asked us to keep it on file.", "N16")
LATER = datetime(2027, 1, 11, 10, tzinfo=UTC)
"""After the waiting time."""
NO_BACKUP = BackupRule()
WESTMINSTER, NORTHAMPTONSHIRE = (load(service, LATER.date()) for service in ("westminster", "northamptonshire"))


@dataclass
class Cabinet:
    """A database and a store with papers in them, and short ways to do things to them."""

    db: Database
    store: FolderStore
    at: datetime = LATER
    people: dict[UUID, UUID] = field(default_factory=dict)

    def log(
        self,
        count: int = 1,
        *,
        proposal: Proposal = WASTE,
        legible: bool = True,
        wish: str = "unknown",
        sheets: int = 2,
    ) -> list[Original]:
        """Papers of one family, each of `sheets` one-sided sheets."""
        made = []
        logged = self.at  # a record that steps back, or is silent for weeks, puts the clock in doubt
        with self.db.writing() as session:
            file = register.open_file(
                session, officer_id=uuid4(), child_name=CHILD, actor="system", at=logged,
                number=inbox.next_number(session, "file"),
            )  # fmt: skip
            self.people[file.id] = register.add_person(
                session, file, kind=register.CARER, name=CARER, actor="system", at=logged
            ).id
            for _ in range(count):
                item, part = self._item(session, file, sheets, logged)
                made.append(
                    originals.log(
                        session, Paper(item.id, part.id, file.id, sheets, wish),
                        number=inbox.next_number(session, "original"), proposal=proposal, policy_version="test",
                        legible=legible, actor="system", at=logged,
                    )
                )  # fmt: skip
        return made

    def _item(self, session: Session, file: ChildFile, sheets: int, at: datetime) -> tuple[Item, Part]:
        key = new_key()
        scan = holdings.put(self.store, key, [b"an invented scan"], "application/octet-stream")
        item = inbox.take_in(
            session, claim_id=uuid4(), key_id=uuid4(), key=key, scan=scan, name="scan.pdf", source=Source.FOLDER,
            actor="system", at=at,
        )  # fmt: skip
        part = Part(
            item_id=item.id, kind=PartKind.FORM, state=PartState.CONFIRMED, file_id=file.id, decided_by="somebody",
            decided_at=at,
        )  # fmt: skip
        session.add(part)
        for number in range(1, sheets + 1):
            picture = holdings.put(self.store, key, [b"an invented picture %d" % number], "image/png")
            holdings.hold(
                session, picture, kind=DocumentKind.PAGE, key_id=item.key_id, at=at, item_id=item.id, part_id=part.id,
                file_id=file.id, page=number,
            )  # fmt: skip
            session.add(
                Page(
                    item_id=item.id, part_id=part.id, number=number, sheet=number, kind="form", picture_id=picture.id,
                    width=2480, height=3508, dpi=300,
                )
            )  # fmt: skip
        item.pages, item.read_at, item.state = sheets, at, ItemState.FILED
        session.add(item)
        session.flush()
        return item, part

    def bag(
        self, papers: Sequence[Original], actor: str = "anna", backups: BackupRule = NO_BACKUP, policy: Policy = WESTMINSTER
    ) -> WasteBatch:  # fmt: skip
        """Puts papers in the open sack; raises what `waste.add` raises."""
        with self.db.reading() as session:
            proofs = pictures.proofs(session, self.store, papers)
        with self.db.writing() as session:
            for paper in papers:
                batch = waste.add(
                    session, session.get_one(Original, paper.id), number=waste_number(session), policy=policy, backups=backups,
                    proof=proofs.get(paper.id), actor=actor, at=self.at,
                )  # fmt: skip
        return batch

    def now(self, paper: Original) -> Original:
        with self.db.reading() as session:
            return session.get_one(Original, paper.id)

    def person(self, paper: Original) -> Person:
        with self.db.reading() as session:
            return session.exec(
                select(Person).where(Person.file_id == paper.file_id, Person.kind == register.CARER)
            ).one()


def waste_number(session: Session) -> int:
    """The next sack's number, used only when one is opened."""
    return 0 if waste.open_now(session) else inbox.next_number(session, "waste_batch")


def cabinet(database: Database, tmp_path: Path, at: datetime = LATER) -> Cabinet:
    (tmp_path / "documents").mkdir(exist_ok=True)
    return Cabinet(database, FolderStore(tmp_path / "documents"), at)
