"""Finding a file by what somebody typed: nearly the name, the birth date in any usual form, both; access before any limit."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from records.clock import Clock
from records.db import Database
from records.people import index, known, merging, register, waves
from records.people.birthdates import BirthDate
from records.people.facts import Details
from records.people.matching import words_of
from records.people.name_keys import keys_of_word, sound
from records.people.search import MOST_SHOWN, find, taken_apart
from records.people.short_names import long_forms
from records.people.tables import ChildFile, SearchSpelling, SearchToken
from records.retention import reach

BORN = BirthDate.on(date(2011, 5, 14))
TODAY = date(2026, 11, 20)
LEE, SAM = uuid4(), uuid4()


def everybody(_: ChildFile) -> bool:
    return True


def lees(file: ChildFile) -> bool:
    return file.officer_id == LEE


def opened(
    database: Database, clock: Clock, number: int, name: str, born: BirthDate | None = BORN, officer: UUID = LEE, carer: str = ""
) -> UUID:  # fmt: skip
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=officer, child_name=name, actor="lee", at=clock.now(), number=number
        )
        if born is not None:
            register.add_birth_date(session, file, born, part_id=None, actor="lee", at=clock.now())
        if carer:
            register.add_person(session, file, kind=register.CARER, name=carer, actor="lee", at=clock.now())
        return file.id


def numbers(database: Database, typed: str, may: index.MayOpen = everybody) -> list[int]:
    with database.reading() as session:
        return [hit.number for hit in find(session, typed, may, TODAY).hits]


@pytest.mark.parametrize(
    ("typed", "name", "born"),
    [
        ("14/5/2011", "", "2011-05-14"), ("14.05.11", "", "2011-05-14"), ("14 5 2011", "", "2011-05-14"), ("14-5-2011", "", "2011-05-14"),
        ("14 May 2011", "", "2011-05-14"), ("14th may 11", "", "2011-05-14"), ("1 Sept 2011", "", "2011-09-01"), ("2011-05-14", "", "2011-05-14"),
        ("14052011", "", "2011-05-14"), ("May 2011", "", "2011-05"), ("Rowan Testwood 14/5/2011", "Rowan Testwood", "2011-05-14"),
        ("14 May 2011, Rowan", "Rowan", "2011-05-14"), ("14/5/63", "", "1963-05-14"), ("31/2/2011", "31/2/2011", None), ("5/14/2011", "5/14/2011", None),
        ("14 Mai 2011", "14 Mai 2011", None), ("April Testwood", "April Testwood", None), ("Rowan-Lee", "Rowan-Lee", None), ("", "", None),
        ("2011-13-01", "2011-13-01", None),
    ],
)  # fmt: skip
def test_what_was_typed_is_taken_apart_day_first(typed: str, name: str, born: str | None) -> None:
    """R41."""
    found = taken_apart(typed, TODAY)
    assert (found.name, found.born) == (name, born)


@given(st.text(max_size=40))
def test_nothing_that_can_be_typed_breaks_the_taking_apart(typed: str) -> None:
    assert len(taken_apart(typed, TODAY).name) <= len(typed) + 1
    assert all(len(key) <= 16 for word in words_of(typed) for key in keys_of_word(word).all)


@pytest.mark.parametrize(
    ("one", "other"),
    [("stephen", "steven"), ("katherine", "catherine"), ("kathryn", "katherine"), ("geoffrey", "jeffrey"), ("phillip", "filip"), ("wright", "right")],
)  # fmt: skip
def test_names_that_sound_alike_share_a_key(one: str, other: str) -> None:
    assert keys_of_word(one).all & keys_of_word(other).all
    assert len(sound(one)) >= 3


def test_a_short_name_leads_to_its_long_forms() -> None:
    assert long_forms("tom") == {"thomas"}
    assert {"alexander", "alexandra"} <= long_forms("alex")
    assert long_forms("rowan") == frozenset()


@given(st.text("abcdefgh", min_size=4, max_size=10), st.data())
def test_one_slip_anywhere_still_meets(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    kind = data.draw(st.sampled_from("drit"))
    letter = data.draw(st.sampled_from("xyz"))
    slipped = {
        "d": word[:at] + word[at + 1 :], "r": word[:at] + letter + word[at + 1 :], "i": word[:at] + letter + word[at:],
        "t": word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at else word,
    }[kind]  # fmt: skip
    ours, theirs = keys_of_word(word), keys_of_word(slipped)
    assert (ours.near | {ours.same}) & (theirs.near | {theirs.same})


@pytest.mark.parametrize(
    "typed",
    [
        "Rowan Testwood", "rowen testwod", "Testwood", "Rowan", "Row", "Testwood Rowan", "Roawn Testwood", "Rowan James Testwood", "Testwood 14/5/2011", "May 2011",
        "RÓWAN\u202e testwood",
    ],
)  # fmt: skip
def test_the_child_is_found_however_it_is_typed(database: Database, clock: Clock, typed: str) -> None:
    opened(database, clock, 1, "Rowan Testwood")
    opened(database, clock, 2, "Quentin Nobody", BirthDate.on(date(2010, 1, 1)))
    assert numbers(database, typed) == [1]


@pytest.mark.parametrize(
    ("name", "parts", "others"),
    [
        ("王小明", ["王", "小明", "王小", "明", "王 小明", "王小明", "小明 14/5/2011", "王 14/5/2011"], ["李", "小红", "王明", "小王"]),
        ("欧阳晓晨", ["欧阳", "晓晨", "晨"], ["阳欧"]),
        ("佐々木翔太", ["佐々木", "翔太", "々木", "佐々木 翔太", "木翔"], ["鈴木", "翔子"]),
        ("やまだ はなこ", ["やまだ", "はなこ", "やまだはなこ", "まだ"], ["すずき"]),
        ("マイケル・ジャクソン", ["マイケル", "ジャクソン", "ｼﾞｬｸｿﾝ"], ["ジョンソン"]),
        ("김민준", ["김", "민준", "김민준", "김 민준", "준"], ["박", "지우", "민서"]),
        ("이 서연", ["이서연", "서연", "이"], ["지우"]),
        ("Anna 陈", ["陈", "anna"], ["王"]),
    ],
)  # fmt: skip
def test_a_part_of_a_name_that_is_written_without_a_space_is_found(
    database: Database, clock: Clock, name: str, parts: list[str], others: list[str]
) -> None:
    """Chinese, Japanese and Korean: the whole name found its file, the family name or the given name alone found nothing."""
    opened(database, clock, 1, name)
    opened(database, clock, 2, "Rowan Testwood")
    assert {part: numbers(database, part) for part in parts} == {part: [1] for part in parts}
    assert {part: numbers(database, part) for part in others} == {part: [] for part in others}
    assert numbers(database, parts[0], lambda file: file.officer_id == SAM) == []


def test_the_whole_name_comes_before_those_that_hold_a_part_of_it(database: Database, clock: Clock) -> None:
    for number, name in enumerate(("王小明", "小明", "李小明", "王小红"), 1):
        opened(database, clock, number, name)
    assert numbers(database, "小明")[0] == 2
    assert sorted(numbers(database, "小明")) == [1, 2, 3]
    assert sorted(numbers(database, "王")) == [1, 4]
    assert numbers(database, "王小明") == [1], "others of that family or given name are not who was meant"


def test_a_part_of_a_name_leads_to_no_file_of_others_and_goes_with_the_last_file(
    database: Database, clock: Clock
) -> None:
    mine = opened(database, clock, 1, "王小明")
    opened(database, clock, 2, "王小红", officer=SAM)
    assert numbers(database, "王", lees) == [1]
    assert numbers(database, "小红", lees) == []
    with database.writing() as session:
        reach.erase(session, reach.of_files(session, [register.get(session, mine)]))
    assert numbers(database, "小明") == []
    assert numbers(database, "王") == [2]
    with database.reading() as session:
        assert set(session.exec(select(SearchSpelling.word))) == set(index.spellings_of(session, "王小红"))


def test_a_name_and_a_birth_date_find_what_has_both(database: Database, clock: Clock) -> None:
    opened(database, clock, 1, "Rowan Testwood")
    opened(database, clock, 2, "Rowan Testwood", BirthDate.on(date(2012, 1, 1)))
    opened(database, clock, 3, "Alex Sample")
    assert numbers(database, "rowan testwod 14.5.2011") == [1]
    assert sorted(numbers(database, "14.5.2011")) == [1, 3]


def test_files_of_others_never_push_ones_own_out_of_the_list(database: Database, clock: Clock) -> None:
    """Access is asked before any limit: a limit of fifty once hid an officer's own file behind fifty that they may not open."""
    opened(database, clock, 1, "Rowan Testwood")
    with database.writing() as session:
        for number in range(2, MOST_SHOWN + 4):
            file = register.open_file(
                session, officer_id=SAM, child_name="Rowan Testwood", actor="sam", at=clock.now(), number=number
            )
            register.add_birth_date(session, file, BORN, part_id=None, actor="sam", at=clock.now())
    assert numbers(database, "Rowan Testwood", lees) == [1]
    assert numbers(database, "14/5/2011", lees) == [1]
    with database.reading() as session:
        found = find(session, "Rowan Testwood", everybody, TODAY)
        assert (len(found.hits), found.more) == (MOST_SHOWN, True)
        assert not find(session, "Rowan Testwood", lees, TODAY).more
        assert [one.file.number for one in register.find_by_name(session, "Rowan Testwood", lees)] == [1]


