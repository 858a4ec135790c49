"""All stored readings judged again by other borders: in counts, beside what officers confirmed, and nothing is changed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from forms import judged_again as told
from forms.catalogue import load_catalogue
from forms.costs import STANDARD as COSTS
from forms.rejudge import judge_again
from forms.results import FormReading
from forms.thresholds import STANDARD
from intake.judging_again import JudgedAgain, judge_all
from intake.wiring import Paperchain
from records.clock import Clock
from records.documents import keyring
from records.post import review
from records.post.tables import Item, Part
from tests.builders import CARER, CHILD, home
from tests.commanding import paperchain
from tests.forms.measured import measured
from tests.reviewing import DOUBTFUL, TEMPLATE, Browser, arrived, confirm, reading, rows

MARKS = [field for field in TEMPLATE.fields if field.kind.is_mark]
SURE = replace(COSTS, false_yes=1e6, missed_yes=1e5)
"""Nothing in these readings is sure enough for these."""


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with home(tmp_path / "home", clock) as made:
        yield made


def as_measured() -> FormReading:
    """The reading of `tests.reviewing` with the scores of plain ticks: each Yes and each box but those at "Other" is marked, and no doubt."""
    before = reading()
    meant = {field.id: None if "other" in field.id else "tick" if "tick" in field.boxes else "yes" for field in MARKS}
    fields = dict(before.fields) | {field.id: measured(field, meant[field.id]) for field in MARKS}
    return judge_again(replace(before, fields=fields), TEMPLATE)


def stored(chain: Paperchain, found: FormReading, count: int = 1) -> list[UUID]:
    """So many forms that were read so and wait."""
    parts = arrived(chain, count)
    with chain.db.writing() as session:
        for id in parts:
            part = session.get_one(Part, id)
            review.keep_reading(
                part, keyring.open_key(session, session.get_one(Item, part.item_id).key_id), found.to_json()
            )
    return parts


def judged(chain: Paperchain, **borders: float) -> JudgedAgain:
    return judge_all(chain, load_catalogue(), replace(STANDARD, **borders), COSTS)


def test_the_borders_in_force_change_nothing_and_stricter_ones_ask(chain: Paperchain) -> None:
    stored(chain, as_measured(), 3)
    before = rows(chain, Part)
    same = judged(chain)
    assert (same.forms, same.confirmed, same.left_out) == (3, 0, 0)
    assert same.counts[told.ANSWERS] == 3 * len(MARKS)
    assert same.counts[told.ASKED] == same.counts[told.NOW_ASKED] == same.counts[told.OTHER_VALUE] == 0
    dearer = judge_all(chain, load_catalogue(), STANDARD, SURE)
    assert dearer.counts[told.TO_ASKED] == dearer.counts[told.NOW_ASKED] > 0 == dearer.counts[told.TO_TAKEN]
    assert rows(chain, Part) == before


def test_what_an_officer_confirmed_otherwise_is_counted(chain: Paperchain) -> None:
    first, _ = stored(chain, as_measured(), 2)
    assert confirm(Browser(chain), first, **{DOUBTFUL: "no"}).status_code == 303
    found = judged(chain)
    assert (found.forms, found.confirmed) == (2, 1)
    assert found.counts[told.CONFIRMED] == found.counts[told.TAKEN] == len(MARKS)
    assert found.counts[told.OTHERWISE] == found.counts[told.WRONG_YES] == found.counts[told.NOW_WRONG_YES] == 1
    stricter = judge_all(chain, load_catalogue(), STANDARD, SURE)
    assert stricter.counts[told.NOW_WRONG_YES] == 0 and stricter.counts[told.WRONG_YES] == 1


def test_a_form_that_is_not_in_use_is_left_out_and_one_that_was_erased_is_not_there(chain: Paperchain) -> None:
    stored(chain, replace(as_measured(), edition="1999"))
    stored(chain, replace(as_measured(), template_sum="of another text"))
    (gone,) = stored(chain, as_measured())
    assert (judged(chain).forms, judged(chain).left_out) == (1, 2)
    with chain.db.writing() as session:
        review.forget_reading(session.get_one(Part, gone))
    assert (judged(chain).forms, judged(chain).left_out) == (0, 2)


def test_the_command_tells_counts_and_no_names(chain: Paperchain) -> None:
    (part,) = stored(chain, as_measured())
    place = chain.settings.home
    before = paperchain(place, "forms", "judge-again")
    assert before.returncode == 0 and "No officer has confirmed" in before.stdout
    assert confirm(Browser(chain), part, **{DOUBTFUL: "no"}).status_code == 303
    after = paperchain(place, "forms", "judge-again", "--set", "false_yes=1000000", "--set", "missed_yes=100000")
    assert after.returncode == 0, after.stderr
    assert f"1 form, {len(MARKS)} answers by marks." in after.stdout
    yes = next(line.split() for line in after.stdout.splitlines() if "of them taken as yes" in line)
    assert yes[5:8] == ["1", "of", str(len(MARKS))] and yes[-5] == "0"
    for name in (CHILD, CARER, *CHILD.split(), *CARER.split()):
        assert name not in before.stdout + before.stderr + after.stdout + after.stderr


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("marked=1", "did you mean marked_from?"),
        ("marked_from", "needs a number"),
        ("marked_from=much", "needs a number"),
        ("marked_from=nan", "cannot be below 0 or without end"),
        ("marked_from=-1", "cannot be below 0 or without end"),
        ("question=300", "A question must cost least"),
    ],
)
def test_a_wrong_choice_is_wrong_usage_in_one_sentence(tmp_path: Path, choice: str, sentence: str) -> None:
    ended = paperchain(tmp_path / "home", "forms", "judge-again", "--set", choice)
    assert ended.returncode == 2 and sentence in ended.stderr, ended.stderr


def test_every_border_is_shown_with_its_value(tmp_path: Path) -> None:
    shown = paperchain(tmp_path / "home", "forms", "judge-again", "--names")
    assert shown.returncode == 0 and {"false_yes = 200", "marked_from = 0.62"} <= set(shown.stdout.splitlines())
