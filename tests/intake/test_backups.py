"""P12, P13: a backup made while others write is whole, opens only with the key, and everything begins again from it."""

import contextlib
import json
import os
import random
import secrets
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from intake import anchoring, backing_up, claiming, moving, restoring, retaining
from intake.retaining import LEDGER
from intake.settings import Settings
from intake.wiring import RESTORING, Paperchain, open_paperchain
from records import migrations
from records.audit import anchors, trail
from records.audit.tables import AuditEntry
from records.backups import register
from records.clock import Clock, fixed
from records.db import Database, sqlite_engine
from records.documents import holdings, keyring
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.errors import Damaged, NotSetUp, RefusedByRule
from records.people import register as people
from records.people.tables import ChildFile
from records.post.tables import Item
from records.retention import ledger
from records.staff import accounts, sessions
from records.vocabulary import Role
from tests import builders
from tests.commanding import paperchain
from tests.postgres import Cluster
from tests.retaining import approved, days_on, family, run_over

SCAN = b"%%PDF-1.7 an invented letter %d\n%%%%EOF"


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        for number in range(4):
            take(made, number)
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    """An empty PostgreSQL."""
    name = f"t{secrets.token_hex(6)}"
    postgres.create(name)
    yield postgres.url(name)
    postgres.drop(name)


def take(chain: Paperchain, number: int) -> None:
    path = chain.settings.inbox / f"{number}.pdf"
    path.write_bytes(SCAN % number)
    claiming.take(chain, claiming.claim(chain.settings.inbox, path))


def restored(chain: Paperchain, path: Path, to: Path, **more: object) -> restoring.Restored:
    given = {"key": chain.settings.key_file, "clock": chain.clock} | more
    return restoring.restore(builders.settings(to), path, **given)  # type: ignore[arg-type]  # parts by name


def everything(chain: Paperchain) -> dict[int, bytes]:
    """Each item's scan, opened and compared."""
    with chain.db.reading() as session:
        found = {}
        for item in session.exec(select(Item)).all():
            document = session.get_one(Document, item.scan_id)
            found[item.number] = holdings.fetch(session, chain.store, document)
        return found


def opened(settings: Settings, clock: Clock) -> Iterator[Paperchain]:
    chain = open_paperchain(settings, clock=clock, may_make=False)
    try:
        yield chain
    finally:
        chain.db.close()


def test_everything_begins_again_from_a_backup(chain: Paperchain, folder: Path, tmp_path: Path, clock: Clock) -> None:
    (chain.settings.home / "paperchain.toml").write_text('[service]\nname = "Testwood SENDIASS"\n')
    made = backing_up.make(chain, folder)
    assert (made.documents, made.copied) == (4, 4)
    done = restored(chain, made.path, tmp_path / "new")
    assert (done.documents, done.missing, done.destroyed_again) == (4, 0, 0)
    for new in opened(builders.settings(tmp_path / "new"), clock):
        assert everything(new) == everything(chain)
        with new.db.reading() as session:
            assert trail.check(session).entries == done.entries + 1  # type: ignore[union-attr]  # else it is broken
            assert session.exec(select(AuditEntry.act).order_by(col(AuditEntry.sequence).desc())).first() == "restored"
        take(new, 9)
        assert max(everything(new)) == 5
    assert (tmp_path / "new" / "paperchain.toml").read_text().startswith("[service]")
    assert not list((tmp_path / "new").glob(".restoring*"))
    assert not list(chain.settings.home.glob(".backup-*"))


def test_nobody_is_signed_in_after_a_restore(chain: Paperchain, folder: Path, tmp_path: Path, clock: Clock) -> None:
    with chain.db.writing() as session:
        link = accounts.invite(session, Role.MANAGER, clock)
        account = accounts.accept(
            session, link, sign_in_name="lee", display_name="Lee", password="four invented words here", clock=clock
        )
        token = sessions.begin(session, account, clock)
    restored(chain, backing_up.make(chain, folder).path, tmp_path / "new")
    for new in opened(builders.settings(tmp_path / "new"), clock):
        with new.db.reading() as session:
            assert sessions.find(session, token, clock, timedelta(minutes=15)) is None
            assert accounts.has_manager(session)


def test_a_second_backup_copies_only_what_is_new(chain: Paperchain, folder: Path) -> None:
    backing_up.make(chain, folder)
    take(chain, 7)
    later = builders.at(chain, fixed(chain.clock.now() + timedelta(hours=1)))
    made = backing_up.make(later, folder)
    assert (made.documents, made.copied) == (5, 1)


