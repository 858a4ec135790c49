"""The page for news: a manager makes a list for one mailing, and learns when there is nobody to send it to."""

from pathlib import Path

from sqlmodel import select

from records.clock import Clock
from records.consents.standing import ConsentState
from records.people import known, register
from records.people.facts import ContactDetails
from records.people.tables import ChildFile
from records.vocabulary import Role
from tests.builders import CARER, home
from tests.records.consents.homes import CARER as FAMILY
from tests.records.consents.homes import open_file
from tests.reviewing import Browser, arrived, confirm, errors, text


def test_a_manager_makes_a_list_of_those_who_agreed(tmp_path: Path, clock: Clock) -> None:
    with home(tmp_path / "home", clock) as chain:
        officer, manager = Browser(chain), Browser(chain, Role.MANAGER, "Kim")
        confirm(officer, arrived(chain)[0])
        admin = Browser(chain, Role.ADMIN, "Ash")
        assert admin.get("/news").status_code == admin.post("/news", {"channel": "email"}).status_code == 404
        assert "Email: somebody has said yes on 1 file<" in text(manager.get("/news"))
        assert errors(manager.post("/news", {"channel": "pigeon"})) == ["Choose how the news is sent"]
        assert errors(manager.post("/news", {"channel": "telephone"})) == [
            "Say whether the numbers were checked against the do-not-call list"
        ]
        assert "Nobody can be sent news by email today." in text(manager.post("/news", {"channel": "email"}))
        assert "no email address of theirs is kept" in text(officer.get("/tasks"))

        with chain.db.writing() as session:
            file = session.exec(select(ChildFile)).one()
            carer = next(one for one in register.people(session, file) if one.name == CARER)
            details = ContactDetails("", "morgan@example.org", "")
            known.record(
                session, file.id, carer.id, details, true_on=chain.clock.today(), actor="lee", at=chain.clock.now()
            )
        made = manager.post("/news", {"channel": "email"})
        assert made.headers["content-disposition"] == f'attachment; filename="news-email-{chain.clock.today()}.csv"'
        assert made.content.decode("utf-8-sig").splitlines() == [
            "Name,Where,Language,Format",
            f"{CARER},morgan@example.org,en,standard",
        ]
        assert "News and events" in text(officer.get("/files/1/history"))


def test_a_list_shows_nobody_of_a_file_that_its_maker_may_not_open(tmp_path: Path, clock: Clock) -> None:
    """S1 of Northamptonshire: the manager is told how many are of others, and their officers make those lists."""
    with home(tmp_path / "home", clock, service__policy="northamptonshire") as chain:
        officer, manager = Browser(chain), Browser(chain, Role.MANAGER, "Kim")
        with chain.db.writing() as session:
            file = open_file(
                session, clock.now(), {"store": ConsentState.GIVEN, "news:post": ConsentState.GIVEN}, officer=officer.id
            )
            details = ContactDetails("", "", "1 Elm Road")
            known.record(session, file.file.id, file.carer, details, true_on=clock.today(), actor="lee", at=clock.now())
        page = text(manager.get("/news"))
        assert "somebody has said yes on 0 files, and on 1 of other officers" in page
        assert "each gets a task when you make yours" in page
        made = manager.post("/news", {"channel": "post"})
        assert "Nobody on a file that you may open can be sent news by post today." in text(made)
        assert "Elm Road" not in made.text and "News by post is being sent" in text(officer.get("/tasks"))
        assert f"{FAMILY},1 Elm Road,en,standard" in officer.post("/news", {"channel": "post"}).text
        assert "News by post is being sent" not in text(officer.get("/tasks"))