def test_a_number_of_somebody_elses_file_finds_nothing(database: Database, clock: Clock) -> None:
    opened(database, clock, 7, "Rowan Testwood", officer=SAM)
    with database.reading() as session:
        assert find(session, "PC-0007", everybody, TODAY).exact_number == 7
        for typed in ("PC-0007", "7"):
            assert find(session, typed, lees, TODAY) == find(session, "PC-0099", lees, TODAY)


def test_two_children_of_one_name_and_birthday_are_told_apart(database: Database, clock: Clock) -> None:
    opened(database, clock, 1, "Rowan Testwood", carer="Morgan Testwood")
    opened(database, clock, 2, "Rowan Testwood", carer="Alex Sample")
    opened(database, clock, 3, "Rowan Testwood", BirthDate.on(date(2012, 1, 1)), carer="Kim Other")
    with database.reading() as session:
        also = {hit.number: hit.also for hit in find(session, "Rowan Testwood", everybody, TODAY).hits}
    assert also == {1: "Morgan Testwood", 2: "Alex Sample", 3: ""}


def test_a_joined_file_leads_once_to_the_one_that_is_kept_and_only_who_may_open_both(
    database: Database, clock: Clock
) -> None:
    kept = opened(database, clock, 1, "Rowan Testwood")
    taken = opened(database, clock, 2, "Rowen Pretend", officer=SAM)
    with database.writing() as session:
        merging.merge(
            session, register.get(session, kept), register.get(session, taken), why="Same", by="lee", at=clock.now()
        )
    for typed in ("Rowen Pretend", "Rowan Testwood", "PC-0002"):
        assert numbers(database, typed) == [1]
        assert numbers(database, typed, lambda file: file.officer_id == SAM) == []
    assert numbers(database, "Rowen Pretend", lees) == []


