"""The keeping of files put together with this installation: what a run needs, and what happens each day by itself.

The rules and the destroyer are in `records.retention`; shared scans are divided in the sandbox, so that is done here.
"""

import logging
import tempfile
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, select

from intake import erasing, several
from intake.dispatch.worker import limits_from
from intake.wiring import Paperchain
from records import tasks
from records.audit import trail
from records.cases import closing
from records.cases import daily as cases_daily
from records.documents.areas import Area
from records.documents.tables import Document
from records.errors import Damaged
from records.holds import register as holds
from records.people.tables import ChildFile
from records.policies.periods import add_months
from records.post.tables import Item, Part
from records.retention import disposal, facts, ledger, months, referral_scan, run, the_clock, verifying
from records.retention import several as shared
from records.retention.clock_guard import Cap
from records.retention.ledger import Entry
from records.retention.run import Outcome, Tools
from records.retention.tables import PendingBlob
from records.tasks.register import last_raised

log = logging.getLogger("paperchain.retaining")

DAY_SECONDS = 86400.0
MOST_LEFT = 50
UNDATED = "undated_files"
LEDGER = "destroyed.jsonl"
"""Beside the key, apart from the data: a backup of the data alone cannot bring back what was destroyed since."""


def tools(chain: Paperchain) -> Tools:
    """What a run over this installation works with."""
    settings = chain.settings
    limits = limits_from(settings)

    def without(session: Session, item: Item, gone: frozenset[UUID], keep: Collection[int] = ()) -> list[str]:
        if keep:
            erasing.to_sort(chain, session, item, keep, limits)
        return erasing.without(chain, session, item, gone, limits)

    def covers(session: Session, item_id: UUID, areas: Mapping[UUID, Sequence[Area]]) -> list[str]:
        return several.again(chain, session, item_id, areas)

    return Tools(
        db=chain.db, store=chain.store, clock=chain.clock, policy_on=chain.policy_on,
        cap=Cap(settings.retention.most_files, settings.retention.most_percent), without=without, along=_along,
        covers=covers,
        search=lambda needles: search(chain, needles), ledger_file=ledger_file(chain),
    )  # fmt: skip


def ledger_file(chain: Paperchain) -> Path:
    return chain.settings.key_file.parent / LEDGER


def _along(session: Session, item: Item, parts: frozenset[UUID]) -> set[UUID]:
    """Blank backs and the like that go with the forms of a family (R28's rule, the same for every erasure)."""
    mine = session.exec(select(Part).where(col(Part.id).in_(parts), Part.item_id == item.id)).all()
    return {each.id for part in mine for each in erasing.along_with(session, item, part)}


def search(chain: Paperchain, needles: Sequence[str]) -> int:
    """Files of this installation that hold one of these names: the home, and what the program may have left in temporary folders.

    The watched folder holds post that has not been taken in, which may name anybody.
    """
    settings = chain.settings
    own = [path for path in settings.home.iterdir() if path not in (settings.inbox, settings.stopped)]
    folders = [path for path in own if path.is_dir()]
    loose = Path(tempfile.gettempdir()).glob("paperchain*")
    found = verifying.bytes_left([*folders, *(path for path in loose if path.is_dir())], needles)
    return found + verifying.bytes_in([path for path in own if path.is_file()], needles)


def daily(chain: Paperchain) -> None:
    """Each day: lifts holds that have ended, counts the dates anew, and runs what is due this month, if the settings let it."""
    today, now = chain.clock.today(), chain.clock.now()
    lift_ended(chain)
    run.finish_blobs(chain.db, chain.store)  # of an erasure that was killed before its bytes had gone
    keep_ledger(
        chain
    )  # whenever this is asked: what was erased today would come back with a home that is put back today (P12)
    with chain.db.reading() as session:
        turn = run.last_turn(session)
    if turn is not None and timedelta(0) <= now - turn < timedelta(hours=20):
        return
    sweep(chain)
    verifying.compact(chain.db)  # also after an erasure that somebody else's reading outlasted
    with chain.db.writing() as session:
        months.refresh(session, facts.rules(chain.policy_on, today), everything=True)
    if not clock_doubted(chain):
        call_for_open(chain)
        _call_for_undated(chain)
        with chain.db.writing() as session:
            shared.call_for(session, facts.rules(chain.policy_on, today), today=today, at=now)
    if chain.settings.retention.run_by_itself:
        run.run(tools(chain), by=trail.SYSTEM)
    else:
        with chain.db.writing() as session:
            run.looked(session, now)


def call_for_open(chain: Paperchain) -> int:
    """Asks the officer of each file that is due and open to close it, or to have it kept: else nobody would see it again (R36)."""
    rules, today, start, found = facts.rules(chain.policy_on, chain.clock.today()), chain.clock.today(), 0, 0
    while True:
        with chain.db.reading() as session:
            rows, total = disposal.candidates(session, rules, today, start=start)
        ids = [row.facts.file_id for row in rows if row.situation.open_by is not None]
        if ids:
            with chain.db.writing() as session:
                for file in session.exec(select(ChildFile).where(col(ChildFile.id).in_(ids))).all():
                    closing.call_for(session, file, today=today, at=chain.clock.now())
        found, start = found + len(ids), start + disposal.MOST_SHOWN
        if start >= total:
            return found


