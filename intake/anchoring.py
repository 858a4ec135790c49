"""Writing the head of the audit chain down outside the database, each day and after many entries (P9)."""

import logging
import os
import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from intake.wiring import Paperchain
from records.audit import anchors
from records.audit.anchors import Anchor
from records.clock import LONDON
from records.documents.store import sync_folder
from records.errors import Damaged
from records.retention import ledger

log = logging.getLogger("paperchain.anchoring")

AFTER_ENTRIES = 500
LARGEST_FILE = 1 << 20


def when_due(chain: Paperchain) -> None:
    """Anchors when none was made today (in London), or many entries came since; else nothing. Raises OSError."""
    with chain.db.reading() as session:
        last, since = anchors.newest(session), anchors.since(session)
    today = chain.clock.today()
    made_today = last is not None and last.at.astimezone(LONDON).date() == today
    if since >= AFTER_ENTRIES or (since and not made_today):
        write(chain)
    elif last is not None and not _file(chain, last).exists() and chain.clock.now() - last.at < timedelta(days=1):
        _write(chain, last)  # the folder was away, or another machine made the anchor


def write(chain: Paperchain) -> Path | None:
    """Anchors now and writes the file; None while nothing was ever recorded. Raises OSError when the folder cannot be written."""
    with chain.db.writing() as session:
        anchor = anchors.make(session, chain.clock.now())
    return _write(chain, anchor) if anchor else None


def known(folder: Path) -> list[Anchor]:
    """Every anchor in a folder. Raises Damaged for a file there that was changed."""
    found: list[Anchor] = []
    for path in sorted(folder.glob("anchor-*.txt")):
        found += read(path)
    return found


def read(path: Path) -> list[Anchor]:
    """The anchors in a file. Raises Damaged when it has none or cannot be read."""
    try:
        with path.open("rb") as file:
            return anchors.from_text(file.read(LARGEST_FILE).decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Damaged(f"The anchor file {path.name} cannot be read. Give a file that Paperchain wrote.") from None


def with_ledger(chain: Paperchain, anchor: Anchor) -> Anchor:
    """The same with the head of the ledger of destruction as it is now."""
    with chain.db.reading() as session:
        destroyed, mac = ledger.head(session)
    return replace(anchor, destroyed=destroyed, ledger=mac)


def _file(chain: Paperchain, anchor: Anchor) -> Path:
    day = anchor.at.astimezone(LONDON).date()
    return chain.settings.anchors / f"anchor-{day.isoformat()}-{anchor.sequence}.txt"


def _write(chain: Paperchain, anchor: Anchor) -> Path:
    """Whole or not at all: a power cut must not leave half an anchor, which would read as a changed one."""
    anchor = with_ledger(chain, anchor)
    path = _file(chain, anchor)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with temporary.open("x", encoding="utf-8") as out:
            out.write(anchors.in_text(anchor))
            out.flush()
            os.fsync(out.fileno())
        temporary.rename(path)
        sync_folder(path.parent)
        log.info("anchor written entry=%d", anchor.sequence)
    return path
