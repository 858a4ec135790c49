"""The head of the audit chain, sent away by e-mail on each day on which something was recorded (P9).

Whoever gets it keeps it: nobody at this machine can change it afterwards. The message holds the anchor's lines and nothing about people.
"""

import logging
import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from intake import anchoring
from intake.settings import Audit
from intake.wiring import Paperchain
from records.audit import anchors
from records.audit.anchors import Anchor
from records.clock import LONDON

log = logging.getLogger("paperchain.anchor_mail")

SECONDS = 30.0
_MARK = "anchor-mailed"


def when_due(chain: Paperchain) -> None:
    """Sends the newest anchor when mail is set and it was not sent yet. Raises OSError (as `smtplib` does) when it cannot be sent."""
    if chain.settings.audit.mail_to is None:
        return
    with chain.db.reading() as session:
        last = anchors.newest(session)
    if last is None or _sent(_mark(chain)) >= last.sequence:
        return
    send(chain.settings.audit, anchoring.with_ledger(chain, last))
    _remember(_mark(chain), last.sequence)
    log.info("anchor sent entry=%d", last.sequence)


def message(audit: Audit, anchor: Anchor) -> EmailMessage:
    """The e-mail: the anchor as it is written into a file."""
    made = EmailMessage()
    made["From"], made["To"] = audit.mail_from, audit.mail_to
    made["Subject"] = f"Paperchain audit anchor {anchor.at.astimezone(LONDON).date().isoformat()}"
    made["Date"] = format_datetime(anchor.at)
    made["Message-ID"] = f"<anchor-{anchor.sequence}-{anchor.digest.hex()[:16]}@paperchain.invalid>"
    made.set_content(anchors.in_text(anchor))
    return made


def send(audit: Audit, anchor: Anchor) -> None:
    """Sends one anchor now. Raises OSError; a server whose certificate does not fit is not spoken to."""
    assert audit.mail_host is not None
    context = ssl.create_default_context()
    name = "paperchain"  # what the server is told about this machine, instead of its own name
    if audit.mail_tls == "tls":
        opened: smtplib.SMTP = smtplib.SMTP_SSL(
            audit.mail_host, audit.mail_port, name, timeout=SECONDS, context=context
        )
    else:
        opened = smtplib.SMTP(audit.mail_host, audit.mail_port, name, timeout=SECONDS)
    with opened as server:
        if audit.mail_tls == "starttls":
            server.starttls(context=context)
        if audit.mail_user is not None and audit.mail_password is not None:
            server.login(audit.mail_user, audit.mail_password.get_secret_value())
        server.send_message(message(audit, anchor))


def _mark(chain: Paperchain) -> Path:
    return chain.settings.home / _MARK


def _sent(mark: Path) -> int:
    """The entry that was sent last; 0 when that is not known."""
    try:
        return int(mark.read_text("ascii"))
    except (OSError, ValueError):
        return 0


def _remember(mark: Path, sequence: int) -> None:
    temporary = mark.with_name(f".{mark.name}.{os.getpid()}")
    temporary.write_text(f"{sequence}\n", "ascii")
    temporary.replace(mark)