def test_a_new_name_is_found_and_the_old_one_too(database: Database, clock: Clock) -> None:
    file_id = opened(database, clock, 1, "Rowan Testwood")
    with database.writing() as session:
        child = register.people(session, register.get(session, file_id))[0]
        known.record(
            session, file_id, child.id, Details("Rowan Pretend", "self"), true_on=TODAY, actor="lee", at=clock.now()
        )
    assert numbers(database, "Rowan Pretend") == numbers(database, "Rowan Testwood") == [1]
    with database.reading() as session:
        assert find(session, "Pretend", everybody, TODAY).hits[0].name == "Rowan Pretend"


def test_keys_of_an_older_form_are_made_anew(database: Database, clock: Clock) -> None:
    file_id = opened(database, clock, 1, "Rowan Testwood")
    with database.writing() as session:
        index.renew(session, file_id, [], [])
        session.add(SearchToken(token=b"x" * 16, file_id=file_id))
    assert numbers(database, "Rowan") == []
    with database.writing() as session:
        assert register.reindex(session, 10) == 1
        assert register.reindex(session, 10) == 0
    assert numbers(database, "rowan testwod") == numbers(database, "14 May 2011") == [1]


def test_a_word_that_no_file_holds_any_more_leaves_no_spelling(database: Database, clock: Clock) -> None:
    """R48: what tells of a family goes with it, though it is only a keyed hash; what another family needs stays."""
    first = opened(database, clock, 1, "Rowan Testwood", carer="Unusual Testwood")
    opened(database, clock, 2, "Rowan Sample", BirthDate.on(date(2012, 1, 1)))
    with database.reading() as session:
        gone, stays = (set(index.spellings_of(session, name)) for name in ("Unusual Testwood", "Rowan Sample"))
    with database.writing() as session:
        reach.erase(session, reach.of_files(session, [register.get(session, first)]))
    with database.reading() as session:
        assert set(session.exec(select(SearchSpelling.word))) == stays
        assert not gone & set(session.exec(select(SearchToken.token)))
    assert numbers(database, "Testwood") == []
    assert numbers(database, "rowen sampel") == [2]


