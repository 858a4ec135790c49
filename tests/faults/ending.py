"""Destroying, backing up and restoring, broken at every call (P1, P12, P13). Invented people only.

What a family had is written beside the home when it is prepared, so that the checks need not believe the program.
"""

import hashlib
import json
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from intake import backing_up, restoring, retaining
from intake.retaining import LEDGER
from intake.wiring import RESTORING, Paperchain, open_paperchain
from records.audit.tables import AuditEntry
from records.backups import archive
from records.backups.tables import BackupMade
from records.clock import fixed
from records.documents.store import FolderStore
from records.documents.tables import Document, WrappedKey
from records.errors import NotSetUp
from records.keys import derive, load_master
from records.people import register
from records.people.tables import ChildFile
from records.retention import disposal, ledger, run, verifying
from records.retention.disposal import LineState, ListState
from records.retention.run import Outcome, Result
from records.retention.tables import DestructionRun, DisposalList, PendingBlob
from tests.builders import settings
from tests.faults.flows import NOON, Flow, erase, open_home, opened, started, swept, whole_store
from tests.faults.harness import tell, told
from tests.retaining import GENEROUS, MANAGER, approved, days_on, family
from tests.reviewing import arrived

KNOWN = "known.json"
GOING, STAYING = ("Rowan Canaryone", "Ash Canarytwo"), ("Robin Canarythree",)


def backups(home: Path) -> Path:
    return home.parent / "backups"


def _families(chain: Paperchain, beside: Path) -> list[UUID]:
    """Three families, two of whom will go; what each has is written down."""
    files = [family(chain, name, f"Morgan {name.split()[1]}", with_text=True) for name in (*GOING, *STAYING)]
    found = []
    with chain.db.reading() as session:
        for name, file in zip((*GOING, *STAYING), files, strict=True):
            rows = session.exec(select(Document).where(Document.file_id == file)).all()
            keys = {str(row.key_id) for row in rows} | {str(session.get_one(ChildFile, file).key_id)}
            found.append(
                {"name": name, "file": str(file), "keys": sorted(keys), "blobs": sorted(row.blob for row in rows)}
            )
    assert all(len(each["blobs"]) > 1 for each in found)
    (beside / KNOWN).write_text(json.dumps(found))
    return files