def test_the_backup_is_known_only_when_it_was_read_back(chain: Paperchain, folder: Path) -> None:
    with chain.db.reading() as session:
        assert not register.covers(session, chain.clock.now() - timedelta(hours=1))
    backing_up.make(chain, folder)
    with chain.db.reading() as session:
        assert register.covers(session, chain.clock.now() - timedelta(hours=1))
        assert not register.covers(session, chain.clock.now() + timedelta(seconds=1))


def test_backups_made_while_others_write_are_each_whole(chain: Paperchain, folder: Path, tmp_path: Path) -> None:
    stop, numbers = threading.Event(), iter(range(100, 10_000))

    def write() -> None:
        while not stop.wait(0.02):
            take(chain, next(numbers))

    writer = threading.Thread(target=write)
    writer.start()
    made = []
    try:
        for hour in range(6):
            made.append(backing_up.make(builders.at(chain, fixed(chain.clock.now() + timedelta(hours=hour))), folder))
    finally:
        stop.set()
        writer.join()
    assert len({each.documents for each in made}) > 1
    for number, each in enumerate(made):
        done = restored(chain, each.path, tmp_path / f"new{number}")
        assert done.documents == each.documents
        for new in opened(builders.settings(tmp_path / f"new{number}"), chain.clock):
            assert len(everything(new)) == each.documents


def test_a_document_sealed_anew_meanwhile_makes_the_copy_be_made_again(
    chain: Paperchain, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, copies = backing_up._copy_database, []

    def copied(live: Paperchain, path: Path) -> None:
        copy(live, path)
        copies.append(path)
        if len(copies) == 1:  # an officer files a document right after the copy was made
            with live.db.writing() as session:
                document = session.exec(select(Document)).first()
                assert document is not None
                old = holdings.reseal(session, live.store, document, *keyring.make(session, live.clock.now()))
            live.store.delete(old)

    monkeypatch.setattr(backing_up, "_copy_database", copied)
    made = backing_up.make(chain, folder)
    assert len(copies) == 2
    restored(chain, made.path, tmp_path / "new")
    for new in opened(builders.settings(tmp_path / "new"), chain.clock):
        assert everything(new) == everything(chain)


def test_a_document_that_the_store_lost_is_told_and_the_backup_does_not_count(chain: Paperchain, folder: Path) -> None:
    name = next(iter(chain.store.names()))
    chain.store.delete(name)
    with pytest.raises(Damaged, match="1 stored documents are missing"):
        backing_up.make(chain, folder)
    with chain.db.reading() as session:
        assert register.newest(session) is None
    assert len(backing_up.known(folder)) == 1


def test_old_backups_go_and_with_them_what_only_they_named(chain: Paperchain, folder: Path) -> None:
    backing_up.make(chain, folder)
    with chain.db.writing() as session:
        document = session.exec(select(Document)).first()
        assert document is not None
        old = holdings.reseal(session, chain.store, document, *keyring.make(session, chain.clock.now()))
    chain.store.delete(old)
    kept = FolderStore(folder / "documents")
    for days, many in ((20, 2), (36, 2)):
        later = builders.at(chain, fixed(chain.clock.now() + timedelta(days=days)))
        backing_up.make(later, folder)
        take(later, 10 + days)  # something happens in between: 35 days of silence put the clock in doubt
        assert len(backing_up.known(folder)) == many
        assert (old in set(kept.names())) == (days == 20)


def test_a_backup_is_never_beside_its_key_or_inside_the_home(chain: Paperchain, tmp_path: Path) -> None:
    with pytest.raises(NotSetUp, match="inside the home"):
        backing_up.make(chain, chain.settings.home / "inbox")
    with pytest.raises(NotSetUp, match="Keep backups and key apart"):
        backing_up.make(chain, chain.settings.key_file.parent)
    with pytest.raises(NotSetUp, match="is not there"):
        backing_up.make(chain, tmp_path / "away")


def test_nothing_readable_lies_in_a_backup(chain: Paperchain, folder: Path) -> None:
    made = backing_up.make(chain, folder)
    for path in folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert b"invented" not in held
            assert b"SQLite format" not in held
            assert chain.settings.key_file.read_bytes().strip() not in held
    assert "made_at" in json.loads(made.path.read_bytes().split(b"\n")[0])


def test_damage_anywhere_is_refused_and_leaves_nothing(chain: Paperchain, folder: Path, tmp_path: Path) -> None:
    good = backing_up.make(chain, folder).path
    whole = good.read_bytes()
    dice = random.Random(13)
    places = [dice.randrange(len(whole)) for _ in range(40)]
    damaged = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in places]
    damaged += [whole[: dice.randrange(len(whole))] for _ in range(20)] + [b"", b"not a backup\n", whole + b"x"]
    for number, content in enumerate(damaged):
        bad = folder / "backup-bad.pcb"
        bad.write_bytes(content)
        with pytest.raises((Damaged, NotSetUp)) as refused:
            restored(chain, bad, tmp_path / "new")
        assert "backup" in refused.value.message, number
        assert not (tmp_path / "new" / "paperchain.db").exists()
        assert next(FolderStore(tmp_path / "new" / "documents").names(), None) is None
    assert restored(chain, good, tmp_path / "new").documents == 4  # the same home takes a good one afterwards


