"""P9, design "Audit": managers read the record with filters, reading it is recorded, and the export needs no names."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from intake import anchoring
from intake.wiring import Paperchain
from records.audit import trail
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.people import register
from records.vocabulary import Role
from tests import builders
from tests.builders import CHILD
from tests.reviewing import Browser


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


@pytest.fixture
def manager(chain: Paperchain) -> Browser:
    return Browser(chain, Role.MANAGER, name="Sam Manager")


def entered(
    chain: Paperchain, act: str, subject: str = "1", actor: str = "system", kind: str = "item", days: int = 0
) -> None:
    with chain.db.writing() as session:
        trail.append(
            session, actor=actor, act=act, subject_kind=kind, subject_id=subject, at=chain.clock.now() + timedelta(days=days)
        )  # fmt: skip


def opened(chain: Paperchain, officer: UUID) -> UUID:
    with chain.db.writing() as session:
        return register.open_file(
            session, officer_id=officer, child_name=CHILD, actor=str(officer), at=chain.clock.now(), number=7
        ).id


def test_the_record_is_shown_in_words_and_numbers(chain: Paperchain, manager: Browser) -> None:
    file = opened(chain, manager.id)
    entered(chain, "file_seen", str(file), str(manager.id), "file")
    page = manager.get("/settings/audit")
    assert page.status_code == 200
    assert "Looked at a file" in page.text
    assert 'href="/files/7"' in page.text
    assert "File PC-0007" in page.text
    assert "Sam Manager" in page.text
    assert CHILD not in page.text


def test_each_look_is_recorded_once(chain: Paperchain, manager: Browser) -> None:
    manager.get("/settings/audit")
    manager.get("/settings/audit?before=3")
    with chain.db.reading() as session:
        seen = session.exec(select(func.count()).where(col(AuditEntry.act) == "audit_seen")).one()
    assert seen == 1


def test_filters_narrow_and_keep_when_older_entries_are_asked_for(chain: Paperchain, manager: Browser) -> None:
    for _ in range(60):
        entered(chain, "item_seen")
    entered(chain, "item_arrived", days=-40)
    page = manager.get("/settings/audit?act=item_seen").text
    assert page.count("<td") == 50 * 6
    assert "Took an item in</td>" not in page
    link = page.split("Older entries</a>")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    older = manager.get(link).text
    assert older.count("<td") == 10 * 6
    early = manager.get("/settings/audit?last=20+10+2026").text
    assert early.count("Took an item in</td>") == 1
    assert "Looked at an item</td>" not in early


def test_only_entries_about_the_file_asked_for(chain: Paperchain, manager: Browser) -> None:
    file = opened(chain, manager.id)
    entered(chain, "file_seen", str(file), str(manager.id), "file")
    entered(chain, "item_seen")
    page = manager.get("/settings/audit?file=PC-0007").text
    assert "Looked at a file" in page
    assert "Looked at an item</td>" not in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("file=99", "There is no file with that number"),
        ("file=9999999999999999999999", "There is no file with that number"),
        ("first=31+2+2026", "The first day must be a real date"),
        ("first=2+2+2026&last=1+2+2026", "The last day must not be before the first"),
    ],
)
def test_a_filter_that_cannot_be_used_says_so_at_its_field(manager: Browser, query: str, words: str) -> None:
    page = manager.get(f"/settings/audit?{query}")
    assert page.status_code == 422
    assert page.text.count(words) == 2  # summary and field


def test_a_strange_place_to_begin_shows_the_newest(manager: Browser) -> None:
    assert manager.get("/settings/audit?before=x").status_code == 200
    assert manager.get("/settings/audit?before=99999999999999999999999999").status_code == 200


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICER])
def test_nobody_else_reads_or_exports_it(chain: Paperchain, role: Role) -> None:
    person = Browser(chain, role)
    assert person.get("/settings/audit").status_code == 404
    assert person.post("/settings/audit/export", {}).status_code == 404


def test_the_export_is_whole_and_recorded(chain: Paperchain, manager: Browser) -> None:
    opened(chain, manager.id)
    sent = manager.post("/settings/audit/export", {})
    assert sent.status_code == 200
    lines = sent.text.splitlines()
    assert "audit_exported" in lines[-1]
    assert CHILD not in sent.text
    with chain.db.reading() as session:
        assert len(lines) == session.exec(select(func.count()).select_from(AuditEntry)).one() + 1


def test_the_page_says_when_it_was_anchored(chain: Paperchain, manager: Browser) -> None:
    assert "No anchor was written yet" in manager.get("/settings/audit").text
    anchoring.when_due(chain)
    assert "The last anchor was written" in manager.get("/settings/audit").text
