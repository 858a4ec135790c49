"""A template of the service's own that was changed while letters wait: what the old text read is not filed by the new one.

Only whole journeys show it: a box is ticked for one consent, and the consent that is recorded is another.
"""

import copy
import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from forms.catalogue import BLANKS, load_catalogue
from forms.template import template_from_json
from intake import arranging, in_use, known_forms, own_forms, quarantine_days
from intake.wiring import Paperchain
from records.clock import Clock, fixed
from records.consents.tables import ConsentEvent
from records.documents import keyring
from records.errors import RefusedByRule
from records.people.tables import ChildFile
from records.post import inbox, review
from records.post.arrangement import Edit
from records.post.tables import Confirmation, Part
from records.tasks.tables import TaskRow
from records.vocabulary import PartState
from tests.builders import at, home
from tests.reviewing import Browser, answers, arrived, confirm, rows, state_of, text

NAME = "westminster-consent.2023"
RAW: dict[str, Any] = json.loads((BLANKS / f"{NAME}.json").read_text("utf-8")) | {"title": "Our own form"}
CHANGED = "The form “Our own form” was changed after this letter was read. Read the letter again."
UNTOLD = "By which text of the form “Our own form” this letter was read is not known. Read the letter again."
GONE = "This form is no longer in use"


def put(folder: Path, raw: dict[str, Any], **how: Any) -> str:  # Any: how JSON is laid out
    """Writes the service's template; the sum of its text."""
    (folder / f"{NAME}.json").write_text(json.dumps(raw, **how), "utf-8")
    return template_from_json(raw).content_sum


def worded(change: str = ".") -> dict[str, Any]:
    """The same form with a question in other words."""
    raw = copy.deepcopy(RAW)
    raw["fields"][1]["wording"] += change
    return raw


def remapped() -> dict[str, Any]:
    """The boxes of two questions answer each the other's consent."""
    raw = copy.deepcopy(RAW)
    one, other = (
        next(each for each in raw["fields"] if each["id"] == name) for name in ("contact_health", "contact_legal")
    )
    one["item"], other["item"] = other["item"], one["item"]
    return raw


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with home(tmp_path / "home", clock) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path, chain: Paperchain) -> Iterator[Path]:
    """The service's own template, in the place of one of ours."""
    place = tmp_path / "forms"
    place.mkdir()
    for path in BLANKS.glob(f"{NAME}*.png"):
        shutil.copy(path, place / path.name)
    put(place, worded())
    known_forms.remember(place)
    yield place
    known_forms.remember(None)


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


def read_by(chain: Paperchain, parts: Sequence[UUID], template_sum: str | None) -> UUID:
    """These forms as they are when they were read by the text of this sum. The first."""
    with chain.db.writing() as session:
        for one in parts:
            part = review.get(session, one)
            raw = review.reading_json(session, part) | {"template_sum": template_sum}
            key = keyring.open_key(session, review.item_of(session, part).key_id)
            review.keep_reading(part, key, raw)
            session.add(part)
    return parts[0]


def version(chain: Paperchain, part: UUID) -> str:
    with chain.db.reading() as session:
        return str(review.get(session, part).version)


def told(chain: Paperchain) -> dict[str, str]:
    return {event.item_code: event.state for event in rows(chain, ConsentEvent)}


def test_a_tick_does_not_become_another_consent(chain: Paperchain, officer: Browser, folder: Path) -> None:
    part = read_by(chain, arrived(chain), put(folder, RAW))
    seen = officer.open(part)
    put(folder, remapped())
    answer = officer.post(f"/review/{part}", answers(seen, contact_legal="blank"))
    assert rows(chain, ConsentEvent) == [] and rows(chain, ChildFile) == []
    assert (answer.status_code, state_of(chain, part)) == (409, PartState.TO_REVIEW)
    assert CHANGED in text(answer)
    with pytest.raises(in_use.ReadOtherwise), chain.db.reading() as session:
        in_use.template_of(session, review.get(session, part))

    put(folder, RAW)
    assert confirm(officer, part, contact_legal="blank").status_code == 303, "it is again the text that read it"
    assert told(chain)["contact:legal"] == "not_answered" and told(chain)["contact:health"] == "given"


