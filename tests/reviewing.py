"""A read consent form as it waits for review, and an officer's browser. Invented people only."""

import html
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2 as httpx
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from forms.catalogue import load_catalogue
from forms.results import FieldReading, FormReading
from forms.template import Kind, Template
from intake.app import make_app
from intake.wiring import Paperchain
from records.documents import holdings
from records.documents.envelope import new_key, seal_json
from records.documents.pack import pack
from records.post import inbox
from records.post.tables import Item, Page, Part
from records.staff import accounts, sessions
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState, Role, Source
from tests.builders import CARER, CHILD

TEMPLATE: Template = load_catalogue().get("westminster-consent", "2023")
READ_BORN = "2011-05-14"
DOUBTFUL = "contact_by_telephone"
WHY_DOUBTFUL = "Both boxes have marks. One looks scribbled out."
CROP = b"\x89PNG crop of "
SCAN = b"an invented scan of " + CHILD.encode()
PICTURE = b"\x89PNG an invented page"
WRITTEN = {"child_name": CHILD, "date_of_birth": READ_BORN, "parent_name": CARER, "signed_on": "2026-03-01"}


class Browser:
    """Somebody signed in, who sends the CSRF token with every form."""

    def __init__(
        self, chain: Paperchain, role: Role = Role.OFFICER, name: str = "Lee", *, in_real_time: bool = False
    ) -> None:
        """`in_real_time`: "Page not found" waits as it does outside tests."""
        self.app = app = make_app(chain)
        desk = app.state.desk
        if not in_real_time:
            desk.missing_takes = timedelta()
        with chain.db.writing() as session:
            link = accounts.invite(session, role, chain.clock)
            account = accounts.accept(
                session, link, sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name=name,
                password="four invented words here", clock=chain.clock,
            )  # fmt: skip
            token = sessions.begin(session, account, chain.clock)
            session.flush()
            found = sessions.find(session, token, chain.clock, desk.idle)
            assert found is not None
            self.csrf, self.id = found.csrf, account.id
        self.client = TestClient(app, base_url="http://localhost", cookies={desk.cookie: token}, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, fields: Mapping[str, object]) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields})

    def open(self, part: UUID) -> str:
        """Opens a form; the version that its page carries."""
        page = self.get(f"/review/{part}")
        assert page.status_code == 200, page.text
        return page.text.split('name="version" value="')[1].split('"')[0]


def value_of(kind: Kind) -> str | None:
    match kind:
        case Kind.YES_NO | Kind.TICK:
            return "yes"
        case Kind.SIGNATURE:
            return "present"
        case _:
            return None


def reading(page: int = 1, *, by_hand: bool = True) -> FormReading:
    """A form on which everything was read, but for one scribbled answer and two boxes without a name."""
    fields = {}
    for field in TEMPLATE.fields:
        value = WRITTEN.get(field.id, value_of(field.kind))
        if field.id.startswith("contact_other"):
            value = None if field.kind is Kind.TEXT else "blank"
        doubt = field.id == DOUBTFUL
        fields[field.id] = FieldReading(
            id=field.id, kind=field.kind, value=None if doubt else value, review=doubt, confidence=0.9,
            reason=WHY_DOUBTFUL if doubt else None, page=page, box=(1, 1, 9, 9), template_page=1,
            crop=(10, 20, 30, 50) if by_hand else None,
        )  # fmt: skip
    return FormReading(TEMPLATE.id, TEMPLATE.edition, (page,), fields)


