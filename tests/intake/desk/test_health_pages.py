"""Health on the desk: managers see everything, everybody else what is wrong; conditions are staged in the database."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

import intake.desk
from intake import checkup, heart
from intake.desk import health_pages, post_pages
from intake.health import Check
from intake.wiring import Paperchain
from records.audit import trail
from records.clock import Clock
from records.db import Database
from records.desk.shell import Desk, build
from records.documents.store import FolderStore
from records.folders import looks
from records.folders.looks import Looked
from records.machines import beats
from records.staff import accounts, sessions
from records.vocabulary import Role
from tests.builders import settings

Get = Callable[[Role, str], tuple[int, str]]


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


@pytest.fixture
def get(chain: Paperchain) -> Get:
    desk = Desk(
        chain.db, chain.store, chain.clock, chain.policy, "Testwood SENDIASS",
        templates=(Path(intake.desk.__file__).parent / "html",),
    )  # fmt: skip
    app = build(desk, health_pages.make(chain), post_pages.make(chain))

    def call(role: Role, path: str) -> tuple[int, str]:
        with chain.db.writing() as session:
            account = accounts.accept(
                session, accounts.invite(session, role, chain.clock), sign_in_name=f"{role}.{uuid4().hex[:6]}",
                display_name=f"Lee the {role}", password="four invented words here", clock=chain.clock,
            )  # fmt: skip
            token = sessions.begin(session, account, chain.clock)
        with TestClient(app, cookies={desk.cookie: token}, follow_redirects=False) as client:
            told = client.get(path)
        return told.status_code, told.text

    return call


def runs(chain: Paperchain) -> None:
    """As if a machine watched and read here, now."""
    now = chain.clock.now()
    with chain.db.writing() as session:
        looks.record(session, "here", Looked(str(chain.settings.inbox), "m", False, None, 0), now)
        said = heart.first_beat(chain, watches=True, works=True)
        beats.beat(session, said, now)
    with chain.db.writing() as session:
        trail.append(session, actor="system", act="test", subject_kind="item", subject_id="1", at=now)


def alter(chain: Paperchain, statement: str) -> None:
    with chain.db.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.fixture
def on_a_clock_of_its_own(chain: Paperchain) -> bool:
    """Tests stand at noon; a PostgreSQL server does not, and says so."""
    return not chain.db.embedded


def test_a_manager_sees_each_check_and_each_machine(chain: Paperchain, get: Get, on_a_clock_of_its_own: bool) -> None:
    runs(chain)
    status, page = get(Role.MANAGER, "/settings/health")
    assert status == 200
    assert page.count("govuk-summary-list__row") == len(Check)
    assert "Last looked at 0 seconds ago." in page and "reads it" in page
    assert page.count(">Wrong<") == on_a_clock_of_its_own
    assert get(Role.MANAGER, "/settings/health/rows")[0] == 200


def test_what_is_only_to_be_looked_at_is_told_at_the_head_too(
    chain: Paperchain, get: Get, on_a_clock_of_its_own: bool
) -> None:
    """Without a backup a broken disc loses everything: then it is not true that nothing needs mending."""
    runs(chain)
    page = get(Role.MANAGER, "/settings/health")[1]
    looks = page.count(">Look<")
    assert looks and "None is made. Set folder under [backup]" in page
    assert (f"Look at {looks} thing" in page) != on_a_clock_of_its_own
    assert "Nothing needs mending" not in page


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICER])
def test_others_have_no_page_of_health(get: Get, role: Role) -> None:
    assert get(role, "/settings/health")[0] == 404


def test_nothing_running_is_said_to_everybody_on_the_post_page(get: Get) -> None:
    for role in Role:
        assert "Nobody reads the post. Start Paperchain again" in get(role, "/post")[1]


def test_what_is_wrong_reaches_the_post_page(chain: Paperchain, get: Get) -> None:
    runs(chain)
    alter(chain, "UPDATE machine SET free_mb = -1, protected = false, chain_broken_at = 3, chain_checked_at = seen_at")
    page = get(Role.ADMIN, "/post")[1]
    assert "nearly full" in page and "without protection" in page and "broken at entry 3" in page


def test_a_break_that_was_found_is_not_covered_by_a_check_elsewhere(chain: Paperchain) -> None:
    runs(chain)
    alter(chain, "UPDATE machine SET chain_broken_at = 3, chain_checked_at = seen_at")
    now = chain.clock.now()
    with chain.db.writing() as session:
        other = heart.first_beat(chain, watches=False, works=True)
        beats.beat(session, other, now)
    with chain.db.reading() as session:
        found = checkup.gather(chain, session).chain
    assert found is not None and found.broken_at == 3