def test_a_document_that_was_changed_in_the_backup_is_found(chain: Paperchain, folder: Path, tmp_path: Path) -> None:
    made = backing_up.make(chain, folder)
    path = next(path for path in (folder / "documents").rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Damaged, match="1 of 4 documents of this backup are damaged"):
        restored(chain, made.path, tmp_path / "new")
    done = restored(chain, made.path, tmp_path / "new", keep_going=True)
    assert (done.documents, done.missing) == (3, 1)


def test_another_master_key_is_refused_and_put_nowhere(chain: Paperchain, folder: Path, tmp_path: Path) -> None:
    made = backing_up.make(chain, folder)
    other = tmp_path / "other.key"
    other.write_text("ab" * 32)
    with pytest.raises(NotSetUp, match="another master key"):
        restored(chain, made.path, tmp_path / "new", key=other)
    assert not (tmp_path / "new" / "keys" / "master.key").exists()
    with pytest.raises(NotSetUp, match="Give the key file that you kept apart"):
        restored(chain, made.path, tmp_path / "new", key=None)


def test_a_backup_of_a_newer_paperchain_is_refused(chain: Paperchain, folder: Path, tmp_path: Path) -> None:
    made = backing_up.make(chain, folder)
    first, rest = made.path.read_bytes().split(b"\n", 1)
    made.path.write_bytes(json.dumps(json.loads(first) | {"version": 2, "more": 1}).encode() + b"\n" + rest)
    with pytest.raises(NotSetUp, match="newer Paperchain"):
        restored(chain, made.path, tmp_path / "new")


def test_nothing_that_lives_is_restored_over(chain: Paperchain, folder: Path) -> None:
    made = backing_up.make(chain, folder)
    before = everything(chain)
    with pytest.raises(RefusedByRule, match="already"):
        restored(chain, made.path, chain.settings.home)
    assert everything(chain) == before


@pytest.mark.parametrize("step", ["_documents", "_checked", "_settle", "_put_own"])
def test_a_restore_that_broke_off_keeps_everybody_out_and_is_given_again(
    chain: Paperchain, folder: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    made = backing_up.make(chain, folder)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restoring, step, killed)
        with pytest.raises(KeyboardInterrupt):
            restored(chain, made.path, tmp_path / "new")
    new = builders.settings(tmp_path / "new")
    with pytest.raises(NotSetUp, match="was not finished"):
        open_paperchain(new, clock=clock)
    assert restored(chain, made.path, tmp_path / "new").documents == 4
    assert not (new.home / RESTORING).exists()
    for again in opened(new, clock):
        assert everything(again) == everything(chain)


def test_what_came_after_the_backup_is_counted_by_an_anchor(chain: Paperchain, folder: Path, tmp_path: Path) -> None:
    made = backing_up.make(chain, folder)
    take(chain, 8)
    later = anchoring.write(chain)
    assert later is not None
    done = restored(chain, made.path, tmp_path / "new", outside=restoring.known_anchors([later]))
    with chain.db.reading() as session:
        assert done.entries + done.entries_since == session.exec(select(func.max(AuditEntry.sequence))).one()


def test_a_record_that_is_not_as_it_was_anchored_is_refused(chain: Paperchain, folder: Path, tmp_path: Path) -> None:
    made = backing_up.make(chain, folder)
    with chain.db.reading() as session:
        anchor = anchors.newest(session)
    assert anchor is not None
    with pytest.raises(Damaged, match="anchors of entry 4 disagree"):
        restored(chain, made.path, tmp_path / "new", outside=[replace(anchor, mac=bytes(32))])