def arrived(
    chain: Paperchain, forms: int = 1, *, scanned: bytes = SCAN, backs: PartKind | None = None, by_hand: bool = True
) -> list[UUID]:  # fmt: skip
    """An item as it stands when it has been read: one form on each page, under the item's own key.

    A form that was not filled in `by_hand` has no crops. With `backs` each form is followed by a page of this kind on
    the back of its sheet. Returns the forms, then the backs.
    """
    key, key_id, store = new_key(), uuid4(), chain.store
    scan = holdings.put(store, key, [scanned], "application/octet-stream")
    fronts, blanks, step = [], [], 2 if backs else 1
    with chain.db.writing() as session:
        now = chain.clock.now()
        item = inbox.take_in(
            session, claim_id=uuid4(), key_id=key_id, key=key, scan=scan, name=f"{CHILD}.pdf", source=Source.FOLDER,
            actor="system", at=now,
        )  # fmt: skip
        inbox.move(session, item, ItemState.READING, actor="system", at=now)
        for sheet in range(1, forms + 1):
            number = (sheet - 1) * step + 1
            found = reading(number, by_hand=by_hand)
            crops = holdings.put(
                store,
                key,
                [pack({name: CROP + name.encode() for name, read in found.fields.items() if read.crop})],
                "application/octet-stream",
            )
            part = Part(
                item_id=item.id, kind=PartKind.FORM, state=PartState.TO_REVIEW, form=found.form, edition=found.edition,
                evidence_id=crops.id, doubtful=1, read_at=now,
            )  # fmt: skip
            part.sealed_reading = seal_json(key, found.to_json(), part.id.bytes)
            session.add(part)
            holdings.hold(
                session, crops, kind=DocumentKind.EVIDENCE, key_id=key_id, at=now, item_id=item.id, part_id=part.id
            )
            _page(chain, session, part, key, number, sheet, now)
            fronts.append(part.id)
            if backs:
                back = Part(item_id=item.id, kind=backs, state=PartState.NOTHING_TO_DO, read_at=now)
                session.add(back)
                _page(chain, session, back, key, number + 1, sheet, now)
                blanks.append(back.id)
        item.pages, item.read_at = forms * step, now
        session.flush()
        inbox.settle(session, item, actor="system", at=now)
    return fronts + blanks


def _page(
    chain: Paperchain, session: Session, part: Part, key: bytes, number: int, sheet: int, now: datetime
) -> None:  # fmt: skip
    item = session.get_one(Item, part.item_id)
    picture = holdings.put(chain.store, key, [PICTURE], "image/png")
    holdings.hold(
        session, picture, kind=DocumentKind.PAGE, key_id=item.key_id, at=now, item_id=item.id, part_id=part.id,
        page=number,
    )  # fmt: skip
    session.add(
        Page(
            item_id=item.id, part_id=part.id, number=number, sheet=sheet, kind="form", picture_id=picture.id, width=1240,
            height=1754,
        )
    )  # fmt: skip


def answers(version: str, **changes: str | None) -> dict[str, str]:
    """What an officer sends who agrees with the reading, typed what is written and settled the doubt. None leaves out."""
    sent: dict[str, str | None] = {"version": version, "giver": "parent_or_carer", "legible": "yes", DOUBTFUL: "no"}
    for field in TEMPLATE.fields:
        match field.kind:
            case Kind.YES_NO | Kind.TICK | Kind.SIGNATURE if field.id != DOUBTFUL:
                sent[field.id] = "blank" if field.id.startswith("contact_other") else value_of(field.kind)
            case Kind.TEXT:
                sent[field.id] = WRITTEN.get(field.id, "")
            case Kind.DATE:
                sent |= typed(field.id, date.fromisoformat(WRITTEN[field.id]))
    return {name: value for name, value in (sent | changes).items() if value is not None}


def typed(field: str, day: date) -> dict[str, str | None]:
    return {f"{field}-day": str(day.day), f"{field}-month": str(day.month), f"{field}-year": str(day.year)}


def confirm(who: Browser, part: UUID, **changes: str | None) -> httpx.Response:
    return who.post(f"/review/{part}", answers(who.open(part), **changes))


def rows(chain: Paperchain, table: type[SQLModel]) -> list[Any]:
    with chain.db.reading() as session:
        return list(session.exec(select(table)).all())


def state_of(chain: Paperchain, part: UUID) -> PartState:
    with chain.db.reading() as session:
        return PartState(session.get_one(Part, part).state)


def blobs(chain: Paperchain) -> list[Path]:
    return [path for path in chain.settings.documents.rglob("*") if path.is_file()]


def text(answer: httpx.Response) -> str:
    return html.unescape(answer.text)


def errors(answer: httpx.Response) -> list[str]:
    """What the summary at the top asks for, each found again at its field."""
    summary = text(answer).partition('govuk-error-summary__list">')[2].partition("</ul>")[0]
    found = [entry.partition('">')[2].partition("</a>")[0] for entry in summary.split("<li>")[1:]]
    for words in found:
        assert text(answer).count(words) == 2, words
    return found