def test_the_pages_of_a_form_that_was_changed_say_so(chain: Paperchain, officer: Browser, folder: Path) -> None:
    part = read_by(chain, arrived(chain), put(folder, RAW))
    put(folder, worded())
    assert officer.get(f"/review/{part}").headers["location"] == "/items/1", "where it can be read again"
    opened, queue, item = (text(officer.get(path)) for path in ("/items/1", "/review", "/items/1"))
    assert all(CHANGED in each for each in (opened, queue, item))
    assert "Our own form" in queue and 'href="/items/1"' in queue and f'"/review/{part}"' not in queue + item
    assert review_holder(chain, part) is None, "nobody holds what nobody can confirm"


def test_what_stands_beside_the_reading_files_nothing(chain: Paperchain, officer: Browser, folder: Path) -> None:
    """Lists go by it; a form is opened and filed by what its sealed reading says."""
    part = read_by(chain, arrived(chain), put(folder, RAW))
    now = put(folder, worded())
    with chain.db.writing() as session:
        row = review.get(session, part)
        row.template_sum = now
        session.add(row)
    with pytest.raises(in_use.ReadOtherwise), chain.db.reading() as session:
        in_use.template_of(session, review.get(session, part))
    assert officer.post(f"/review/{part}", answers(version(chain, part))).status_code == 409
    assert rows(chain, ConsentEvent) == []


def test_the_first_form_is_the_first_that_this_officer_can_open(
    chain: Paperchain, officer: Browser, folder: Path
) -> None:
    old, untold = (read_by(chain, arrived(chain), each) for each in (put(folder, RAW), None))
    now = put(folder, worded())
    held = read_by(chain, arrived(chain), now)
    free = read_by(chain, arrived(at(chain, fixed(chain.clock.now() + timedelta(minutes=1)))), now)
    other = Browser(chain, name="Sam")
    other.open(held)
    found = [first_offered(each) for each in (officer, other)]
    assert found == [str(free), str(held)]
    assert officer.get(f"/review/{found[0]}").status_code == 200 == other.get(f"/review/{found[1]}").status_code
    other.get(f"/review/{free}")
    assert first_offered(Browser(chain, name="Kim")) is None, (old, untold)
    assert "None of these can be opened just now" in text(Browser(chain, name="Jo").get("/review"))


def first_offered(who: Browser) -> str | None:
    """Which form the button of the first form leads to; None where there is none."""
    before, _, _ = who.get("/review").text.partition('" role="button" data-main>Open the first form')
    return before.rpartition('href="/review/')[2] if _ else None


def review_holder(chain: Paperchain, part: UUID) -> str | None:
    with chain.db.reading() as session:
        return review.get(session, part).held_by


def test_a_template_that_is_only_laid_out_anew_changes_nothing(
    chain: Paperchain, officer: Browser, folder: Path
) -> None:
    part = read_by(chain, arrived(chain), put(folder, worded()))
    turned = {name: worded()[name] for name in reversed(worded())} | {"title": "Called otherwise"}
    put(folder, turned, indent=7)
    assert confirm(officer, part).status_code == 303
    assert rows(chain, ConsentEvent)


def test_readings_from_before_sums_were_kept_hold_for_our_forms_alone(
    chain: Paperchain, officer: Browser, folder: Path
) -> None:
    ours, theirs, same = (read_by(chain, arrived(chain), None) for _ in range(3))
    known_forms.remember(None)
    assert confirm(officer, ours).status_code == 303
    known_forms.remember(folder)
    answer = officer.get(f"/review/{theirs}")
    assert answer.headers["location"] == "/items/2" and UNTOLD in text(officer.get("/items/2"))
    put(folder, RAW)
    officer.open(same)  # word for word the text of ours


def test_a_template_that_was_taken_away_files_nothing_nor_does_ours_instead(
    chain: Paperchain, officer: Browser, folder: Path
) -> None:
    part = read_by(chain, arrived(chain), put(folder, remapped()))
    (folder / f"{NAME}.json").unlink()
    assert "was changed after this letter was read" in text(officer.get("/review"))
    assert officer.get(f"/review/{part}").headers["location"] == "/items/1"
    with chain.db.writing() as session:
        row = session.get_one(Part, part)
        row.edition = "1999"
        session.add(row)
    assert officer.get(f"/review/{part}").headers["location"] == "/items/1" and GONE in text(officer.get("/items/1"))
    assert officer.post(f"/review/{part}", answers(version(chain, part))).status_code == 409
    assert rows(chain, ConsentEvent) == []


