"""Does the time tell whether there is a file that one may not see? `.venv/bin/python -m tests.bench.doors [TIMES]`. Prints figures; asserts nothing.

An officer asks for what is not there and, in turn, for what belongs to a colleague's restricted file: its page, a page picture, the
cut-out of an answer, and its number in the search. "Told apart" is how often a guess by time alone, missing or forbidden, is right at the
best border between the two: half of the guesses is no better than a coin, and so much chance alone allows for this many requests.
With the wait that the desk makes before "Page not found", and without it.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

from sqlmodel import Session, col, select

from records.consents.tables import ConsentEvent
from records.documents.tables import Document
from records.guard import restrictions
from records.people import register
from records.people.tables import ChildFile
from records.post import inbox
from records.staff.access import Restriction
from records.vocabulary import DocumentKind
from tests.builders import home
from tests.reviewing import Browser, arrived, confirm

MISSING = 999_999


def main(times: int) -> None:
    with tempfile.TemporaryDirectory() as folder, home(Path(folder) / "home") as chain:
        own = Browser(chain, name="Own")
        confirm(own, arrived(chain)[0])
        with chain.db.writing() as session:
            file = session.exec(select(ChildFile)).one()
            open_file = register.open_file(
                session, officer_id=own.id, child_name="Invented Child", actor=str(own.id), at=chain.clock.now(),
                number=inbox.next_number(session, "file"),
            )  # fmt: skip
            restrictions.place(
                session,
                file,
                Restriction.SAFEGUARDING,
                why="Invented",
                by=str(own.id),
                at=chain.clock.now(),
                named=[own.id],
            )
            picture, answer = _evidence(session, file)
        for waits in (False, True):
            other = Browser(chain, name="Other", in_real_time=waits)
            print("as it is" if waits else "without the wait")
            base, mine = f"/files/{file.number}", f"/files/{open_file.number}"
            for what, forbidden, missing in (
                ("a file's page", base, f"/files/{MISSING}"),
                ("a picture of a page", f"{base}/pages/{picture}", f"/files/{MISSING}/pages/{picture}"),
                ("a picture, no such one", f"{base}/pages/{picture}", f"{mine}/pages/{uuid4()}"),
                ("an answer's cut-out", f"{base}/crops/{answer}", f"/files/{MISSING}/crops/{answer}"),
                ("a cut-out, no such one", f"{base}/crops/{answer}", f"{mine}/crops/{uuid4()}"),
            ):
                compare(what, times, partial(_get, other, missing), partial(_get, other, forbidden))
            compare(
                "its number in the search", times,
                partial(_search, other, MISSING), partial(_search, other, file.number),
            )  # fmt: skip


def _evidence(session: Session, file: ChildFile) -> tuple[object, object]:
    picture = session.exec(
        select(Document.id).where(Document.file_id == file.id, Document.kind == DocumentKind.PAGE)
    ).first()
    answer = session.exec(
        select(ConsentEvent.id).where(ConsentEvent.file_id == file.id, col(ConsentEvent.evidence_id).is_not(None))
    ).first()
    assert picture and answer
    return picture, answer


def _get(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404, path


def _search(browser: Browser, number: int) -> None:
    answer = browser.post("/files/search", {"q": f"PC-{number}"})
    assert answer.status_code == 200


def compare(what: str, times: int, missing: Callable[[], None], forbidden: Callable[[], None]) -> None:
    """In turn, so that whatever else the machine does meets both alike."""
    took: tuple[list[float], list[float]] = ([], [])
    missing(), forbidden()
    for at in range(times):
        for which in (0, 1) if at % 2 else (1, 0):
            began = time.perf_counter()
            (missing, forbidden)[which]()
            took[which].append((time.perf_counter() - began) * 1000)
    chance = 0.5 + 0.5 * 1.36 * (2 / times) ** 0.5  # Kolmogorov and Smirnov, 95 in 100
    print(
        f"  {what:<26} missing median {median(took[0]):6.2f} ms, p95 {_p95(took[0]):6.2f}   "
        f"forbidden median {median(took[1]):6.2f} ms, p95 {_p95(took[1]):6.2f}   "
        f"told apart {told_apart(*took):.0%} (by chance up to {chance:.0%})",
        flush=True,
    )


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def told_apart(missing: list[float], forbidden: list[float]) -> float:
    """The share of right guesses at the best border, either way round: one half and half the greatest distance of the two distributions."""
    most = max(
        abs(
            sum(one <= border for one in missing) / len(missing)
            - sum(one <= border for one in forbidden) / len(forbidden)
        )
        for border in (*missing, *forbidden)
    )
    return 0.5 + most / 2


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
