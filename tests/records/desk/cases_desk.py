"""Somebody signed in on a desk with the pages of enquiries, referrals and notes."""

from datetime import date
from uuid import uuid4

import httpx2 as httpx
from starlette.testclient import TestClient

from records.clock import Clock
from records.db import Database
from records.desk import enquiry_pages, note_pages
from records.desk.shell import Desk, build
from records.documents.store import FolderStore
from records.policies.settings import load as load_policy
from records.staff import accounts, sessions
from records.vocabulary import Role

TODAY = date(2026, 11, 20)


def on(name: str, day: date = TODAY) -> dict[str, str]:
    return {name: str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


class Browser:
    """Sends the CSRF token with every form."""

    def __init__(
        self, database: Database, store: FolderStore, clock: Clock, role: Role, policy: str = "westminster", name: str = "Lee Sample"
    ) -> None:  # fmt: skip
        desk = Desk(database, store, clock, lambda: load_policy(policy, clock.today()), "Testwood SENDIASS")
        with database.writing() as session:
            link = accounts.invite(session, role, clock)
            account = accounts.accept(
                session, link, sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name=name,
                password="four invented words here", clock=clock,
            )  # fmt: skip
            token = sessions.begin(session, account, clock)
            session.flush()
            found = sessions.find(session, token, clock, desk.idle)
            assert found is not None
            self.csrf, self.id = found.csrf, account.id
        app = build(desk, enquiry_pages.pages, note_pages.pages)
        self.client = TestClient(app, cookies={desk.cookie: token}, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields})