@pytest.mark.parametrize(("page", "few", "slicing"), [(120, 150, 3000), (3, 0, 3000), (3, 0, 2), (2, 150, 3000)])
def test_the_nearest_spellings_come_first_however_many_are_alike(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch, page: int, few: int, slicing: int
) -> None:
    """However the lists of files are laid together, and whether or not all of them can be put in order at once."""
    for name, value in (("PAGE", page), ("FEW", few), ("WORTH_SLICING", slicing)):
        monkeypatch.setattr(waves, name, value)
    for number, name in enumerate(
        ("Rowan Testwood", "Rowena Testcase", "Roweena Testament", "Rowen Testwod", "Rowan Testwod", "Rowan Testwood", "Rowlin Testify", "Other Name"), 1
    ):  # fmt: skip
        opened(database, clock, number, name)
    with database.reading() as session:
        found = [one.file.number for one in index.by_name(session, "Rowan Testwood", everybody, 50)]
        assert (found[:4], sorted(found)) == ([6, 1, 5, 4], [1, 2, 3, 4, 5, 6, 7])
        first = [one.file.number for one in index.by_name(session, "Rowan Testwood", everybody, 3)]
        assert first[:2] == [6, 1]
        assert first[2] in (4, 5)
        none_of_them = index.by_name(session, "Rowan Testwood", lambda file: file.number not in (6, 1), 50)
        assert [one.file.number for one in none_of_them][:2] == [5, 4]
        assert index.by_name(session, "Rowan Other Testwood", everybody, 50)[0].file.number == 6


@pytest.mark.parametrize(
    "typed", ["%", "_", "'; DROP TABLE person;--", "\x00", "\ud800", "x" * 5000, "/" * 300, "0" * 50, "👩‍👧"]
)
def test_odd_input_finds_nothing_and_breaks_nothing(database: Database, clock: Clock, typed: str) -> None:
    opened(database, clock, 1, "Rowan Testwood")
    assert numbers(database, typed) == []
