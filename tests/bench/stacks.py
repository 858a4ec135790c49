"""P6: mixed batches through the real stages: `python -m tests.bench.stacks [--batches 40]`. Fails when a page is filed unseen or lost.

Every third batch has a page of a form taken out; every eighth the last pages of two families changed over; another eighth a page
from elsewhere in the place of a family's own. All of a stack goes through one scanner. Names are not recognised here. Counted
are pages filed under a family before any person looked (must be 0), and how many wrongly put together documents say so themselves.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from forms.catalogue import load_catalogue
from forms.reading import read_page
from forms.results import FormReading, PageReading
from intake.sandbox.client import DocumentResult, PageResult
from intake.sandbox.limits import Limits
from intake.stages import Tools, read_item
from intake.wiring import Paperchain
from records.documents import holdings
from records.documents.envelope import new_key
from records.post import batches, inbox, review
from records.vocabulary import PartKind, PartState, Source
from tests.builders import home
from tests.generator.layouts import layouts
from tests.generator.post import a_scan
from tests.generator.samples import Set, a_form

CATALOGUE = load_catalogue()
Family = tuple[int, ...]


class Given:
    """Stands for the sandbox: hands over pages that were read already."""

    def __init__(self, pages: Sequence[PageReading]) -> None:
        self.pages = pages

    def read(self, data: bytes, limits: Limits, on_page: Callable[[PageResult], None]) -> DocumentResult:
        """See DocumentSandbox.read."""
        for page in self.pages:
            on_page(PageResult(page.number, len(self.pages), 9, 9, None, b"picture", "image/png", page, {}))
        return DocumentResult(len(self.pages), None, False)


class NoWriting:
    """Stands for text recognition, which splits nothing."""

    def lines(self, crops: object, dates: object, latest: int) -> dict[str, object]:
        """See OcrSandbox.lines."""
        return {}


def batch(number: int, strangers: Path) -> tuple[list[PageReading], list[Family]]:
    """The pages of a batch as they are read, and which of them are one form of one family."""
    scan = a_scan(Set.PROVE, CATALOGUE, load_catalogue(strangers), number)
    pages = list(zip(scan.pages, scan.recipes, strict=True))
    families: list[list[int]] = [list(form["pages"]) for form in scan.forms]
    long = next((family for family in families if len(family) > 1), None)
    if long is not None and number % 4 == 0:
        like, form = pages[long[-1] - 1][1], scan.forms[families.index(long)]
        template = CATALOGUE.get(str(form["form"]), str(form["edition"]))
        other = a_form(Set.PROVE, CATALOGUE, template, scan.difficulty, 5000 + number, like)
        theirs = list(zip(other.pages, other.recipes, strict=True))
        if number % 8 == 0:  # two families in one stack, whose last pages were changed over
            own = pages[long[-1] - 1]
            pages[long[-1] - 1] = theirs[-1]
            families += [[len(pages) + place for place in range(1, len(theirs))], [long.pop()]]
            pages += [*theirs[:-1], own]
            long.append(len(pages))
        else:  # a page from elsewhere lies in the place of one of its own
            pages[long[-1] - 1] = theirs[-1]
            families.append([long.pop()])
    elif long is not None and number % 3 == 0:
        gone = long.pop()
        del pages[gone - 1]
        families = [[page - (page > gone) for page in family] for family in families]
    read = [
        read_page(picture, recipe.resolution, n, CATALOGUE)[0] for n, (picture, recipe) in enumerate(pages, start=1)
    ]
    return read, [tuple(family) for family in families]


def through(chain: Paperchain, pages: Sequence[PageReading]) -> int:
    """Takes a batch in and reads it by the stage that workers call. Returns its number."""
    key = new_key()
    scan = holdings.put(chain.store, key, [b"%PDF-1.7 ", uuid4().bytes, b"\n%%EOF"], "application/pdf")
    with chain.db.writing() as session:
        number = inbox.take_in(
            session, claim_id=uuid4(), key_id=uuid4(), key=key, scan=scan, name="x.pdf", source=Source.FOLDER,
            actor="system", at=chain.clock.now(),
        ).number  # fmt: skip
    read_item(Tools(chain, Given(pages), NoWriting(), CATALOGUE, Limits(), "here"), number)  # type: ignore[arg-type]  # stand-ins
    return number


def judged(chain: Paperchain, number: int, families: Sequence[Family]) -> Counter[str]:
    """What stands of a batch before anybody looked."""
    found: Counter[str] = Counter()
    with chain.db.reading() as session:
        item = inbox.by_number(session, number)
        for part in inbox.parts_of(session, item):
            pages = tuple(row.number for row in inbox.pages_of(session, item, part))
            found["pages"] += len(pages)
            if part.state in (PartState.CONFIRMED, PartState.FILED) or part.file_id is not None:
                found["filed unseen"] += len(pages)
            if part.kind != PartKind.FORM:
                continue
            found["forms"] += 1
            own = [family for family in families if set(family) & set(pages)]
            notes = FormReading.from_json(review.reading_json(session, part)).notes
            if len(own) == 1 and set(own[0]) == set(pages):
                short = len(pages) < len(CATALOGUE.get(part.form or "", part.edition).pages)
                found["forms short of a page"] += short
                found["right forms of several pages"] += len(pages) > 1
                found["right forms of several pages, asked about"] += len(pages) > 1 and bool(notes)
                found["forms short of a page, flagged"] += short and bool(notes)
                continue
            found["wrong splits"] += 1
            found["wrong splits flagged"] += bool(notes)
            found["families mixed"] += len(own) > 1
            found["families mixed, flagged"] += len(own) > 1 and bool(notes)
    return found


def main() -> int:
    """Prints the counts; 1 when a page was filed unseen or lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stacks", description=__doc__)
    parser.add_argument("--batches", type=int, default=40)
    told = parser.parse_args()
    total: Counter[str] = Counter()
    # The ledger is of one day: a run over midnight fails, and is run again.
    with tempfile.TemporaryDirectory() as made, home(Path(made) / "home") as chain:
        strangers = Path(made) / "strangers"
        layouts(strangers, "stranger-prove", 12, 400)
        for number in range(1, told.batches + 1):
            read, families = batch(number, strangers)
            total += judged(chain, through(chain, read), families)
        with chain.db.reading() as session:
            ledger = batches.of_day(session, chain.clock.today()).sums
    total["lost"] = sum(abs(line.lost) for line in ledger.lines)
    for what in ("pages", "forms", "filed unseen", "lost", "forms short of a page", "forms short of a page, flagged",
                 "right forms of several pages", "right forms of several pages, asked about", "wrong splits",
                 "wrong splits flagged", "families mixed", "families mixed, flagged"):  # fmt: skip
        sys.stdout.write(f"{total[what]:6d} {what}\n")
    whole = ledger.balances and ledger.pages_in == total["pages"] > 0  # a batch that stopped proves nothing
    return 1 if total["filed unseen"] or total["lost"] or not whole else 0


if __name__ == "__main__":
    sys.exit(main())
