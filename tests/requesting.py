"""A file with pages to look through, and requests about it. Invented people only."""

import io
from datetime import date
from uuid import UUID

import httpx2 as httpx
from PIL import Image, ImageDraw
from pypdf import PdfReader
from sqlmodel import Session

from intake.wiring import Paperchain
from records.documents import holdings, keyring
from records.people import register
from records.people.birthdates import BirthDate
from records.people.facts import Answer, Evidence, Responsibility
from records.people.known import record
from records.people.tables import ChildFile
from records.requests.beside import Thing
from records.vocabulary import DocumentKind, Role
from tests.builders import CARER, CHILD
from tests.reviewing import Browser

BORN = date(2015, 3, 27)
SECRET = "Jamie Example"


def picture(words: str, *, bilevel: bool = False, size: tuple[int, int] = (620, 877)) -> bytes:
    """A page with words near its top, as the sandbox packs one."""
    paper = Image.new("L", size, 255)
    ImageDraw.Draw(paper).text((60, 90), words, fill=0, font_size=24)
    out = io.BytesIO()
    if bilevel:
        paper.convert("1").save(out, "PNG")
    else:
        paper.save(out, "JPEG", quality=80)
    return out.getvalue()


def a_file(
    chain: Paperchain, officer: UUID, *, number: int = 42, pages: int = 3, born: date = BORN
) -> tuple[UUID, UUID, list[UUID]]:
    """A file with a mother who has parental responsibility, and pages. Returns its id, her id and the pages' ids."""
    with chain.db.writing() as session:
        file = register.open_file(
            session, officer_id=officer, child_name=CHILD, actor=str(officer), at=chain.clock.now(), number=number
        )
        carer = register.add_person(
            session, file, kind="carer", name=CARER, actor=str(officer), at=chain.clock.now(), relationship="mother"
        )
        register.add_birth_date(
            session, file, BirthDate(born, born), part_id=None, actor=str(officer), at=chain.clock.now()
        )
        session.flush()
        record(
            session, file.id, carer.id, Responsibility(Answer.YES, Evidence.BIRTH_CERTIFICATE), true_on=chain.clock.today(),
            actor=str(officer), at=chain.clock.now(),
        )  # fmt: skip
        ids = [add_page(chain, session, file, place, officer) for place in range(1, pages + 1)]
        return file.id, carer.id, ids


def add_page(chain: Paperchain, session: Session, file: ChildFile, place: int, officer: UUID) -> UUID:
    """One more page on a file."""
    key = keyring.open_key(session, file.key_id)
    stored = holdings.put(
        chain.store, key, [picture(f"{SECRET} page {place}", bilevel=place % 2 == 0)],
        "image/png" if place % 2 == 0 else "image/jpeg",
    )  # fmt: skip
    document = holdings.hold(
        session, stored, kind=DocumentKind.PAGE, key_id=file.key_id, at=chain.clock.now(), file_id=file.id, page=place
    )
    session.flush()
    return document.id


def recorded(who: Browser, *, file: str = "PC-0042", **changes: str) -> str:
    """Records a request and returns its address."""
    fields = {
        "kind": "access", "file": file, "requester": "parent", "name": CARER, "route": "post", "received": "19 11 2026",
        "words": "All you hold on my child", **changes,
    }  # fmt: skip
    answer = who.post("/requests/new", fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def words_of(pdf: bytes) -> str:
    """The words of a print, in one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def colleague(chain: Paperchain) -> str:
    """The account of somebody else who may see every file, to check the contents."""
    return str(Browser(chain, Role.MANAGER, "Kim Second").id)


def settle_beside(who: Browser, path: str, **changes: str) -> httpx.Response:
    """Settles what is on no page: all of it goes with the copy, but for `changes`."""
    fields = {f"beside-{thing}": "with_it" for thing in Thing} | {
        name.replace("_", "-", 1): value for name, value in changes.items()
    }
    return who.post(f"{path}/look/beside", {"version": version(who, f"{path}/look"), **fields})


def version(who: Browser, path: str) -> str:
    """The version that a page carries."""
    page = who.get(path)
    assert page.status_code == 200, page.text
    return str(page.text.split('name="version" value="')[1].split('"')[0])


def act(who: Browser, path: str, do: str, **fields: str) -> httpx.Response:
    """Something happened to a request."""
    return who.post(f"{path}/act", {"do": do, "version": version(who, path), **fields})


def step(who: Browser, path: str, name: str, **fields: str) -> httpx.Response:
    """Settles a step, and shows its page first as a person does."""
    return who.post(f"{path}/{name}", {"version": version(who, f"{path}/{name}"), **fields})
