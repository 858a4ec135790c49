"""What somebody reads whose page cannot be shown or whose form was not taken: what happened, nothing of theirs lost, and a way on."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DisconnectionError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlcipher3 import dbapi2 as sqlcipher

from records.db import Database, out_of_reach
from records.desk import error_pages
from tests.records.desk.test_shell import CANARY, GONE, Person, app, database_kind, desk, hands, officer
from tests.records.desk.test_signed_out import TYPED, kept

__all__ = ["app", "database_kind", "desk", "hands", "officer"]


@pytest.mark.parametrize(
    ("how", "words"),
    [("changed", "Somebody else saved this first."), ("refused", "This paper is on hold.")],
)
def test_what_cannot_be_shown_says_why_and_leads_on(officer: Person, how: str, words: str) -> None:
    answer = officer.get(f"/trial/fail/{how}")
    assert answer.status_code == 409
    assert "This cannot be shown now" in answer.text and words in answer.text
    assert "Nothing was saved" not in answer.text, "nobody sent anything"
    assert 'href="/trial">Go back' in answer.text, "a link to the page itself would lead round in a circle"


def test_whoever_comes_second_reads_what_they_typed_but_no_password_and_is_led_to_a_page(officer: Person) -> None:
    sent = {
        "why": "Two <lines>\nof words",
        "kind": "details",
        "password": "four invented words",
        "new_password": "and four more",
    }
    answer = officer.post("/trial/late/by-one", officer.token("/trial"), sent)
    assert answer.status_code == 409 and 'href="/trial">Look at it again' in answer.text
    assert "Two &lt;lines&gt;\nof words" in answer.text
    assert not [word for word in ("four invented words", "and four more", "details</p>") if word in answer.text]


def test_a_fault_gives_a_reference_and_the_log_holds_nothing_personal(
    officer: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = officer.get("/trial/fail/other")
    assert answer.status_code == 500
    assert "Sorry, something went wrong" in answer.text
    reference = answer.text.split("Reference ")[1].split(".")[0]
    assert len(reference) == 4
    assert f"reference={reference} kind=ZeroDivisionError" in caplog.text
    assert "test_shell.py:" in caplog.text  # where, for whoever mends it
    assert CANARY not in caplog.text + answer.text


def test_a_fault_leads_on_and_shows_what_was_typed(officer: Person) -> None:
    shown = officer.get("/trial/fail/other")
    assert "This page cannot be shown" in shown.text and 'href="/trial">Go back' in shown.text
    assert "not saved" not in shown.text, "nobody sent anything"
    sent = officer.post("/trial/broken", officer.token("/trial"), TYPED | {"password": "four invented words"})
    assert sent.status_code == 500 and "part of it may have been done" in sent.text
    assert 'href="/trial">Look at it again' in sent.text
    assert "Two lines\nand &#34;quotes&#34; &lt;b&gt;" in sent.text and "four invented" not in sent.text


def test_a_form_with_too_much_in_it_says_so(officer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_pages, "MOST_FILES", 2)
    files = [("files", (f"{number}.pdf", b"%PDF")) for number in range(3)]
    answer = officer.client.post("/trial", files=files)
    assert (
        answer.status_code == 400
        and "more than 100 files" in answer.text
        and 'href="/trial">Look at it again' in answer.text
    )
    answer = officer.post("/trial", None, {str(number): "" for number in range(error_pages.MOST_FIELDS + 1)})
    assert (
        answer.status_code == 400
        and "more than one page takes" in answer.text
        and "open for too long" not in answer.text
    )


def test_a_sign_in_that_is_longer_than_any_name_says_so(app: FastAPI) -> None:
    person = Person(app)
    answer = person.post("/sign-in", person.token("/sign-in"), {"sign_in_name": "x" * 20_000})
    assert answer.status_code == 400 and "longer than this form takes" in answer.text


# Without the database


@contextmanager
def away(database: Database, folder: Path) -> Iterator[None]:
    """Meanwhile the database cannot be opened: a folder stands where its file was."""
    path, aside = folder / "paperchain.db", folder / "aside.db"
    database.engine.dispose()
    path.rename(aside)
    path.mkdir()
    yield
    path.rmdir()
    aside.rename(path)


def test_without_the_database_a_form_is_kept_and_is_sent_again_when_it_is_back(
    officer: Person, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    GONE.clear()
    token = officer.token("/trial")
    with away(database, tmp_path):
        page = officer.post("/trial/destroy", token, TYPED | {"password": "four invented words"})
        cross = officer.post("/trial/destroy", token, TYPED, sec_fetch_site="cross-site")
    assert page.status_code == 503 and "The database cannot be reached just now. Reference " in page.text
    assert page.headers["content-security-policy"] and page.headers["cache-control"] == "no-store"
    fields = kept(page)
    assert {name: fields[name] for name in TYPED} == TYPED and "four invented" not in page.text
    assert "quotes" not in cross.text, "what another site sends is shown to nobody"
    assert "OperationalError" in caplog.text and "quotes" not in caplog.text and GONE == []
    assert officer.post("/trial/destroy", fields.pop("csrf"), fields).status_code == 303 and len(GONE) == 1


def test_without_the_database_several_ticks_of_one_name_are_all_kept(
    officer: Person, database: Database, tmp_path: Path
) -> None:
    """Of three files on a list, or two people who must not be told, only the last was sent again."""
    token, ticked = officer.token("/trial"), ["PC-0001", "PC-0002", "PC-0003"]
    with away(database, tmp_path):
        page = officer.client.post("/trial/destroy", data={"csrf": token, "file": ticked, "why": "Two words"})
    assert page.status_code == 503
    assert re.findall(r'type="hidden" name="file" value="([^"]*)"', page.text) == ticked


def test_without_the_database_every_page_says_so(
    officer: Person, app: FastAPI, database: Database, tmp_path: Path
) -> None:
    with away(database, tmp_path):
        pages = [officer.get("/trial"), officer.get("/no/such"), Person(app).get("/sign-in")]
        sent = Person(app).post("/sign-in", "x", {"sign_in_name": CANARY, "password": CANARY})
    assert [page.status_code for page in pages] == [503] * 3
    assert all("Wait a minute, then try again" in page.text and "<h1" in page.text for page in pages)
    assert 'href="/trial">Try again' in pages[0].text
    assert sent.status_code == 403 and CANARY not in sent.text


def test_a_database_that_goes_away_in_the_middle_shows_what_was_typed_but_sends_nothing_by_itself(
    officer: Person,
) -> None:
    sent = officer.post("/trial/broken", officer.token("/trial"), TYPED | {"how": "busy"})
    assert sent.status_code == 503 and "The database is busy with other work. Reference " in sent.text
    assert 'href="/trial">Look at it again' in sent.text and "Two lines\nand" in sent.text and "<form" in sent.text
    assert "Send it again" not in sent.text, "some of it may have been done"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("", {}, sqlcipher.OperationalError("database is locked")), "The database is busy with other work"),
        (OperationalError("", {}, sqlcipher.OperationalError("database or disk is full")), "The disc is full, so nothing can be saved"),
        (OperationalError("", {}, sqlcipher.OperationalError("no such column: born")), None),
        (OperationalError("", {}, psycopg.OperationalError("the connection is closed")), "The database cannot be reached just now"),
        (DisconnectionError("lost"), "The database cannot be reached just now"),
        (PoolTimeout("QueuePool limit"), "The database cannot be reached just now"),
        (ProgrammingError("", {}, psycopg.errors.UndefinedColumn("locked")), None),
        (ValueError("locked"), None),
    ],
)  # fmt: skip
def test_only_what_is_out_of_reach_is_called_so(error: Exception, words: str | None) -> None:
    assert out_of_reach(error) == words
