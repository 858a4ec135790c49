"""P7's seventeen side doors, each by itself: under S1 = the file's own officer alone, nobody else learns anything of a child's file.

A door that Paperchain does not have is proven absent: the test fails on the day it appears, and must then say who may go through.
"""

import re
import time
from collections.abc import Iterator

import pytest
from sqlmodel import select

from intake.wiring import Paperchain
from records import tasks
from records.clock import fixed
from records.desk.shell import PUBLIC
from records.guard.standing import about
from records.people.tables import ChildFile
from records.staff.access import Act, Actor, Allowed, may
from records.vocabulary import Role
from tests.builders import CHILD, home
from tests.conftest import NOON
from tests.invariants.test_matrix import (
    ANONYMOUS,
    DISABLED,
    FILE,
    OF_REQUEST,
    OTHER,
    OWN,
    Somebody,
    World,
    build,
    filled,
)
from tests.reviewing import READ_BORN, SCAN, Browser

KEPT_OUT = (OTHER, "manager", "admin", DISABLED, ANONYMOUS)
CANARIES = (*(word.encode() for word in CHILD.split()), b"14 May 2011", READ_BORN.encode())


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchain]:
    with home(tmp_path_factory.mktemp("doors"), fixed(NOON), service__policy="northamptonshire") as chain:
        yield chain


@pytest.fixture(scope="module")
def world(chain: Paperchain) -> World:
    return build(chain)


@pytest.fixture(params=KEPT_OUT)
def outsider(request: pytest.FixtureRequest, world: World) -> Somebody:
    return world.people[request.param]


def leaks(content: bytes) -> list[bytes]:
    content = re.sub(rb"For example [^<]*", b"", content)  # hints give an invented date, which is the same
    return [word for word in CANARIES if word in content]


def paths(world: World, *parts: str) -> list[str]:
    return sorted({path for _, path in world.rules if any(part in path for part in parts)})


def nothing(who: Somebody, path: str) -> None:
    """There is no such page, for whoever is signed in; for anybody else, only the sign-in page."""
    answer = who.client.get(path)
    assert answer.status_code == (404 if who.role else 303), path
    assert not leaks(answer.content)


def test_the_officer_whose_file_it_is_does_see_it(world: World) -> None:
    """Otherwise the tests below would prove nothing."""
    answer = world.people[OWN].client.get(f"/files/{world.numbers['open']}")
    assert answer.status_code == 200 and len(leaks(answer.content)) >= 3


def test_01_preview(world: World) -> None:
    assert paths(world, "preview") == []


def test_02_thumbnail(world: World) -> None:
    assert paths(world, "thumb") == []


def test_03_download(world: World, outsider: Somebody) -> None:
    nothing(outsider, f"/files/{world.numbers['open']}/who-looked")
    nothing(outsider, filled(world, "/letters/{document:uuid}", 1))
    assert paths(world, "download") == []


def test_04_page_image(world: World, outsider: Somebody) -> None:
    number = world.numbers["open"]
    nothing(outsider, filled(world, FILE + "/pages/{document:uuid}", number))
    nothing(outsider, filled(world, FILE + "/crops/{event:uuid}", number))
    nothing(outsider, "/items/1/pages/1")
    nothing(outsider, filled(world, "/review/{part:uuid}/pages/{page:int}", 1))
    own = world.people[OWN].client.get(filled(world, FILE + "/pages/{document:uuid}", number))
    assert own.status_code == 200 and own.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("typed", [CHILD, CHILD.split()[1], "14 May 2011", "PC-0001", f"{CHILD} 14/5/2011"])
def test_05_search_result(world: World, outsider: Somebody, typed: str) -> None:
    for path in ("/files/search", "/letters/search"):
        answer = outsider.client.post(path, data={"csrf": outsider.csrf, "q": typed})
        assert f'href="/files/{world.numbers["open"]}"' not in answer.text
        assert answer.status_code in (200, 303, 404) and f"/files/{world.numbers['open']}" not in answer.headers.get(
            "location", ""
        )
        # What was typed stands in its box again; nothing else of the child does.
        rest = answer.text.replace(f'value="{typed}"', "").replace(typed, "")
        assert not leaks(rest.encode())


def test_06_suggestion(world: World) -> None:
    assert paths(world, "suggest", "complete", "typeahead") == []
    page = world.people[OTHER].client.get("/files").text
    assert all('autocomplete="off"' in box for box in re.findall(r'<input[^>]*type="search"[^>]*>', page))
    assert "<datalist" not in page


def test_07_more_like_this(world: World) -> None:
    assert paths(world, "similar", "more-like", "related") == []


