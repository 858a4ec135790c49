"""W39: where contact details may not be kept, they are covered on the picture of a form too."""

from pathlib import Path
from uuid import uuid4

from sqlmodel import select

from records.clock import Clock
from records.documents import keyring
from records.documents.envelope import seal_json
from records.documents.tables import Document
from records.people.tables import ChildFile
from records.post import review
from records.post.tables import Part
from records.vocabulary import DocumentKind
from tests.builders import home
from tests.reviewing import PICTURE, Browser, arrived, confirm


def test_how_to_reach_a_family_is_covered_once_nothing_of_it_may_be_kept(tmp_path: Path, clock: Clock) -> None:
    with home(tmp_path / "home", clock) as chain:
        officer = Browser(chain)
        confirm(officer, arrived(chain)[0])
        with chain.db.writing() as session:
            part, file = session.exec(select(Part)).one(), session.exec(select(ChildFile)).one()
            reading = review.reading_json(session, part)
            reading["fields"]["telephone"] = reading["fields"]["parent_name"] | {
                "id": "telephone",
                "crop": [10, 200, 310, 240],
            }
            part.sealed_reading = seal_json(keyring.open_key(session, file.key_id), reading, part.id.bytes)
            page = session.exec(select(Document).where(Document.kind == DocumentKind.PAGE)).one().id
        assert officer.get(f"/files/1/pages/{page}").content == PICTURE

        day = chain.clock.today()
        sent = {
            "who": "somebody_else",
            "how": "telephone",
            "day": day.day,
            "month": day.month,
            "year": day.year,
            "key": uuid4(),
            "answer-store": "no",
        }
        assert officer.post("/files/1/change", sent).status_code == 303
        covered = officer.get(f"/files/1/pages/{page}")
        assert covered.headers["content-type"].startswith("image/svg+xml")
        assert covered.text.count("<rect ") == 1
        assert '<rect x="10" y="200" width="300" height="40"/>' in covered.text
