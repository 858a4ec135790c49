"""P9: a cut tail, a rewritten chain and yesterday's copy are found by what was written down elsewhere; 1,000 tamperings of 1,000."""

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, delete, func, select, update

from records.audit import anchors, export, trail
from records.audit.anchors import Anchor
from records.audit.chain import START, Broken, Whole, Why, link
from records.audit.tables import AuditAnchor, AuditEntry
from records.clock import Clock
from records.db import Database, keys_of
from records.errors import Damaged

LENGTH = 40


def fill(database: Database, clock: Clock, length: int = LENGTH) -> None:
    with database.writing() as session:
        for number in range(length):
            trail.append(
                session, actor="system", act="file_seen", subject_kind="file", subject_id=f"id-{number}",
                at=clock.now() + timedelta(seconds=number), detail={"n": number},
            )  # fmt: skip


def anchored(database: Database, clock: Clock) -> Anchor:
    with database.writing() as session:
        made = anchors.make(session, clock.now())
    assert made is not None
    return made


def test_an_anchor_says_the_newest_entry_and_is_made_once(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        assert anchors.make(session, clock.now()) is None
    fill(database, clock, 3)
    first = anchored(database, clock)
    assert first.sequence == 3
    assert anchored(database, clock) == first
    fill(database, clock, 2)
    with database.reading() as session:
        assert anchors.since(session) == 2
    second = anchored(database, clock)
    assert second.sequence == 5
    with database.reading() as session:
        last = list(export.lines(session))[-1]
    assert last.decode().split("\t")[1].strip() == second.digest.hex()


def test_an_anchor_survives_being_written_down(database: Database, clock: Clock) -> None:
    fill(database, clock, 3)
    made = anchored(database, clock)
    text = anchors.in_text(made).replace("\n", "\r\n")
    assert anchors.from_text(text) == [made]
    with pytest.raises(Damaged, match="no audit anchor"):
        anchors.from_text(text.replace("entry", "item"))


def test_two_anchors_that_disagree_are_named(database: Database, clock: Clock) -> None:
    fill(database, clock, 3)
    made = anchored(database, clock)
    with pytest.raises(Damaged, match="entry 3 disagree"):
        anchors.by_sequence([made, Anchor(3, bytes(32), made.digest, made.at)])
    with database.reading() as session:
        assert trail.check(session, {3: bytes(32)}) == Broken(3, Why.NOT_AS_ANCHORED)


def edit(session: Session, at: int, _: random.Random) -> None:
    session.execute(update(AuditEntry).where(col(AuditEntry.sequence) == at).values(act="file_opened"))


def remove(session: Session, at: int, _: random.Random) -> None:
    session.execute(delete(AuditEntry).where(col(AuditEntry.sequence) == at))


def redate(session: Session, at: int, dice: random.Random) -> None:
    row = session.get_one(AuditEntry, at)
    row.at += timedelta(seconds=dice.choice([-1, 1]) * dice.randint(1, 10**8))
    session.flush()


def repoint(session: Session, at: int, dice: random.Random) -> None:
    session.execute(update(AuditEntry).where(col(AuditEntry.sequence) == at).values(subject_id=f"id-{dice.random()}"))


def swap(session: Session, at: int, _: random.Random) -> None:
    one, other = session.get_one(AuditEntry, at), session.get_one(AuditEntry, at % LENGTH + 1)
    one.subject_id, other.subject_id, one.mac, other.mac = other.subject_id, one.subject_id, other.mac, one.mac
    session.flush()


def insert(session: Session, at: int, dice: random.Random) -> None:
    """One entry put in at the end, with a mac that was guessed."""
    row = session.get_one(AuditEntry, at)
    session.add(AuditEntry(**row.model_dump(exclude={"sequence", "mac"}), sequence=LENGTH + 1, mac=dice.randbytes(32)))
    session.flush()


def trim(session: Session, at: int, _: random.Random) -> None:
    """Yesterday's copy put back is the same: a whole chain that ends earlier."""
    session.execute(delete(AuditEntry).where(col(AuditEntry.sequence) >= at))
    session.execute(delete(AuditAnchor))


def rewrite(session: Session, at: int, _: random.Random) -> None:
    """By somebody who holds the key, and who throws away the anchors beside the database."""
    session.execute(delete(AuditAnchor))
    previous = session.get_one(AuditEntry, at - 1).mac if at > 1 else START
    for row in session.exec(
        select(AuditEntry).where(col(AuditEntry.sequence) >= at).order_by(col(AuditEntry.sequence))
    ):
        row.actor = "another"
        entry = trail.Entry(row.sequence, row.at, row.actor, row.act, row.subject_kind, row.subject_id, row.detail)
        row.mac = previous = link(keys_of(session).audit, previous, entry)
    session.flush()


TAMPERINGS: list[Callable[[Session, int, random.Random], None]] = [
    edit, remove, redate, repoint, swap, insert, trim, rewrite,
]  # fmt: skip


class Undone(Exception):
    """Takes the tampering back."""


def test_of_a_thousand_tamperings_every_one_is_found(database: Database, clock: Clock) -> None:
    fill(database, clock)
    outside = {LENGTH: anchored(database, clock).mac}
    many = 1000 if database.embedded else 160
    dice, missed = random.Random(20261128), []
    for number in range(many):
        how = TAMPERINGS[number % len(TAMPERINGS)]
        at = dice.randint(1, LENGTH)
        with pytest.raises(Undone), database.writing() as session:
            how(session, at, dice)
            session.expire_all()
            if not isinstance(trail.check(session, outside), Broken):
                missed.append((how.__name__, at))
            raise Undone
    assert missed == []
    with database.reading() as session:
        assert isinstance(trail.check(session, outside), Whole)
        assert session.exec(select(func.count()).select_from(AuditEntry)).one() == LENGTH


def checker(tmp_path: Path) -> Path:
    """The program that docs/audit.md prints, as a stranger would copy it."""
    text = (Path(__file__).parents[3] / "docs" / "audit.md").read_text("utf-8")
    path = tmp_path / "check.py"
    path.write_text(text.split("```python\n")[1].split("```")[0], "utf-8")
    return path


def test_a_stranger_verifies_an_export_with_the_description_alone(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    fill(database, clock)
    made = anchored(database, clock)
    with database.reading() as session:
        lines = list(export.lines(session))

    def check(written: list[bytes]) -> tuple[int, str]:
        (tmp_path / "audit.txt").write_bytes(b"".join(written))
        command = [sys.executable, "-I", str(checker(tmp_path)), "audit.txt", str(made.sequence), made.digest.hex()]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    assert check(lines) == (0, f"unbroken: {LENGTH} entries, and entry {LENGTH} is as anchored\n")
    assert check([*lines[:5], lines[5].replace(b"file_seen", b"file_kept"), *lines[6:]]) == (1, "broken at entry 5\n")
    assert check([*lines[:5], *lines[6:]]) == (1, "broken at entry 5\n")
    assert "not the one that was anchored, or is missing" in check(lines[:-1])[1]