def test_08_counts_and_badges(world: World, chain: Paperchain, outsider: Somebody) -> None:
    def counts() -> list[str]:
        return [re.sub(r'value="[^"]*"', "", outsider.client.get(path).text) for path in ("/", "/tasks", "/files")]

    before = counts()
    with chain.db.writing() as session:
        file = session.exec(select(ChildFile).where(ChildFile.number == world.numbers["open"])).one()
        tasks.raise_task(
            session, kind="trial", file_id=file.id, due=chain.clock.today(), words="An invented task.", for_officer=None,
            raised_by="system", at=chain.clock.now(),
        )  # fmt: skip
    assert counts() == before
    assert "An invented task." in world.people[OWN].client.get("/tasks").text


def test_09_bulk_actions_and_the_next_page(world: World, outsider: Somebody) -> None:
    assert paths(world, "bulk", "select-all") == []
    for path in ("/files?page=2", "/files?q=Testwood", "/tasks?page=2", f"/allocation?of={world.ids['part']}"):
        assert not leaks(outsider.client.get(path).content)


def test_10_notes(world: World, outsider: Somebody) -> None:
    nothing(outsider, f"/files/{world.numbers['open']}/notes")


def test_11_history(world: World, outsider: Somebody) -> None:
    nothing(outsider, f"/files/{world.numbers['open']}/history")
    assert not leaks(outsider.client.get("/settings/audit").content)


def test_12_notifications(world: World, outsider: Somebody) -> None:
    assert paths(world, "notif", "feed", "subscribe", "webhook") == []
    for path in ("/", "/tasks"):
        assert not leaks(outsider.client.get(path).content)


def test_13_export(world: World, outsider: Somebody) -> None:
    for path in paths(world, "export"):
        if path.startswith(FILE):
            nothing(outsider, filled(world, path, world.numbers["open"]))
        else:
            assert not leaks(outsider.client.get(filled(world, path, 1)).content)


def test_14_share_link(world: World) -> None:
    """Nothing is open without signing in but the two doors that lead in."""
    assert {path for (_, path), rule in world.rules.items() if rule == PUBLIC} == {
        "/sign-in", "/welcome", "/welcome/{token}",
    }  # fmt: skip


def test_15_error_text(world: World, outsider: Somebody) -> None:
    """Whatever is sent to a file that is not theirs: no answer holds anything of the child."""
    for (method, path), _ in sorted(world.rules.items()):
        if method == "POST" and path.startswith(FILE):
            answer = outsider.client.post(
                filled(world, path, world.numbers["open"]), data={"csrf": outsider.csrf, "number": "1", "why": "x"}
            )
            assert not leaks(answer.content), path


def test_16_cached_page_after_log_out(world: World, chain: Paperchain) -> None:
    who, path = world.people[OWN], f"/files/{world.numbers['open']}"
    answer = who.client.get(path)
    assert answer.headers["cache-control"] == "no-store"
    assert not {"etag", "last-modified", "expires"} & set(answer.headers)
    leaving = Browser(chain)
    assert leaving.get("/files").status_code == 200
    assert leaving.post("/sign-out", {}).status_code == 303
    after = leaving.get(path)
    assert (after.status_code, after.headers["location"], after.content) == (303, "/sign-in", b"")


def test_17_a_background_job_shows_its_findings_to_those_alone_who_may_open_the_file(
    world: World, chain: Paperchain
) -> None:
    """Jobs raise tasks as `system`; who sees one is asked again at each look, of the same rule."""
    with chain.db.reading() as session:
        file = session.exec(select(ChildFile).where(ChildFile.number == world.numbers["open"])).one()
        seen_by = chain.policy().case_notes_seen_by
        for actor in (Actor(file.id, role) for role in Role):
            shown = tasks.open_for(
                session, actor, lambda one, who=actor: isinstance(may(who, Act.OPEN_FILE, about(one), seen_by), Allowed)
            )
            assert not [task for task in shown if task.file_id == file.id]


def test_the_time_does_not_tell_a_file_that_one_may_not_see_from_none(world: World, chain: Paperchain) -> None:
    """Figures: tests/bench/doors.py."""
    other = Browser(chain, name="Patient", in_real_time=True)
    for path in (f"/files/{world.numbers['open']}", "/files/999999", f"/files/{world.numbers['open']}/history"):
        began = time.perf_counter()
        assert other.get(path).status_code == 404
        assert time.perf_counter() - began >= 0.05


def test_no_page_at_all_shows_the_child_to_whoever_is_kept_out(world: World, outsider: Somebody) -> None:
    """Every page of the desk, with every id of the file that there is."""
    for (method, path), _ in sorted(world.rules.items()):
        if outsider.role is Role.MANAGER and path.startswith(OF_REQUEST):
            continue  # a request is the manager's to answer, whoever's file it is about (W12, R66); each look at it is entered
        if method == "GET":
            for number in (world.numbers["open"], world.numbers["closed"], world.numbers["safeguarding"]):
                found = leaks(outsider.client.get(filled(world, path, number)).content)
                assert not found, (path, found)
    assert leaks(SCAN)
