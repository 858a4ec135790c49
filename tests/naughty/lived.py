"""A home in which many things stand half-way, so that each route has something to do: papers on their way back and out, requests at each
step, lists of what is due, a joined file, a file that is restricted, post of each kind. Invented people only.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, select, update

from intake import sorting
from intake.sorting import NotForUs
from intake.wiring import Paperchain
from records.cases import referrals
from records.cases.words import Capacity
from records.custody import originals, pictures, returns, waste
from records.custody.facts import BackupRule
from records.custody.moves import Custody
from records.custody.returning import Entitlement, PictureWish, Proof, ReturnState
from records.custody.tables import Original, PaperReturn
from records.custody.waste import Collection
from records.documents import holdings
from records.documents.envelope import new_key
from records.guard import restrictions
from records.people import merging, register
from records.people.entitlement import values_of
from records.people.tables import ChildFile, Person
from records.post import duplicates, inbox
from records.post.duplicates import Why
from records.requests import register as requests
from records.requests.kinds import Closing, Kind, Requester, Route
from records.requests.register import Asking
from records.retention import disposal, facts, months
from records.staff.access import Restriction
from records.vocabulary import Source
from tests.builders import CHILD
from tests.lettering import letter
from tests.naughty.desk import Walk
from tests.naughty.forms import Page
from tests.requesting import BORN, a_file, colleague, recorded, settle_beside, step
from tests.retaining import GENEROUS, family
from tests.reviewing import Browser, arrived, confirm

ANNA, BEN = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
ADDRESS = "1 High Street\nNorthampton\nNN1 1AA"
WAY_BACK = (ReturnState.ASKED, ReturnState.TO_FIND, ReturnState.FOUND, ReturnState.READY, ReturnState.SENT)
LONG_AGO = timedelta(days=500)


def live(walk: Walk) -> None:
    """All of it."""
    chain, (officer, admin, manager) = walk.chain, walk.people
    for at in range(len(WAY_BACK) + 6):
        confirm(officer, arrived(chain)[0], child_name=f"Quill Invented{chr(97 + at)}", file="new")
    _papers_back(chain)
    _papers_out(chain)
    for number in (6, 7, 8):
        for form in Page(admin.get(f"/originals/{number}").text).forms[2:]:  # after search and sign-out
            if form.action.endswith("/move"):
                walk.send(admin, f"/originals/{number}", form, {"cabinet": b"1", "drawer": b"1"})
    admin.post("/originals/stocktakes/begin", {"cabinet": "1", "drawer": "1"})
    admin.post("/originals/cabinets/give", {"cabinet": "1", "account": str(officer.id)})
    _requests(chain, officer, manager)
    _due(chain)
    _post(chain)
    with chain.db.writing() as session:
        files = session.exec(select(ChildFile).order_by(col(ChildFile.number))).all()
        merging.merge(session, files[1], files[2], why="Invented", by=str(officer.id), at=chain.clock.now())
        restrictions.place(
            session, files[3], Restriction.SAFEGUARDING, why="Invented", by=str(officer.id), at=chain.clock.now(), named=[officer.id],
        )  # fmt: skip
    _beside(chain, officer, 1)
    _about_two(officer)
    walk.starts = ["/files/1/contacts", "/files/1/several"]


def _papers_back(chain: Paperchain) -> None:
    at, today = chain.clock.now(), chain.clock.today()
    with chain.db.writing() as session:
        for reached, paper in zip(WAY_BACK, _papers(session), strict=False):
            assert paper.file_id is not None
            carer = session.exec(
                select(Person).where(Person.kind == register.CARER, Person.file_id == paper.file_id)
            ).one()
            row = returns.begin(
                session, [paper], number=inbox.next_number(session, "paper_return"), file_id=paper.file_id, person_id=carer.id,
                asked_on=today, due_on=today, actor=ANNA, at=at,
            )  # fmt: skip
            for each in _steps_back(session, chain, row)[: WAY_BACK.index(reached)]:
                each()


def _steps_back(session: Session, chain: Paperchain, row: PaperReturn) -> list[Callable[[], object]]:
    at = chain.clock.now()
    return [
        lambda: returns.prove(
            session, row, proof=Proof.KNOWN, entitled=Entitlement.GAVE_IT, picture=PictureWish.KEEP, address="1 Invented Road",
            values=values_of(chain.policy()), actor=ANNA, at=at, version=row.version,
        ),
        lambda: returns.found(session, row, {original.number for original, _ in returns.lines(session, row)}, actor=ANNA, at=at, version=row.version),
        lambda: returns.check(session, row, 1, actor=BEN, at=at, version=row.version),
        lambda: returns.send(
            session, row, tracking="TT1", address_checked=True, receipt_due=date(2026, 12, 20), actor=ANNA, at=at, version=row.version,
        ),
    ]  # fmt: skip


def _papers(session: Session) -> list[Original]:
    query = select(Original).where(Original.state == Custody.CHECKED).order_by(col(Original.number))
    return list(session.exec(query))


def _papers_out(chain: Paperchain) -> None:
    """Sacks that are collected, sealed, closed and open, with papers that have waited long enough; one more may go into the last."""
    at = chain.clock.now()
    files = [
        family(chain, f"Rowan Sack{end}", "Morgan Sack", born=BORN, paper_gone=False, closed=False) for end in "abcde"
    ]
    with chain.db.writing() as session:
        session.execute(update(Original).where(col(Original.file_id).in_(files)).values(wait_until=at.date()))
    for steps, file in zip((3, 2, 1, 0), files, strict=False):
        with chain.db.reading() as session:
            paper = session.exec(select(Original).where(Original.file_id == file)).one()
            proofs = pictures.proofs(session, chain.store, [paper])
        with chain.db.writing() as session:
            waste.add(
                session, originals.lock(session, paper.id), number=inbox.next_number(session, "waste_batch"), proof=proofs.get(paper.id),
                policy=chain.policy(), backups=BackupRule(), actor=ANNA, at=at, version=paper.version,
            )  # fmt: skip
            batch = waste.open_now(session)
            assert batch is not None
            if steps >= 1:
                waste.close(
                    session,
                    batch,
                    seal=f"S{steps}",
                    counted=1,
                    least_level=4,
                    policy=chain.policy(),
                    actor=ANNA,
                    at=at,
                    version=batch.version,
                )
            if steps >= 2:
                waste.seal(
                    session,
                    batch,
                    seal=f"S{steps}",
                    counted=1,
                    policy=chain.policy(),
                    actor=BEN,
                    at=at,
                    version=batch.version,
                )
            if steps >= 3:
                waste.collect(
                    session,
                    batch,
                    Collection("Shredding", "P Sample", "CN"),
                    policy=chain.policy(),
                    actor=BEN,
                    at=at,
                    version=batch.version,
                )


def _requests(chain: Paperchain, officer: Browser, manager: Browser) -> None:
    """Requests whose pages are to be looked at, whose copy waits for its word, and is to be sent; one that belongs to no file."""
    for number, far in ((42, 0), (43, 1), (44, 2), (45, 3)):
        _, carer, ids = a_file(chain, officer.id, number=number, pages=2)
        path = recorded(officer, file=f"PC-{number:04d}")
        step(officer, path, "who", person=str(carer), address=ADDRESS, address_again=ADDRESS)
        step(officer, path, "allowed", understanding="yes", view="agrees", confirm="14")
        if far:
            step(officer, path, "what", searched="This file", **{"for": CHILD}, left="Nothing", recipients="The school")
            settle_beside(officer, path)
            _cover(officer, path, ids)
        if far > 1:
            officer.post(f"{path}/look/rest", {"looked": "yes"})
            officer.post(f"{path}/make", {})
        if far > 2:
            step(manager, path, "approve")
    colleague(chain)
    with chain.db.writing() as session:
        at = chain.clock.now() - LONG_AGO
        row = requests.record(
            session, kind=Kind.ACCESS, route=Route.EMAIL, requester=Requester.PARENT, asking=Asking("Quinn Nowhere"), received_on=at.date(),
            by=ANNA, at=at, file=None,
        )  # fmt: skip
        requests.close(session, row, Closing.TAKEN_BACK, hold_months=0, by=ANNA, at=at)


def _cover(officer: Browser, path: str, ids: list[UUID]) -> None:
    box = {"left": "5", "top": "8", "width": "60", "height": "8", "box_code": "third", "box_without": "no", "box_agreed": "no",
           "box_reasonable": "no", "box_third": "An aunt"}  # fmt: skip
    officer.post(f"{path}/look/{ids[0]}/cover", box)


def _due(chain: Paperchain) -> None:
    """Lists of what is due, one as proposed and one that was looked at."""
    files = [family(chain, f"Rowan Due{at}", f"Morgan Due{at}") for at in ("one", "two", "three")]
    rules, at = facts.rules(chain.policy_on, chain.clock.today()), chain.clock.now()
    with chain.db.writing() as session:
        months.refresh(session, rules)
        for place, file in enumerate(files[:2]):
            made = disposal.propose(
                session, [session.get_one(ChildFile, file).number], rules=rules, cap=GENEROUS, by=ANNA, at=at
            )
            if place:
                disposal.look(session, made.number, version=made.version, by=BEN, at=at)


def _post(chain: Paperchain) -> None:
    """Letters to sort, one that stopped, one that is not ours and lies long, and the same form twice."""
    letter(chain)
    number, part = letter(chain)
    sorting.sort_part(chain, number, part, NotForUs(), actor=ANNA, version=1)
    for _ in range(2):
        arrived(chain)
    with chain.db.writing() as session:
        old = inbox.by_number(session, number)
        old.received_on = chain.clock.today() - LONG_AGO
        session.add(old)
        one, two = inbox.by_number(session, number + 1), inbox.by_number(session, number + 2)
        duplicates.offer(session, two, one, Why.SAME_BYTES, 1, chain.clock.now())
        key, key_id = new_key(), uuid4()
        scan = holdings.put(chain.store, key, [b"damaged"], "application/octet-stream")
        stopped = inbox.take_in(
            session, claim_id=uuid4(), key_id=key_id, key=key, scan=scan, name="invented.pdf", source=Source.FOLDER, actor="system",
            at=chain.clock.now(),
        )  # fmt: skip
        inbox.stop(
            session, stopped, code="damaged", reason="It cannot be opened.", stopped_as="invented.pdf", actor="system", at=chain.clock.now(),
        )  # fmt: skip


def _beside(chain: Paperchain, officer: Browser, number: int) -> None:
    """A body that may be told, and what the family asked us to look at there; a contact that is planned with leave, and one without; a
    referral with a note. On the first file, which the walk over the pages meets."""
    page, today = f"/files/{number}", chain.clock.today()
    for kind, name in (("health", "The Invented Clinic"), ("council", "The Invented Council")):
        officer.post(f"{page}/contacts", {"category": kind, "name": name})
    body, other = re.findall(r'id="body-([0-9a-f-]{36})"', officer.get(f"{page}/contacts").text)[:2]
    plan = {
        "purpose": "contact",
        "how": "telephone",
        "when": "plan",
        "on": "2026-11-30",
        "told": "About the hearing test",
    }
    for each in (body, other):
        officer.post(f"{page}/contacts/{each}/contact", plan)
    person = re.findall(r'<option value="([0-9a-f-]{36})"', officer.get(f"{page}/contacts/{body}/look").text)[0]
    on = {"on": str(today.day), "on-month": str(today.month), "on-year": str(today.year)}
    asked = {"whose": person, "asked_by": person, "what": "The hearing test", "how": "telephone"}
    officer.post(f"{page}/contacts/{body}/look", asked | on)
    with chain.db.writing() as session:
        referral = referrals.log_on_file(
            session, register.by_number(session, number), Capacity.PARENT, "A school place", chain.policy(), received_on=today,
            actor=str(officer.id), at=chain.clock.now(),
        ).id  # fmt: skip
    day = {"day": str(today.day), "day-month": str(today.month), "day-year": str(today.year)}
    officer.post(
        f"{page}/notes/{referral}/write", {"kind": "progress", "text": "An invented note.", "act": "save", **day}
    )


def _about_two(officer: Browser) -> None:
    """A paper of the first file is about the child of another too, and that child's part is drawn on it."""
    page = "/files/1/several"
    paper = re.findall(r'name="paper" value="([0-9a-f-]{36})"', officer.get(page).text)[0]
    officer.post(page, {"paper": paper, "other": "PC-0005"})
    one = re.findall(rf'href="({page}/[0-9a-f-]{{36}})"', officer.get(page).text)[0]
    picture = re.findall(rf'href="({one}/[0-9a-f-]{{36}})"', officer.get(one).text)[0]
    officer.post(picture, {"left": "10", "top": "5", "width": "40", "height": "10"})
