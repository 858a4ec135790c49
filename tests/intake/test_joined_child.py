"""F22: files that are joined are one child's, so what was begun in the child's name on either goes on for that child. Invented people only."""

from datetime import date
from uuid import UUID

from sqlmodel import select

from intake.wiring import Paperchain
from records.consents import asking
from records.consents.gate import OnFile, Purpose
from records.custody import originals, returns
from records.custody.originals import Paper
from records.custody.proposal import Wish, propose
from records.custody.returning import Entitlement, PictureWish, Proof
from records.people import merging, register
from records.people.entitlement import Outcome as Entitled
from records.people.entitlement import Understanding, View, values_of
from records.requests import allowed
from records.requests import register as requests
from records.requests.kinds import Kind
from records.requests.tables import RequestRow
from tests.conftest import NOON
from tests.intake.both_services import chain, officer
from tests.lettering import letter
from tests.records.consents.homes import CHILD, OFFICER, open_file
from tests.requesting import recorded, step
from tests.reviewing import Browser, text

__all__ = ["chain", "officer"]  # fixtures, found by their names here

SEVENTEEN = date(2009, 5, 14)


def two_files(chain: Paperchain, officer: Browser) -> tuple[UUID, UUID, UUID]:
    """The ids of the one that will be kept and of the other, and of the child as on the other."""
    with chain.db.writing() as session:
        kept, taken = (open_file(session, NOON, {}, born=SEVENTEEN, officer=officer.id) for _ in range(2))
        return kept.file.id, taken.file.id, taken.child


def join(chain: Paperchain, kept: UUID, taken: UUID) -> None:
    with chain.db.writing() as session:
        both = [register.get(session, each) for each in (kept, taken)]
        merging.merge(session, both[0], both[1], why="The mother said so", by="lee", at=NOON)


def test_a_request_of_the_young_person_stays_theirs_when_files_are_joined(chain: Paperchain, officer: Browser) -> None:
    """R16, R19: the right is nobody else's, and they are no body that is refused."""
    kept, taken, child = two_files(chain, officer)
    path = recorded(officer, file="PC-0002", requester="child", name=CHILD)
    assert step(officer, path, "who", person=str(child), address="", address_again="").status_code == 303
    join(chain, kept, taken)
    with chain.db.reading() as session:
        row = session.exec(select(RequestRow)).one()
        file = register.get(session, row.file_id or taken)
        judged = allowed.judge(
            session, row, file, chain.policy(), chain.clock.today(), Understanding.NOT_NOTED, View.NOT_ASKED
        )
        assert (judged.result.whole.row, judged.result.whole.outcome) == (5, Entitled.RELEASE)
        shown = register.shown_as(session, file, child)
        to = OnFile(str(shown), str(row.id))
        assert asking.ask(session, OFFICER, file.id, to, (), Purpose.ACCESS, NOON, policy=chain.policy()).allowed
    sent = {"understanding": "not_noted", "view": "not_asked", "confirm": "5"}
    assert step(officer, path, "allowed", **sent).status_code == 303
    assert "They may have it" in officer.get(path).text


def test_papers_of_the_young_person_go_back_when_files_are_joined(chain: Paperchain, officer: Browser) -> None:
    """N16, R61: the print names them, and what they say of the pictures becomes a request of theirs."""
    kept, taken, child = two_files(chain, officer)
    _, part = letter(chain)
    with chain.db.writing() as session:
        policy, today = chain.policy(), chain.clock.today()
        paper = originals.log(
            session, Paper(part, part, taken, 1, "keep"), number=1, proposal=propose(policy, wish=Wish.KEEP, confirmed_on=today),
            policy_version="1", legible=True, actor="lee", at=NOON,
        )  # fmt: skip
        back = returns.begin(
            session,
            [paper],
            number=1,
            file_id=taken,
            person_id=child,
            asked_on=today,
            due_on=today,
            actor="lee",
            at=NOON,
        )
        returns.prove(
            session, back, proof=Proof.KNOWN, entitled=Entitlement.GAVE_IT, picture=PictureWish.ERASE, address="",
            values=values_of(policy), actor="lee", at=NOON, version=back.version,
        )  # fmt: skip
        returns.found(session, back, {1}, actor="anna", at=NOON, version=back.version)
        returns.check(session, back, 1, actor="ben", at=NOON, version=back.version)
    join(chain, kept, taken)
    page = text(officer.get("/originals/returns/1"))
    assert CHILD in page
    assert officer.get("/originals/returns/1/papers").headers["content-type"] == "application/pdf"
    version = page.split('name="version" value="')[1].split('"')[0]
    done = officer.post("/originals/returns/1/receive", {"receipt": "R-1", "version": version})
    assert done.status_code == 303, text(done)
    with chain.db.reading() as session:
        row = session.exec(select(RequestRow).where(RequestRow.kind == Kind.ERASURE)).one()
        assert (row.requester, requests.asking(session, row).name) == ("child", CHILD)


def test_whom_something_went_to_is_named_when_files_are_joined(chain: Paperchain, officer: Browser) -> None:
    """R30, P9: nobody reads a dash where the young person's name stood."""
    kept, taken, child = two_files(chain, officer)
    with chain.db.reading() as session:
        other = register.get(session, taken)
        assert register.names(session, other)[child] == CHILD
    join(chain, kept, taken)
    with chain.db.reading() as session:
        file = register.get(session, kept)
        assert register.names(session, file)[child] == CHILD
        assert register.shown_as(session, file, child) == register.people(session, file)[0].id
        carer = register.people(session, file)[1].id
        assert register.shown_as(session, file, carer) == carer
