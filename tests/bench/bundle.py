"""How long an access copy takes: `python -m tests.bench.bundle [--pages 300] [--boxes 50]`. Prints figures; asserts nothing.

Pages are A4 at 150 dots per inch with lines of writing; the boxes are spread over as many pages. Goal: 60 s.
"""

import argparse
import io
import resource
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import numpy as np
from PIL import Image, ImageDraw

from intake import bundling
from records.documents import holdings, keyring
from records.people import register as people
from records.requests import pages, register
from records.requests.bundle import Box, Exemption
from records.requests.kinds import Kind, Requester, Route
from records.requests.others import Looked, Steps
from records.requests.register import Asking
from records.vocabulary import DocumentKind
from tests import builders


def picture(number: int) -> bytes:
    """A grey scan with some noise, as the sandbox packs one."""
    rng = np.random.default_rng(number)
    paper = Image.fromarray(rng.integers(225, 256, (1754, 1240), dtype=np.uint8))
    draw = ImageDraw.Draw(paper)
    for line in range(40):
        draw.text(
            (120, 120 + line * 38),
            f"Line {line} of page {number}: invented words about nobody at all",
            fill=20,
            font_size=22,
        )
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=80)
    return out.getvalue()


def main() -> None:
    """Makes a file, a request and its copy, and prints seconds and the core's most memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--boxes", type=int, default=50)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, builders.home(Path(folder) / "home") as chain:
        by, now = uuid4(), chain.clock.now()
        with chain.db.writing() as session:
            file = people.open_file(session, officer_id=by, child_name=builders.CHILD, actor=str(by), at=now, number=42)
            key = keyring.open_key(session, file.key_id)
            for number in range(1, wanted.pages + 1):
                stored = holdings.put(chain.store, key, [picture(number)], "image/jpeg")
                holdings.hold(
                    session, stored, kind=DocumentKind.PAGE, key_id=file.key_id, at=now, file_id=file.id, page=number
                )
            row = register.record(
                session, kind=Kind.ACCESS, route=Route.POST, requester=Requester.PARENT, asking=Asking(builders.CARER),
                received_on=chain.clock.today(), by=str(by), at=now, file=file,
            )  # fmt: skip
            held, said = pages.held(session, row), Looked(steps=Steps.REFUSED, third="Invented")
            for place in range(wanted.boxes):
                box = Box(100, 80 + place % 8 * 100, 500, 40, Exemption.THIRD_REFUSED)
                pages.cover(
                    session,
                    row,
                    held[place * 5 % len(held)].document.id,
                    box,
                    is_manager=False,
                    by=str(by),
                    at=now,
                    looked=said,
                )
            pages.decide_rest(session, row, by=str(by), at=now)
            number = row.number
        start = time.monotonic()
        made = bundling.make_copy(chain, number, actor=str(by))
        seconds = time.monotonic() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{made} pages, {wanted.boxes} covered parts: {seconds:.1f} s, {memory} MB in the core")


if __name__ == "__main__":
    main()
