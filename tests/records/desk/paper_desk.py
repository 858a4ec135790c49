"""A desk with the pages about papers, and people of each role who are signed in on it. Invented people only."""

import html
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from records.clock import fixed
from records.custody.tables import Original
from records.db import Database
from records.desk import (
    cabinet_pages,
    file_pages,
    find_pages,
    original_pages,
    return_pages,
    stocktake_pages,
    waste_pages,
)
from records.desk.shell import Desk, build
from records.people.tables import ChildFile
from records.policies.settings import load as load_policy
from records.staff import sessions
from records.staff.tables import Account
from records.vocabulary import Role
from tests.records.custody.papers import LATER, Cabinet, cabinet


@dataclass
class Somebody:
    """Somebody signed in, who sends the CSRF token and the version of the page with every form."""

    client: TestClient
    csrf: str
    id: UUID

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, **fields: object) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields})

    def step(self, page: str, act: str, **fields: object) -> httpx.Response:
        """Opens a page and sends one of its forms, as a browser does: with the version that the page carries."""
        found = re.search(r'name="version" value="(\d+)"', self.get(page).text)
        return self.post(f"{page}/{act}", **({"version": found[1]} if found else {}), **fields)


@dataclass
class PaperDesk:
    """One service with its papers and its staff."""

    papers: Cabinet
    desk: Desk

    def person(self, role: Role, name: str = "Lee Sample") -> Somebody:
        clock = self.desk.clock
        with self.desk.db.writing() as session:
            account = Account(
                sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name=name, role=role, created_at=clock.now(),
                password_hash="nobody signs in with it",  # making a true one takes a second
            )  # fmt: skip
            session.add(account)
            session.flush()
            token = sessions.begin(session, account, clock)
            session.flush()
            found = sessions.find(session, token, clock, self.desk.idle)
            assert found is not None
            csrf, id = found.csrf, account.id
        groups = (cabinet_pages, original_pages, file_pages, find_pages, waste_pages, return_pages, stocktake_pages)
        app = build(self.desk, *(group.pages for group in groups))
        return Somebody(TestClient(app, cookies={self.desk.cookie: token}, follow_redirects=False), csrf, id)

    def owned_by(self, paper: Original, officer: Somebody) -> int:
        """Makes somebody the officer of a paper's file; the file's number."""
        with self.desk.db.writing() as session:
            file = session.get_one(ChildFile, paper.file_id)
            file.officer_id = officer.id
            return file.number


@pytest.fixture
def database_kind() -> str:
    """The rules run on both kinds of database; their pages need one."""
    return "sqlite"


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> PaperDesk:
    """A desk of its own for one test."""
    return paper_desk(database, tmp_path)


def paper_desk(database: Database, folder: Path, at: datetime = LATER) -> PaperDesk:
    papers = cabinet(database, folder, at)
    clock = fixed(at)
    desk = Desk(database, papers.store, clock, lambda: load_policy("westminster", clock.today()), "Testwood SENDIASS")
    return PaperDesk(papers, desk)


def words(answer: httpx.Response) -> str:
    """The text of a page."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))
