"""Gathers the facts that `intake/health.py` judges: from the database and this machine's own disc, never from the folders."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePath

from sqlalchemy import func as sql
from sqlalchemy import select as raw_select
from sqlmodel import Session, col, func, select

from intake import health, own_forms
from intake.health import Chain, Facts, Failing, Folder, Machine
from intake.wiring import Paperchain
from records.audit import anchors
from records.audit.chain import Broken, Whole
from records.audit.tables import AuditEntry
from records.backups import register
from records.clock import day_of, time_in_words
from records.folders import looks
from records.folders.looks import Trouble
from records.folders.tables import WatchedFolder
from records.machines import beats
from records.machines.tables import Machine as MachineRow
from records.post import inbox
from records.post.stages import WAITING
from records.post.tables import Item
from records.retention import alarms
from records.retention.clock_guard import Cap
from records.tasks import failures


def gather(
    chain: Paperchain, session: Session, *, must_run: bool = True, checked: Whole | Broken | None = None
) -> Facts:
    """The facts now. `checked`: the chain as it was found a moment ago, else what the running machines told."""
    now = chain.clock.now()
    rows = beats.known(session)
    anchor, backup, settings = anchors.newest(session), register.newest(session), chain.settings.backup
    return Facts(
        now=now, must_run=must_run,
        folders=tuple(_folder(row, now, chain.settings.intake.look_every_seconds) for row in looks.watched(session)),
        machines=tuple(
            Machine(row.node, row.watches, row.works, row.seen_at, row.free_mb, row.protected, row.clock_was) for row in rows
        ),
        unread=inbox.unsettled(session),
        oldest=session.exec(select(func.min(Item.arrived_at)).where(col(Item.state).in_(list(WAITING)))).one(),
        free_mb=shutil.disk_usage(chain.settings.home).free >> 20,
        smallest_free_mb=chain.settings.intake.smallest_free_mb,
        last_entry_at=session.exec(select(AuditEntry.at).order_by(col(AuditEntry.sequence).desc()).limit(1)).first(),
        database_now=None if chain.db.embedded else _database_now(session),
        chain=_told(rows) if checked is None else _found(checked, now),
        anchored_at=anchor.at if anchor else None, not_anchored=anchors.since(session),
        backed_up_at=backup.began_at if backup else None,
        backup_every=timedelta(hours=settings.every_hours) if settings.folder is not None else None,
        keeping=tuple(
            alarms.warnings(session, now, Cap(chain.settings.retention.most_files, chain.settings.retention.most_percent))
        ),
        failing=tuple(Failing(job, day, (day_of(now) - day).days) for job, day in failures.noted(session).items()),
        forms=own_forms.not_used(chain.settings.own_forms, chain.settings.forms_in_use),
    )  # fmt: skip


def trouble_lines(chain: Paperchain, session: Session) -> list[str]:
    """What is wrong, in words for everybody's post page; the folders have lines of their own there, and keeping is the manager's, on Today."""
    found = health.wrong(health.findings(gather(chain, session)))
    return [finding.words for finding in found if finding.check not in (health.Check.FOLDER, health.Check.KEEPING)]


def _database_now(session: Session) -> datetime:
    """The server's own clock, which all machines share."""
    told: datetime = session.connection().execute(raw_select(sql.clock_timestamp())).scalar_one()
    return told


def _folder(row: WatchedFolder, now: datetime, look_every_seconds: float) -> Folder:
    problem = None
    if looks.is_silent(row, now, timedelta(seconds=look_every_seconds)):
        problem = f"Nobody has looked at the scan folder since {time_in_words(row.looked_at, now)}. Start Paperchain again; scanned files wait safely there."
    elif row.trouble is not None:
        problem = looks.in_words(Trouble(row.trouble), time_in_words(row.since, now) if row.since else None)
    return Folder(PurePath(row.path).name, row.looked_at, problem)


def _told(rows: Sequence[MachineRow]) -> Chain | None:
    """A break that anybody found counts; else the newest check."""
    checks = [
        Chain(row.chain_checked_at, row.chain_entries, row.chain_broken_at)
        for row in rows
        if row.chain_checked_at is not None
    ]
    broken = [check for check in checks if check.broken_at is not None]
    return max(broken or checks, key=lambda check: check.checked_at, default=None)


def _found(checked: Whole | Broken, now: datetime) -> Chain:
    if isinstance(checked, Broken):
        return Chain(now, None, checked.sequence)
    return Chain(now, checked.entries)