def _call_for_undated(chain: Paperchain) -> None:
    """Asks managers every so many months to look at the files without a date: by rule they are never destroyed (R37)."""
    policy, today = chain.policy(), chain.clock.today()
    with chain.db.writing() as session:
        count = months.count_undated(session)
        if not count or policy.retention.age is None:
            return
        last = last_raised(session, UNDATED)
        if last is None or add_months(last, policy.periods.unknown_birth_date_review_months) <= today:
            tasks.raise_task(
                session, kind=UNDATED, file_id=None, due=today, for_officer=None, raised_by=trail.SYSTEM, at=chain.clock.now(),
                words="Look at the files without a date on Retention: find out the date of birth, or set a date with a reason",
                key=f"{UNDATED}:{today}",
            )  # fmt: skip


def sweep(chain: Paperchain, older_than: float = DAY_SECONDS) -> int:
    """Deletes stored documents that no row names, as a process leaves behind that is killed between the two (R28, R48). Returns how many.

    Only what is older than a day, so that nobody can still be about to write its row, and nothing while the clock is in doubt. Where
    there are many, it is rather the database that was put back from an older copy: they are kept, and logged, until somebody has looked.
    """
    if older_than > 0 and clock_doubted(chain):
        return 0
    old = chain.store.older_than(older_than)
    with chain.db.reading() as session:
        named = set(session.exec(select(Document.blob))) | set(session.exec(select(PendingBlob.name)))
    left = [name for name in old if name not in named]
    if len(left) > max(MOST_LEFT, len(named) // 100):
        log.error("many stored documents have no row, so none was swept count=%d", len(left))
        return 0
    for name in left:
        chain.store.delete(name)
    if left:
        log.warning("stored documents without a row were swept count=%d", len(left))
    return len(left)


def keep_ledger(chain: Paperchain) -> None:
    """Writes the ledger beside the key when it has grown: erasures between two runs stand in it too."""
    copy_ledger(chain, ledger_file(chain))


def keep_ledger_soon(chain: Paperchain) -> None:
    """The same for whoever has just erased and can do nothing about a place that cannot be written now: each day's work tries it again every
    quarter of an hour, and Health tells when it fails."""
    try:
        keep_ledger(chain)
    except (Damaged, OSError) as error:
        log.warning("the ledger beside the key waits to be written kind=%s", type(error).__name__)


def copy_ledger(chain: Paperchain, path: Path) -> None:
    """Writes the ledger there when it has grown. If the copy there knows of more, that is destroyed again first (P12)."""
    with chain.db.reading() as session:
        found = ledger.entries(session)
    if (found or path.parent != chain.settings.key_file.parent) and not ledger.keep(path, found):
        catch_up(chain)
        with chain.db.reading() as session:
            ledger.keep(path, ledger.entries(session))


def catch_up(chain: Paperchain) -> int:
    """Destroys again what a copy of the ledger, beside the key or the backups, says was destroyed and the database does not know.

    So it is where the machine or the home was put back from a copy of its own, without `paperchain restore`: whoever was erased since
    would be there again (R49, P12). Called when Paperchain opens, before anybody can sign in. Returns how many copies knew of more.
    A copy that cannot be reached, or does not fit our key, says nothing; it is left as it is, and logged.
    """
    folder, more = chain.settings.backup.folder, 0
    for path in (ledger_file(chain), *([folder / LEDGER] if folder is not None else ())):
        try:
            # The copy is read before the database: it is written after it, so another process cannot make it seem to know more.
            copy = ledger.read(path.read_text("ascii")) if path.is_file() else []
            with chain.db.reading() as session:
                if not ledger.lacks(ledger.entries(session), copy):
                    continue
            _replay(chain, copy)
        except (Damaged, OSError, UnicodeDecodeError):
            log.error("a copy of the ledger of destruction cannot be read or does not fit")
            continue
        more += 1
    return more


def _replay(chain: Paperchain, copy: Sequence[Entry]) -> None:
    with chain.db.writing() as session:
        again = ledger.replay(session, chain.store, copy, without=tools(chain).without, covers=tools(chain).covers)
        trail.append(
            session, actor=trail.SYSTEM, act="destroyed_again", subject_kind="ledger", subject_id="-", at=chain.clock.now(),
            detail={"files": again.files, "items": again.items, "forms": again.parts},
        )  # fmt: skip
    chain.db.scrub()
    log.warning("the home was older than its ledger: destroyed again files=%d items=%d", again.files, again.items)


def by_hand(chain: Paperchain, *, vouched: bool) -> Outcome:
    """A run that a person starts on the machine."""
    if vouched:
        with chain.db.writing() as session:
            the_clock.vouch(session, by="machine", at=chain.clock.now())
    lift_ended(chain)
    return run.run(tools(chain), by="machine")


def lift_ended(chain: Paperchain) -> None:
    """Lifts holds whose last day has passed, unless the clock is in doubt: what is lifted is lifted for good (P11, R45)."""
    if not clock_doubted(chain):
        with chain.db.writing() as session:
            holds.lift_ended(session, today=chain.clock.today(), at=chain.clock.now())


def clock_doubted(chain: Paperchain) -> bool:
    """Whether the record speaks against the clock: then nothing ends by its date (P11)."""
    with chain.db.reading() as session:
        return the_clock.clock_doubt(session, chain.clock.now()) is not None


def tidy_cases(chain: Paperchain) -> None:
    """Erases referrals and drafts whose days are over, unless the clock is in doubt (N3, P11)."""
    if not clock_doubted(chain):
        gone = cases_daily.tidy(
            chain.db, chain.clock,
            lambda session: referral_scan.erase_due(
                session, policy_version=chain.policy().version, today=chain.clock.today(), at=chain.clock.now()
            ),
        )  # fmt: skip
        run.finish_blobs(chain.db, chain.store)
        if gone:
            keep_ledger(chain)
            verifying.compact(chain.db)