def test_a_backup_of_an_older_version_is_brought_to_the_newest_shape(
    chain: Paperchain, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    copy = backing_up._copy_database

    def as_of_release_5(live: Paperchain, path: Path) -> None:
        copy(live, path)
        database = Database(sqlite_engine(path, live.db.keys), live.db.keys)
        migrations.downgrade(database, "0005")
        database.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backing_up, "_copy_database", as_of_release_5)
        made = backing_up.make(chain, folder)
    restored(chain, made.path, tmp_path / "new")
    for new in opened(builders.settings(tmp_path / "new"), clock):
        assert migrations.is_current(new.db)
        assert everything(new) == everything(chain)


def test_from_postgresql_and_into_it(
    chain: Paperchain, folder: Path, tmp_path: Path, url: str, clock: Clock, postgres: Cluster
) -> None:
    made = backing_up.make(chain, folder)
    there = builders.settings(tmp_path / "there", database_url=url)
    restoring.restore(there, made.path, key=chain.settings.key_file, clock=clock)
    for new in opened(there, clock):
        assert everything(new) == everything(chain)
        take(new, 5)
        (tmp_path / "second").mkdir()
        again = backing_up.make(new, tmp_path / "second")
        kept = everything(new)
    restored(chain, again.path, tmp_path / "back")
    for back in opened(builders.settings(tmp_path / "back"), clock):
        assert everything(back) == kept
    with pytest.raises(RefusedByRule, match="not empty"):
        restoring.restore(
            builders.settings(tmp_path / "other", database_url=url), again.path,
            key=chain.settings.key_file, clock=clock,
        )  # fmt: skip