def _known(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((home.parent / KNOWN).read_text())
    return found


def _families_whole_or_gone(home: Path, chain: Paperchain, session: Session) -> set[str]:
    """Each family is there with everything or gone with everything; the ledger says which. Returns the names of those gone."""
    entries = ledger.entries(session)
    assert ledger.check(chain.db.keys, entries) == len(entries)
    assert verifying.rows_left(session, entries) == 0, "rows of what the ledger says is gone"
    destroyed = [entry.file_id for entry in entries]
    assert len(set(destroyed)) == len(destroyed), "a file is in the ledger twice"
    gone = set()
    for each in _known(home):
        file = session.get(ChildFile, UUID(each["file"]))
        rows = session.exec(select(Document.blob).where(Document.file_id == UUID(each["file"]))).all()
        keys = [key for key in each["keys"] if session.get(WrappedKey, UUID(key)) is not None]
        if each["file"] in destroyed:
            assert each["name"] in GOING, "another family was destroyed"
            assert file is None and not rows and not keys, f"{each['name']} is only half gone"
            gone.add(each["name"])
        else:
            assert file is not None and keys == each["keys"], f"{each['name']} is gone without an entry in the ledger"
            assert sorted(rows) == each["blobs"], f"documents of {each['name']} are gone"
            assert each["name"] in {person.name for person in register.people(session, file)}
    return gone


# --- destroying what was approved


def _two_are_due(home: Path) -> None:
    """A list of two families of three whose days of grace are over, and a backup from before."""
    chain = open_home(home)
    files = _families(chain, home.parent)
    backups(home).mkdir()
    backing_up.make(chain, backups(home))
    approved(chain, *files[: len(GOING)])
    chain.db.close()


def _run(chain: Paperchain) -> Outcome:
    """One run. It searches this home alone: other programs may run on this machine."""
    late = days_on(chain, 32)
    own = [late.settings.home / "documents", late.settings.home / "keys"]
    kept = replace(retaining.tools(late), cap=GENEROUS, search=lambda needles: verifying.bytes_left(own, needles))
    return run.run(kept, by=MANAGER)


def destroy(home: Path) -> None:
    with started(home) as chain:
        outcome = _run(chain)
        assert outcome.result in (Result.DONE, Result.NOTHING), outcome.words
        tell("destroyed")


def destroyed_family_by_family(home: Path) -> bool:
    """Whether the list is done. Each family whole or gone, and what is gone is in the ledger, in the record and on its way off the disc."""
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        gone = _families_whole_or_gone(home, chain, session)
        named, pending = set(session.exec(select(Document.blob))), set(session.exec(select(PendingBlob.name)))
        assert not named & pending, "a document that stays is put down to be deleted"
        assert set(chain.store.names()) <= named | pending, "bytes of a destroyed family that nobody will delete"
        [of] = session.exec(select(DisposalList)).all()
        states = [line.state for line in disposal.lines(session, of)]
        assert states.count(LineState.DESTROYED) == len(gone), "the list tells another number"
        acts = list(session.exec(select(AuditEntry.act)))
        assert acts.count("file_destroyed") == len(gone), "the record tells another number"
        ran, entries = session.exec(select(DestructionRun)).all(), ledger.entries(session)
        assert len(ran) == acts.count("destruction_begun") == (of.state != ListState.APPROVED)
        finished = bool(ran) and ran[0].finished
        assert acts.count("destruction_finished") == finished == (of.state == ListState.DONE)
        if finished:
            assert gone == set(GOING) and ran[0].verified and not pending, "finished before everything was gone"
            assert set(chain.store.names()) == named, "finished, and bytes are left"
        beside = retaining.ledger_file(chain)
        written = ledger.read(beside.read_text("ascii")) if beside.exists() else []
        assert written == entries[: len(written)], "the ledger beside the key is another one"
        assert not told(home) or (finished and written == entries), "told before it was done"
        return finished


def destroyed_in_the_end(home: Path) -> None:
    """The next run goes on. Where it broke off in the middle, an older backup brings nobody back either."""
    in_the_middle = not destroyed_family_by_family(home) and _any_gone(home)
    destroy(home)
    with opened(home) as chain:
        retaining.keep_ledger(chain)
    assert destroyed_family_by_family(home)
    with opened(home) as chain:
        swept(chain)
        assert ledger.read(retaining.ledger_file(chain).read_text("ascii"))
        if in_the_middle:
            [made] = backing_up.known(backups(home))
            restoring.restore(
                settings(home.parent / "again"), made, key=chain.settings.key_file, clock=days_on(chain, 33).clock
            )
    if in_the_middle:
        _nobody_came_back(home, home.parent / "again")


def _any_gone(home: Path) -> bool:
    with opened(home) as chain, chain.db.reading() as session:
        return ledger.count(session) > 0


def _nobody_came_back(home: Path, restored: Path) -> None:
    with opened(restored) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        assert _families_whole_or_gone(home, chain, session) == set(GOING), "a destroyed family came back"
        assert set(chain.store.names()) == set(session.exec(select(Document.blob))), "a blob too many or too few"


# --- making a backup

SECOND, NOW, AFTERWARDS = 20, 40, 60
"""Days after the first backup, which lasts for 35."""


def _two_backups(home: Path) -> None:
    """Two backups, the first of which is past its days and alone names a form that was erased since; and new post."""
    chain = open_home(home)
    for _ in range(2):
        arrived(chain)
    backups(home).mkdir()
    backing_up.make(chain, backups(home))
    chain.db.close()
    erase(home)
    with opened(home) as chain:
        backing_up.make(days_on(chain, SECOND), backups(home))
        arrived(chain)


def back_up(home: Path, days: int = NOW) -> None:
    with started(home) as chain:
        made = backing_up.make(days_on(chain, days), backups(home))
        tell(made.path.name)


def backups_whole(home: Path) -> list[str]:
    """Every backup that is seen opens, with all its documents; what the home believes of its newest one is true."""
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        moments = {_whole(path, chain).moment for path in backing_up.known(backups(home))}
        newest = session.exec(select(BackupMade).order_by(col(BackupMade.began_at).desc())).first()
        assert newest is not None and newest.began_at in moments, "the home believes in a backup that is not there"
        first, second, now = (days_on(chain, days).clock.now() for days in (0, SECOND, NOW))
        assert first in moments or max(moments) >= now, "an old backup went before a new one was there"
        assert second in moments or max(moments) > now
        names = [path.name for path in backing_up.known(backups(home))]
        assert set(told(home)) <= set(names) or max(moments) > now, "told of a backup that is not there"
        assert not told(home) or newest.began_at >= now
        written = ledger.read((backups(home) / LEDGER).read_text("ascii"))
        assert written == ledger.entries(session), "the ledger beside the backups is another one"
        return names


def _whole(path: Path, chain: Paperchain) -> archive.Heading:
    store = FolderStore(path.parent / "documents")
    with tempfile.TemporaryDirectory() as place:
        found = archive.contents(path, chain.db.keys.backup, Path(place) / "paperchain.db")
    for each in found.documents:
        assert hashlib.sha256(store.get(each.name)).hexdigest() == each.sha256, "a document of a backup was changed"
    return found.heading


def backed_up_in_the_end(home: Path) -> None:
    """The next backup is whole, leaves nothing of the broken one, and with the old ones goes what only they named."""
    backups_whole(home)
    back_up(home, AFTERWARDS)
    backups_whole(home)
    folder, keys = backups(home), derive(load_master(settings(home).key_file))
    named = {each.name for path in backing_up.known(folder) for each in archive.listed(path, keys.backup)}
    assert set(FolderStore(folder / "documents").names()) == named, "documents that no backup names"
    assert not [path for path in folder.rglob(".*") if path.name != f".{LEDGER}.new"], "something half-written is left"
    assert not list(home.glob(".backup*")), "a copy of the database is left in the home"
    with opened(home) as chain:
        swept(chain)


# --- beginning again from a backup

OWN = b'[service]\nname = "An invented service"\n' + b"# what the service set itself\n" * 300
KEPT = "kept.key"


def _only_a_backup(home: Path) -> None:
    """Nothing but a backup, its key and the ledger, in which two families are that the backup still has."""
    old = home.parent / "old"
    chain = open_home(old)
    (old / "paperchain.toml").write_bytes(OWN)
    files = _families(chain, home.parent)
    backups(home).mkdir()
    backing_up.make(chain, backups(home))
    approved(chain, *files[: len(GOING)])
    assert _run(chain).files == len(GOING)
    backing_up.copy_ledger(chain, backups(home))
    chain.db.close()
    shutil.copyfile(settings(old).key_file, home.parent / KEPT)
    shutil.rmtree(old)


def begin_again(home: Path) -> None:
    [made] = backing_up.known(backups(home))
    restoring.restore(settings(home), made, key=home.parent / KEPT, clock=fixed(NOON + timedelta(days=40)))
    tell("restored")


def nobody_gets_in_too_early(home: Path) -> bool:
    """Whether the restore is finished: then it is whole. Before, Paperchain does not start on it and nothing lies about unmarked."""
    here, mark = settings(home), (home / RESTORING).exists()
    assert not told(home) or (not mark and here.database_file.exists()), "told before it was done"
    if mark:
        try:
            open_paperchain(here, may_make=False).db.close()
        except NotSetUp:
            return False
        raise AssertionError("Paperchain starts on half a restore")
    if not here.database_file.exists():
        assert not list(FolderStore(here.documents).names()), "documents without a database, and no mark"
        return False
    _nobody_came_back(home, home)
    with opened(home) as chain, chain.db.reading() as session:
        assert list(session.exec(select(AuditEntry.act))).count("restored") == 1
        assert ledger.entries(session) == ledger.read((backups(home) / LEDGER).read_text("ascii"))
    assert (home / "paperchain.toml").read_bytes() == OWN, "the service's own settings are not whole"
    assert load_master(here.key_file) == load_master(home.parent / KEPT)
    return True


def begun_again_in_the_end(home: Path) -> None:
    if not nobody_gets_in_too_early(home):
        begin_again(home)
    assert nobody_gets_in_too_early(home)
    assert not (home / restoring.WORK).exists()
    open_home(home).db.close()
    with opened(home) as chain:
        swept(chain)


ENDING = (
    Flow("destroy", _two_are_due, destroy, destroyed_family_by_family, destroyed_in_the_end),
    Flow("backup", _two_backups, back_up, backups_whole, backed_up_in_the_end),
    Flow("restore", _only_a_backup, begin_again, nobody_gets_in_too_early, begun_again_in_the_end),
)
