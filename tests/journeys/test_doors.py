"""Every role at every door of the whole desk: the one access function decides, and what is refused is not there."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from intake.app import make_app
from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.desk.shell import HEADERS, PUBLIC
from records.documents.store import FolderStore
from records.staff import accounts, sessions
from records.staff.access import Act, Actor, Refused, may
from records.vocabulary import Role
from tests.builders import settings

SAME_FOR_ALL = {"/files/{number:int}/share-for-safety"}
"""In danger nobody is turned away: this door opens with any number, and says nothing of whether there is such a file (G4)."""
NOWHERE = "00000000-0000-4000-8000-000000000000"
CANARY = "Zebedee-Canarywood"
ROLES = pytest.mark.parametrize(
    ("role", "database_kind"),
    [(Role.ADMIN, "postgresql"), (Role.OFFICER, "sqlite"), (Role.MANAGER, "postgresql")],
    indirect=["database_kind"],
)
"""For what does not hang on the database: each role on one of the two."""


@pytest.fixture
def desk(tmp_path: Path, database: Database, clock: Clock) -> Iterator[FastAPI]:
    """The desk of an empty home: nothing that has a number is there."""
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    yield make_app(Paperchain(home, database, FolderStore(home.documents), clock))


def browser(app: FastAPI, **cookies: str) -> TestClient:
    return TestClient(
        app, base_url="http://localhost", cookies=cookies, follow_redirects=False, raise_server_exceptions=False
    )


def signed_in(app: FastAPI, role: Role) -> tuple[UUID, TestClient]:
    desk = app.state.desk
    with desk.db.writing() as session:
        account = accounts.accept(
            session, accounts.invite(session, role, desk.clock), sign_in_name=f"{role}.one", display_name="Lee Sample",
            password="four invented words here", clock=desk.clock,
        )  # fmt: skip
        token = sessions.begin(session, account, desk.clock)
        return account.id, browser(app, **{desk.cookie: token})


def filled(path: str) -> str:
    """A path of the desk with something in each of its gaps that is not there."""
    return re.sub(r"{\w+(:int)?[^}]*}", lambda gap: "404" if gap[1] else NOWHERE, path)


def main_of(answer: httpx.Response) -> str:
    """A page without its bar, which marks where in the desk the address lies."""
    return answer.text.split("<main")[1]


@pytest.mark.parametrize("role", Role)
def test_a_door_is_missing_exactly_where_the_role_is_refused(desk: FastAPI, role: Role) -> None:
    """A form without its token shows it: it is called not ours only where the role may send it at all."""
    own, client = signed_in(desk, role)
    notes = desk.state.desk.policy().case_notes_seen_by
    nothing_here = main_of(client.get("/no/such"))
    refused = 0
    for (method, path), rule in desk.state.rules.items():
        if rule is PUBLIC:
            continue
        answer = client.request(method, filled(path))
        door = (role.value, method, path)
        if isinstance(may(Actor(own, role), rule, None, notes), Refused):
            refused += 1
            assert (answer.status_code, main_of(answer)) == (404, nothing_here), door
        elif method == "POST":
            assert answer.status_code == 403, door
        elif "{" in path and path not in SAME_FOR_ALL:  # this home is empty: told apart from the refused by nothing
            assert (answer.status_code, main_of(answer)) == (404, nothing_here), door
        else:
            assert answer.status_code in {200, 303}, door
    assert refused >= 3  # no role may do everything


def test_every_answer_to_a_stranger_has_the_strict_headers(desk: FastAPI) -> None:
    _has_the_strict_headers(desk, browser(desk))


@ROLES
def test_every_answer_of_every_door_has_the_strict_headers(desk: FastAPI, role: Role) -> None:
    _has_the_strict_headers(desk, signed_in(desk, role)[1])


def _has_the_strict_headers(desk: FastAPI, client: TestClient) -> None:
    for method, path in [*desk.state.rules, ("GET", "/no/such"), ("DELETE", "/")]:
        answer = client.request(method, filled(path))
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, (method, path)


def test_no_door_answers_a_stranger(desk: FastAPI) -> None:
    stranger = browser(desk)
    for (method, path), rule in desk.state.rules.items():
        if isinstance(rule, Act):
            answer = stranger.request(method, filled(path), data={"csrf": CANARY} if method == "POST" else None)
            assert (answer.status_code, answer.headers.get("location"), answer.text) == (303, "/sign-in", ""), path


@ROLES
def test_no_door_repeats_what_was_sent_to_it(desk: FastAPI, role: Role) -> None:
    _, client = signed_in(desk, role)
    for method, path in desk.state.rules:
        for sent in (client.request(method, filled(path), params={"q": CANARY, CANARY: CANARY}),
                     client.request(method, re.sub(r"{[^}]*}", CANARY, path)),
                     client.request("POST", filled(path), data={CANARY: CANARY, "csrf": CANARY, "q": CANARY})):  # fmt: skip
            assert CANARY not in sent.text, (method, path)
            assert CANARY not in str(sent.headers), (method, path)