@pytest.mark.parametrize("empty", [False, True])
def test_ours_does_not_step_in_while_the_folder_is_away(
    chain: Paperchain, officer: Browser, folder: Path, empty: bool
) -> None:
    """A disc of the network is away, or its mount point is empty."""
    ours, theirs = load_catalogue().get(RAW["id"], "2023").content_sum, put(folder, remapped())
    by_theirs, by_ours = read_by(chain, arrived(chain), theirs), read_by(chain, arrived(chain), ours)
    assert known_forms.catalogue().get(RAW["id"], "2023").content_sum == theirs
    folder.rename(folder.parent / "away")
    if empty:
        folder.mkdir()
    assert officer.get(f"/review/{by_ours}").headers["location"] == "/items/2"
    assert officer.post(f"/review/{by_ours}", answers(version(chain, by_ours))).status_code == 409
    assert rows(chain, ConsentEvent) == []
    assert "held files before" in own_forms.not_used(folder)[0]
    assert confirm(officer, by_theirs, contact_legal="blank").status_code == 303, "by what stood in it"
    assert told(chain)["contact:health"] == "not_answered" and told(chain)["contact:legal"] == "given"


def test_what_was_filed_before_stays(chain: Paperchain, officer: Browser, folder: Path) -> None:
    part = read_by(chain, arrived(chain), put(folder, RAW))
    confirm(officer, part)
    before = told(chain)
    put(folder, remapped())
    assert told(chain) == before and state_of(chain, part) is PartState.CONFIRMED
    assert officer.get("/files/1").status_code == 200
    answer = officer.post("/files/1/several/form", {"form": str(part)})
    assert "what was read counts for no other child" in text(
        answer if answer.status_code != 303 else officer.get("/files/1/several")
    )
    assert len(rows(chain, Part)) == 1, "no copy is made of what could not be filed"


def test_a_form_that_waits_for_the_family_is_not_filed_either(
    chain: Paperchain, officer: Browser, folder: Path
) -> None:
    part = read_by(chain, arrived(chain), put(folder, RAW))
    confirm(officer, part, store_on_database="blank")
    assert state_of(chain, part) is PartState.QUARANTINED
    put(folder, worded())
    said = f"{in_use.without_advice(CHANGED)} {in_use.ASIDE}"
    assert said in text(officer.get("/review")), "it is not read again: that would lose what it waits for"
    assert officer.post(f"/review/{part}", answers(version(chain, part))).status_code == 409
    assert state_of(chain, part) is PartState.QUARANTINED and rows(chain, ConsentEvent) == []


def test_a_no_to_keeping_is_called_for_all_the_same(chain: Paperchain, officer: Browser, folder: Path) -> None:
    part = read_by(chain, arrived(chain), put(folder, RAW))
    assert confirm(officer, part, store_on_database="no").headers["location"] == f"/review/{part}/refused"
    put(folder, worded())
    quarantine_days.remind(chain)
    assert [task.kind for task in rows(chain, TaskRow)] == [quarantine_days.ERASE_FORM]
    sent = {"paper": "no_paper", "version": version(chain, part)}
    assert f"/review/{part}/refused" in officer.get("/review").text
    assert officer.get(f"/review/{part}/refused").status_code == 200
    assert officer.post(f"/review/{part}/refused", sent).status_code == 303, (
        "the No was confirmed, whatever the text is now"
    )
    assert rows(chain, Part) == [] and rows(chain, Confirmation) == []


def test_its_pages_are_arranged_by_hand_alone(chain: Paperchain, officer: Browser, folder: Path) -> None:
    first = read_by(chain, arrived(chain, 2), put(folder, RAW))
    put(folder, worded())
    with pytest.raises(RefusedByRule, match="was changed after this letter was read"):
        arranging.edit(chain, 1, Edit.JOIN, 1, actor=str(officer.id), arranged=0)
    arranging.edit(chain, 1, Edit.BY_HAND, 1, actor=str(officer.id), arranged=0)
    assert state_of(chain, first) is PartState.REPLACED
    with chain.db.reading() as session:
        assert {part.state for part in inbox.parts_of(session, inbox.by_number(session, 1))} == {"to_sort", "to_review"}