@pytest.mark.parametrize("when", ["before the rows", "while the rows are copied", "after they are there", "in the end"])
def test_a_restore_into_postgresql_that_was_killed_is_given_again_and_works(
    chain: Paperchain, folder: Path, tmp_path: Path, url: str, clock: Clock, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backing_up.make(chain, folder)
    take(chain, 7)
    other = backing_up.make(chain, folder)
    there = builders.settings(tmp_path / "there", database_url=url)

    def again(path: Path, show: Callable[[str, int, int], None] = lambda *_: None) -> None:
        restoring.restore(there, path, key=chain.settings.key_file, clock=clock, show=show)

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def die_at_last(path: Path, **options: object) -> None:
        if not options:  # of all that a restore removes, its working folder alone goes so: when everything else is done
            die()

    def show(what: str, done: int, of: int) -> None:
        if when == "while the rows are copied" and what == "tables" and done == of:
            die()

    # Where the restore stands at each moment: the process is truly killed there, and what it leaves behind is looked at below.
    moments = {
        "before the rows": (moving, "copy_rows", die),
        "after they are there": (restoring, "_put_own", die),
        "in the end": (restoring.shutil, "rmtree", die_at_last),
    }
    child = os.fork()
    if child == 0:  # a process of its own, which is killed for good at its moment
        with contextlib.suppress(BaseException):
            if when in moments:
                monkeypatch.setattr(*moments[when])
            again(first.path, show)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert (there.home / "restoring").exists()
    with pytest.raises(NotSetUp):
        next(opened(there, clock))  # nobody gets in before it is done
    if when in ("after they are there", "in the end"):
        with pytest.raises(RefusedByRule, match="rows of another backup, whose restore was not finished"):
            again(other.path)
    again(first.path)
    assert not list(there.home.glob(".restoring*"))
    for new in opened(there, clock):
        kept = everything(new)
    restored(chain, first.path, tmp_path / "plain")
    for plain in opened(builders.settings(tmp_path / "plain"), clock):
        assert everything(plain) == kept


def test_the_commands_say_what_they_did(chain: Paperchain, folder: Path, tmp_path: Path) -> None:
    home = chain.settings.home
    refused = paperchain(home, "backup")
    assert refused.returncode == 5
    assert "Say where to" in refused.stderr
    told = paperchain(home, "backup", "--to", folder, "--json")
    assert told.returncode == 0, told.stderr
    path = json.loads(told.stdout)["backup"]
    done = paperchain(tmp_path / "new", "restore", path, "--key", chain.settings.key_file)
    assert done.returncode == 0, done.stderr
    assert "4 documents" in done.stderr
    assert "Everybody must sign in again" in done.stderr
    assert paperchain(tmp_path / "new", "restore", path).returncode == 3
    shutil.rmtree(tmp_path / "new")
    assert paperchain(tmp_path / "new", "restore", tmp_path / "missing.pcb").returncode == 5


def test_the_running_service_makes_them_when_they_are_due(tmp_path: Path, folder: Path, clock: Clock) -> None:
    with builders.home(tmp_path / "home", clock, backup__folder=str(folder)) as chain:
        backing_up.when_due(chain)
        backing_up.when_due(chain)
        assert len(backing_up.known(folder)) == 1
        backing_up.when_due(builders.at(chain, fixed(clock.now() + timedelta(hours=25))))
        assert len(backing_up.known(folder)) == 2


def test_without_the_ledger_of_destruction_nothing_is_restored(chain: Paperchain, folder: Path, tmp_path: Path) -> None:
    made = backing_up.make(chain, folder)
    kept = (folder / LEDGER).rename(tmp_path / "kept.jsonl")
    with pytest.raises(NotSetUp, match="what was destroyed since would come back"):
        restored(chain, made.path, tmp_path / "new")
    assert not (tmp_path / "new" / "paperchain.db").exists()
    assert restored(chain, made.path, tmp_path / "new", ledgers=[kept]).documents == 4


def test_an_anchor_tells_that_a_copy_of_the_ledger_is_an_old_one(folder: Path, tmp_path: Path, clock: Clock) -> None:
    """P12: with the ledger of before, whoever was destroyed since would come back, and nothing beside the backup could tell."""
    with builders.home(tmp_path / "home", clock) as chain:
        gone = family(chain, "Canary Wrenfield", "Carer")
        made = backing_up.make(chain, folder)
        approved(chain, gone)
        later = days_on(chain, 32)
        assert run_over(later).files == 1
        kept = anchoring.write(later)
        assert kept is not None
        [anchor] = outside = restoring.known_anchors([kept])
        assert anchor.destroyed == 1
        for copy in (folder / LEDGER, retaining.ledger_file(chain)):
            copy.write_text("")  # both copies as they were when the backup was made

        with pytest.raises(
            Damaged, match="An anchor knows of 1 destructions, and the newest copy of the ledger tells of 0"
        ):
            restored(chain, made.path, tmp_path / "new", outside=outside)
        assert not (tmp_path / "new" / "paperchain.db").exists()
        retaining.copy_ledger(later, folder / LEDGER)
        with pytest.raises(Damaged, match="tell different stories"):
            restored(chain, made.path, tmp_path / "new", outside=[replace(anchor, ledger="0" * 64)])
        assert restored(chain, made.path, tmp_path / "new", outside=outside).destroyed_again > 0


@pytest.mark.slow
def test_no_destroyed_family_comes_back_from_any_backup_and_the_others_are_whole(
    tmp_path: Path, folder: Path, clock: Clock
) -> None:
    """P12's drill: 50 planted families, 25 destroyed in two runs, every older backup restored."""
    names = [f"Canary{number:02d} Wrenfield" for number in range(50)]
    with builders.home(tmp_path / "home", clock) as chain:
        files = [family(chain, name, f"Carer of {name}", with_text=True) for name in names]
        first, second, staying = files[:13], files[13:25], files[25:]
        made = [backing_up.make(chain, folder).path]
        approved(chain, *first)
        later = days_on(chain, 32)
        assert run_over(later).files == 13
        made.append(backing_up.make(later, folder).path)
        approved(later, *second)
        last = days_on(chain, 66)
        assert run_over(last).files == 12
        backing_up.copy_ledger(last, folder)
        pictures = {file: pages_of(last, file) for file in staying}

        for number, path in enumerate(made):
            new = tmp_path / f"new{number}"
            again = restoring.restore(builders.settings(new), path, key=chain.settings.key_file, clock=last.clock)
            assert again.destroyed_again > 0
            for back in opened(builders.settings(new), last.clock):
                with back.db.reading() as session:
                    assert set(session.exec(select(ChildFile.id))) == set(staying)
                    left = {
                        person.name
                        for file in session.exec(select(ChildFile))
                        for person in people.people(session, file)
                    }
                    kept = {document.blob for document in session.exec(select(Document))}
                assert {name for name in left if name.startswith("Canary")} == set(names[25:])
                assert kept == set(back.store.names())
                assert {file: pages_of(back, file) for file in staying} == pictures
                with back.db.reading() as session:
                    assert [entry.mac for entry in ledger.entries(session)] == [
                        entry.mac for entry in ledger.read((folder / LEDGER).read_text())
                    ]


def pages_of(chain: Paperchain, file: UUID) -> list[bytes]:
    """Every document of a file, opened and compared."""
    with chain.db.reading() as session:
        found = session.exec(select(Document).where(Document.file_id == file).order_by(col(Document.id))).all()
        return [holdings.fetch(session, chain.store, document) for document in found]
