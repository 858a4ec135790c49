"""R42: papers about several children. Each file has a picture of its own; the earlier child's part is covered on the one that stays."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import delete
from sqlmodel import Session, select

from intake import retaining, several, sorting
from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.consents.items import Category
from records.consents.tables import AgencyRecord
from records.custody.proposal import ProposalKind
from records.custody.tables import Original
from records.db import Database
from records.documents import holdings, keyring
from records.documents.areas import Area, of_pixels, touch
from records.documents.envelope import seal_json
from records.documents.pack import unpack
from records.documents.tables import Document
from records.documents.text import index
from records.documents.text.index import Word
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard import marks
from records.holds import register as holds
from records.holds.kinds import HoldKind, Scope
from records.people import merging, register
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.post import batches, review
from records.post.tables import Confirmation, Item, Page, PagePrint, Part
from records.retention import facts, ledger, run
from records.retention import several as rules_of
from records.retention.schedule import Due, Undated
from records.retention.tables import CoverArea, CoverDecision, Destroyed, PaperAbout, PendingBlob
from records.retention.verifying import still_there
from records.tasks.tables import TaskRow
from records.vocabulary import DocumentKind, PartKind, PartState
from tests.builders import made_on
from tests.intake.test_erasing import shared_scan
from tests.intake.test_retaining import BOTH, dump, restore
from tests.lettering import letter
from tests.retaining import MANAGER, OFFICER, approved, close_all, days_on, family, run_over, there
from tests.reviewing import arrived

SISTER, BROTHER = "Sistercanary Wrenfield", "Brothercanary Wrenfield"
LATER = date(2012, 3, 28)
DECIDED = datetime(2033, 7, 20, 12, tzinfo=UTC)
TOP = Area(100, 50, 400, 100)


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


def as_saved(chain: Paperchain, saved: list[tuple[str, list[dict[str, object]]]], kept: Mapping[str, bytes]) -> None:
    """The home as a backup has it: its rows and its documents, and no others."""
    restore(chain, saved)
    for name in set(chain.store.names()) - set(kept):
        chain.store.delete(name)
    for name, data in kept.items():
        chain.store.put(name, [data])


def due(on: date) -> Due:
    return Due(on, on - timedelta(days=1), "", "")


@pytest.mark.parametrize(
    ("other", "holder", "on", "wanted"),
    [
        pytest.param(due(date(2033, 7, 20)), due(date(2036, 3, 28)), date(2033, 7, 19), False, id="a day early"),
        pytest.param(due(date(2033, 7, 20)), due(date(2036, 3, 28)), date(2033, 7, 20), True, id="R42 the earlier date"),
        pytest.param(due(date(2036, 3, 28)), due(date(2033, 7, 20)), date(2036, 3, 28), False, id="the later child's part"),
        pytest.param(due(date(2033, 7, 20)), due(date(2033, 7, 20)), date(2034, 1, 1), False, id="twins go together"),
        pytest.param(due(date(2033, 7, 20)), Undated("", ""), date(2033, 7, 20), True, id="kept without a date"),
        pytest.param(Undated("", ""), due(date(2036, 3, 28)), date(2050, 1, 1), False, id="never by rule"),
        pytest.param(None, due(date(2036, 3, 28)), date(2020, 1, 1), True, id="that file is gone"),
    ],
)  # fmt: skip
def test_the_earlier_childs_part_is_asked_for_on_their_date(
    other: Due | Undated | None, holder: Due | Undated, on: date, wanted: bool
) -> None:
    assert rules_of.to_cover(other, holder, on) is wanted


def test_what_was_left_comes_back_on_its_day_and_what_was_covered_never() -> None:
    today = date(2033, 8, 1)
    decided = [
        CoverDecision(
            about_id=uuid4(), covered=False, review_on=today + timedelta(days=one), decided_by="x", decided_at=DECIDED
        )
        for one in (1, 0)
    ]
    gone = CoverDecision(about_id=uuid4(), covered=True, decided_by="x", decided_at=DECIDED)
    assert [rules_of.is_open(True, one, today) for one in (None, *decided, gone)] == [True, False, True, False]
    assert not rules_of.is_open(False, None, today)


def test_areas_hold_every_pixel_of_what_they_cover() -> None:
    assert of_pixels((10, 20, 30, 50), (1240, 1754)) == Area(8, 11, 17, 18)
    assert of_pixels((0, 0, 1, 1), (4000, 4000)) == Area(0, 0, 5, 5)
    assert of_pixels((1239, 1753, 1240, 1754), (1240, 1754)) == Area(995, 995, 5, 5)
    assert touch(Area(0, 0, 10, 10), Area(10, 10, 10, 10)) and not touch(Area(0, 0, 10, 10), Area(11, 0, 10, 10))
    for wrong in ((-1, 0, 10, 10), (0, 0, 4, 10), (995, 0, 10, 10)):
        with pytest.raises(ValueError, match="outside"):
            Area(*wrong)


# ---------------------------------------------------------------------------------------------- the homes


def filed_letter(chain: Paperchain, file_id: UUID, *, paper_gone: bool = True) -> UUID:
    """A letter of two pages on a file, whose pages differ in its scan, and whose words name both children."""
    number, part = letter(chain, pages=2, scan=shared_scan()[0])
    with chain.db.reading() as session:
        to, version = session.get_one(ChildFile, file_id).number, session.get_one(Part, part).version
    decided = sorting.ForFile(sorting.SortedAs.LETTER, to, ProposalKind.CABINET, legible=True)
    sorting.sort_part(chain, number, part, decided, actor=OFFICER, version=version)
    with chain.db.writing() as session:
        found = session.get_one(Part, part)
        for page in session.exec(select(Page).where(Page.part_id == part)).all():
            document = session.get_one(Document, page.picture_id)
            index.begin(session, document.id)
            said = [Word(word, 0, 0, 9, 9, 0) for word in f"{SISTER} and {BROTHER}".split()]
            key = keyring.open_key(session, document.key_id)
            index.keep(
                session, document, key, said, item_id=found.item_id, today=chain.clock.today(), at=chain.clock.now()
            )
            session.add(
                PagePrint(page_id=page.id, item_id=found.item_id, key_id=document.key_id, blank="", cells=1, received_on=chain.clock.today(), sealed_print=b"")
            )  # fmt: skip
        stored = holdings.put(chain.store, key, [b"%PDF with all of it"], "application/pdf")
        holdings.hold(
            session, stored, kind=DocumentKind.ARCHIVE, key_id=document.key_id, at=chain.clock.now(), item_id=found.item_id, part_id=part,
            file_id=file_id,
        )  # fmt: skip
        if paper_gone:
            paper = session.exec(select(Original).where(Original.part_id == part)).one()
            paper.state = "returned"
    return part


def two(chain: Paperchain, *, on_earlier: bool = False, **more: bool) -> tuple[UUID, UUID, UUID, PaperAbout]:
    """A brother whose file is due and a sister whose is not, both with a picture of one letter. Their files, the letter's part, and what the
    sister's picture also shows. The letter came to hers, or with `on_earlier` to his."""
    brother = family(chain, BROTHER, "Morgan Wrenfield")
    sister = family(chain, SISTER, "Morgan Wrenfield", born=LATER)
    first, second = (brother, sister) if on_earlier else (sister, brother)
    part = filed_letter(chain, first, **more)
    several.put_on(chain, number(chain, first), part, number(chain, second), actor=OFFICER)
    with chain.db.writing() as session:
        close_all(session, [brother], chain.clock.now())  # post opens a file again
        (row,) = rules_of.of_file(session, session.get_one(ChildFile, sister))
    return brother, sister, part, row


def number(chain: Paperchain, file_id: UUID) -> int:
    with chain.db.reading() as session:
        return session.get_one(ChildFile, file_id).number


def draw(chain: Paperchain, row: PaperAbout, area: Area = TOP, page: int = 0, by: str = OFFICER) -> UUID:
    with chain.db.writing() as session:
        picture = rules_of.pages(session, row)[page].picture_id
        return rules_of.draw(session, row, picture, area, by=by, at=chain.clock.now()).document_id


def cover(chain: Paperchain, file_id: UUID, row: PaperAbout, typed: int | None = 1, by: str = MANAGER) -> several.Done:
    done = several.cover(chain, number(chain, file_id), row.id, typed, actor=by)
    run.finish_blobs(chain.db, chain.store)
    return done


def shown(chain: Paperchain, document_id: UUID) -> NDArray[np.uint8]:
    with chain.db.reading() as session:
        data = holdings.fetch(session, chain.store, session.get_one(Document, document_id))
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


def asked(chain: Paperchain) -> list[tuple[int, int]]:
    with chain.db.reading() as session:
        today = chain.clock.today()
        found = rules_of.asked(session, facts.rules(chain.policy_on, today), today)
        return [(each.number, each.row.other_number) for each in found]


def against(chain: Paperchain, file_id: UUID, row: PaperAbout) -> str:
    with chain.db.reading() as session:
        rules, today = facts.rules(chain.policy_on, chain.clock.today()), chain.clock.today()
        return " ".join(rules_of.against(session, row, session.get_one(ChildFile, file_id), rules, today))


# ---------------------------------------------------------------------------------------------- on each child's file


@pytest.mark.parametrize("on_earlier", [False, True])
def test_each_file_has_its_own_picture_and_the_later_one_stays_whole_when_the_earlier_file_goes(
    chain: Paperchain, on_earlier: bool
) -> None:
    brother, sister, part, row = two(chain, on_earlier=on_earlier)
    with chain.db.reading() as session:
        rows = session.exec(select(PaperAbout)).all()
        assert {(session.get_one(Part, each.part_id).file_id, each.other_number) for each in rows} == {
            (brother, session.get_one(ChildFile, sister).number), (sister, session.get_one(ChildFile, brother).number),
        }  # fmt: skip
        assert {each.paper for each in rows} == {part}
        mine = [page.picture_id for page in rules_of.pages(session, row)]
        key = session.get_one(ChildFile, sister).key_id
        assert {session.get_one(Document, one).key_id for one in mine} == {key}
        assert len(index.find(session, SISTER)) == 4, "both are found by their words"
        day = batches.of_day(session, chain.clock.today()).sums
        assert not day.uncounted and sum(day.places.values()) == day.pages_in
        assert [each.words[:31] for each in session.exec(select(TaskRow).where(TaskRow.kind == several.COPIED))] in (
            [], ["A paper of another file that is"],
        )  # fmt: skip
    before = [shown(chain, one) for one in mine]
    approved(chain, brother)
    assert run_over(days_on(chain, 32)).files == 1
    assert not there(chain, brother) and there(chain, sister)
    assert all(np.array_equal(shown(chain, one), old) for one, old in zip(mine, before, strict=True))
    assert [other for _, other in asked(chain)] == [row.other_number], "it is asked for after his file has gone, too"


def test_a_paper_is_put_on_no_file_where_it_must_not_be(chain: Paperchain) -> None:
    first, second = family(chain, SISTER, born=LATER), family(chain, BROTHER)
    part = filed_letter(chain, first)

    def refused(why: str, other: int | None = None) -> None:
        before = sorted(chain.store.names())
        with pytest.raises(RefusedByRule, match=why):
            several.put_on(chain, number(chain, first), part, other or number(chain, second), actor=OFFICER)
        assert sorted(chain.store.names()) == before

    refused("own file", number(chain, first))
    refused("no file with that number", 999)
    with chain.db.writing() as session:
        file = session.get_one(ChildFile, first)
        marks.mark(session, file, part, GivenByChild.NOT_ASKED, by=OFFICER, at=chain.clock.now())
    refused("has not agreed")
    with chain.db.writing() as session:
        later = chain.clock.now() + timedelta(seconds=1)
        marks.mark(session, session.get_one(ChildFile, first), part, GivenByChild.AGREES, by=OFFICER, at=later)
        session.add(
            AgencyRecord(file_id=first, part_id=part, category=next(iter(Category)), look_id=None, policy_version="1", recorded_by=OFFICER, recorded_at=chain.clock.now())
        )  # fmt: skip
    refused("another agency")
    with chain.db.writing() as session:
        for each in session.exec(select(AgencyRecord)).all():
            session.delete(each)
    with pytest.raises(NotFound):
        several.put_on(chain, number(chain, second), part, number(chain, first), actor=OFFICER)
    several.put_on(chain, number(chain, first), part, number(chain, second), actor=OFFICER)
    refused("already")


def test_three_children_each_show_the_two_others(chain: Paperchain) -> None:
    one, other, third = (family(chain, f"{name} Wrenfield", born=LATER) for name in ("Ash", "Kit", "Robin"))
    part = filed_letter(chain, one)
    for each in (other, third):
        several.put_on(chain, number(chain, one), part, number(chain, each), actor=OFFICER)
    with chain.db.reading() as session:
        rows = session.exec(select(PaperAbout)).all()
        assert len(rows) == 6 and len({each.part_id for each in rows}) == 3 and len({each.paper for each in rows}) == 1


def test_how_to_reach_a_family_is_covered_on_the_copy_of_their_form(chain: Paperchain) -> None:
    """W39: whether contact details may be kept was asked for the first file alone."""
    form = arrived(chain)[0]
    first, second = family(chain, SISTER, born=LATER, part=form), family(chain, BROTHER, born=LATER)
    picture = a_real_form(chain, form, {"telephone": (620, 877, 1240, 1000), "child_name": (10, 20, 30, 50)})
    several.put_on(chain, number(chain, first), form, number(chain, second), actor=OFFICER)
    with chain.db.reading() as session:
        (row,) = rules_of.of_file(session, session.get_one(ChildFile, second))
        (page,) = rules_of.pages(session, row)
        assert session.get_one(Part, row.part_id).kind == PartKind.OTHER
    copy, whole = shown(chain, page.picture_id), shown(chain, picture)
    assert not copy[877:1000, 620:].any() and whole[877:1000, 620:].all()
    assert np.array_equal(copy[:870], whole[:870])


def a_real_form(chain: Paperchain, part_id: UUID, crops: dict[str, tuple[int, int, int, int]]) -> UUID:
    """Gives a confirmed form a picture that opens, and these of its fields a place of their own. Returns the picture's document."""
    out = io.BytesIO()
    Image.new("L", (1240, 1754), 200).save(out, "PNG")
    with chain.db.writing() as session:
        part = session.get_one(Part, part_id)
        page = session.exec(select(Page).where(Page.part_id == part_id)).one()
        old = holdings.replace(
            session, chain.store, session.get_one(Document, page.picture_id), out.getvalue(), "image/png"
        )
        session.add(PendingBlob(name=old))
        read = review.reading_json(session, part)
        fields = read["fields"]
        for name in fields:
            fields[name]["crop"] = [600, 10, 620, 20]
        for name, crop in crops.items():
            fields[name] = {**fields.get(name, next(iter(fields.values()))), "id": name, "crop": list(crop)}
        evidence = session.get_one(Document, part.evidence_id)
        part.sealed_reading = seal_json(keyring.open_key(session, evidence.key_id), read, part.id.bytes)
        return page.picture_id


# ---------------------------------------------------------------------------------------------- covered for good


@BOTH
@pytest.mark.parametrize("on_earlier", [False, True])
def test_what_is_drawn_is_covered_and_nothing_older_is_left(chain: Paperchain, on_earlier: bool) -> None:
    brother, sister, _part, row = two(chain, on_earlier=on_earlier)
    picture = draw(chain, row)
    with chain.db.reading() as session:
        other_page = rules_of.pages(session, row)[1].picture_id
        mine = session.get_one(Part, row.part_id)
        old = {each.id: each.blob for each in session.exec(select(Document).where(Document.item_id == mine.item_id))}
        kept = {other_page: holdings.fetch(session, chain.store, session.get_one(Document, other_page))}
        his = {each.id: each.blob for each in session.exec(select(Document).where(Document.file_id == brother))}
    before = shown(chain, picture)
    assert asked(chain) == [(number(chain, sister), number(chain, brother))]

    for typed, by, why in ((2, MANAGER, "Count them again"), (1, OFFICER, "you drew"), (None, MANAGER, "Count them")):
        with pytest.raises(RefusedByRule, match=why):
            cover(chain, sister, row, typed, by)
    assert np.array_equal(shown(chain, picture), before)
    assert cover(chain, sister, row) == several.Done(1, 1)

    after = shown(chain, picture)
    high, wide = after.shape
    hidden = np.zeros(after.shape, dtype=bool)
    hidden[high * 50 // 1000 : -(-high * 150 // 1000), wide * 100 // 1000 : wide * 500 // 1000] = True
    assert not after[hidden].any() and np.array_equal(after[~hidden], before[~hidden])
    gone = {blob for one, blob in old.items() if one != other_page}
    assert gone and not any(still_there(chain.store, blob) for blob in gone)
    assert all(still_there(chain.store, blob) for blob in his.values()), "his own picture goes with his own file"
    with chain.db.reading() as session:
        assert holdings.fetch(session, chain.store, session.get_one(Document, other_page)) == kept[other_page]
        left = session.exec(select(Document).where(Document.item_id == mine.item_id)).all()
        assert DocumentKind.ARCHIVE not in {each.kind for each in left}
        scans = [each for each in left if each.kind == DocumentKind.SCAN]
        assert [each.page for each in scans] == ([] if on_earlier else [2])
        assert session.get(Document, session.get_one(Item, mine.item_id).scan_id) is not None
        if scans:
            copy = np.asarray(Image.open(io.BytesIO(holdings.fetch(session, chain.store, scans[0]))).convert("L"))
            assert np.array_equal(copy, np.asarray(shared_scan()[1][1])), "the other page is copied without loss"
        words = index.find(session, BROTHER)
        assert picture not in {each.id for each in words} and other_page in {each.id for each in words}
        pages = {page.picture_id: page.id for page in rules_of.pages(session, row)}
        assert session.get(PagePrint, pages[picture]) is None
        assert session.exec(select(CoverArea)).all() == []
        entry = ledger.entries(session)[-1]
        assert (entry.kind, entry.rule, entry.pages, entry.proposed_by, entry.approved_by) == (
            ledger.COVERED, "R42", 1, OFFICER, MANAGER,
        )  # fmt: skip
        assert ledger.check(chain.db.keys, ledger.entries(session)) == 1
        assert "part_covered" in set(session.exec(select(AuditEntry.act)))
        assert sorted(each.blob for each in session.exec(select(Document))) == sorted(chain.store.names())
    assert asked(chain) == []


def test_cut_outs_and_readings_go_where_they_touch_and_stay_elsewhere(chain: Paperchain) -> None:
    """The proof of the sister's own answers stays."""
    form = arrived(chain)[0]
    sister, brother = family(chain, SISTER, born=LATER, part=form), family(chain, BROTHER)
    picture = a_real_form(chain, form, {"child_name": (130, 100, 500, 200), "parent_name": (130, 1500, 500, 1600)})
    with chain.db.writing() as session:  # the officer typed the other child's name, too
        confirmed = session.exec(select(Confirmation).where(Confirmation.part_id == form)).one()
        key = keyring.open_key(session, session.get_one(ChildFile, sister).key_id)
        names = {
            several.filing.OTHER_NAMES: {"proposed": None, "asked": False, "confidence": 1.0, "confirmed": BROTHER}
        }
        confirmed.sealed_answers = seal_json(key, names, confirmed.id.bytes)
    several.put_on(chain, number(chain, sister), form, number(chain, brother), actor=OFFICER)
    with chain.db.reading() as session:
        (row,) = rules_of.of_file(session, session.get_one(ChildFile, sister))
        had = review.reading_json(session, session.get_one(Part, form))["fields"]
        assert had["child_name"]["value"] and had["parent_name"]["value"]
    draw(chain, row)
    cover(chain, sister, row)
    assert not shown(chain, picture)[90:260, 124:620].any()
    with chain.db.reading() as session:
        part = session.get_one(Part, form)
        read = review.reading_json(session, part)["fields"]
        assert (read["child_name"]["value"], read["parent_name"]["value"]) == (None, had["parent_name"]["value"])
        packed = holdings.fetch(session, chain.store, session.get_one(Document, part.evidence_id))
        assert unpack(packed, "child_name") is None and unpack(packed, "store_on_database") is not None
        assert BROTHER not in str(review.last_confirmation(session, part))
        assert part.state == PartState.CONFIRMED


@BOTH
def test_a_hold_or_anything_that_keeps_the_other_file_keeps_its_part_too(chain: Paperchain) -> None:
    brother, sister, _, row = two(chain)
    draw(chain, row)
    assert against(chain, sister, row) == ""
    for of in (brother, sister):
        with chain.db.writing() as session:
            hold = holds.place(
                session, kind=HoldKind.COURT, scope=Scope.FILE, subject_id=of, by=MANAGER, at=chain.clock.now(), authority="A court",
                reason="A claim", reference="1",
            )  # fmt: skip
        with pytest.raises(RefusedByRule, match="Nothing was covered"):
            cover(chain, sister, row)
        with chain.db.writing() as session:
            holds.release(session, hold.id, why="Over", by=MANAGER, at=chain.clock.now())
    with chain.db.writing() as session:  # his last hold ended a moment ago (R45)
        session.execute(delete(holds.HoldRow))
        session.get_one(ChildFile, brother).closed_at = None
    assert "Nobody has closed this file" in against(chain, sister, row)
    with chain.db.writing() as session:
        session.get_one(ChildFile, brother).closed_at = chain.clock.now()
    with chain.db.reading() as session:
        his = rules_of.of_file(session, session.get_one(ChildFile, brother))[0]
    assert "kept to" in against(chain, brother, his), "her part on his picture is not due"
    assert cover(chain, sister, row).areas == 1


def test_a_hold_that_is_placed_while_the_picture_is_being_covered_wins(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, sister, _, row = two(chain)
    picture = draw(chain, row)
    before, names = shown(chain, picture), sorted(chain.store.names())
    meanwhile(monkeypatch, lambda: hold(chain, sister))
    with pytest.raises(RefusedByRule, match="hold"):
        cover(chain, sister, row)
    assert np.array_equal(shown(chain, picture), before) and sorted(chain.store.names()) == names


def test_whoever_draws_meanwhile_is_not_overlooked(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    _, sister, _, row = two(chain)
    draw(chain, row)
    meanwhile(monkeypatch, lambda: draw(chain, row, Area(0, 500, 900, 90)))
    with pytest.raises(ChangedMeanwhile, match="drew or took away"):
        cover(chain, sister, row)
    assert cover(chain, sister, row, 2).areas == 2
    with pytest.raises(RefusedByRule, match="Draw what is covered first"):
        cover(chain, sister, row)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Something happens after the pictures were covered and before anything is saved: between the two transactions."""
    burn = several._burnt

    def burnt(chain: Paperchain, session: Session, areas: Mapping[UUID, Sequence[Area]]) -> dict[UUID, bytes]:
        found = burn(chain, session, areas)
        monkeypatch.setattr(several, "_burnt", burn)
        act()
        return found

    monkeypatch.setattr(several, "_burnt", burnt)


def hold(chain: Paperchain, file_id: UUID) -> None:
    with chain.db.writing() as session:
        holds.place(
            session, kind=HoldKind.POLICE_OR_INQUIRY, scope=Scope.FILE, subject_id=file_id, by=MANAGER, at=chain.clock.now(), authority="Police",
            reason="An inquiry", reference="1",
        )  # fmt: skip


def test_a_paper_that_is_still_here_is_told_and_a_picture_that_does_not_open_changes_nothing(chain: Paperchain) -> None:
    _, sister, part, row = two(chain, paper_gone=False)
    draw(chain, row)
    cover(chain, sister, row)
    with chain.db.reading() as session:
        paper = session.exec(select(Original.number).where(Original.part_id == part)).one()
        words = [each.words for each in session.exec(select(TaskRow).where(TaskRow.kind == several.AGAIN))]
        assert words == [
            f"Paper O-{paper} still shows what was covered on its picture. Give it back or put it in confidential waste."
        ]
    picture = draw(chain, row, page=1)
    with chain.db.writing() as session:
        old = holdings.replace(
            session, chain.store, session.get_one(Document, picture), b"\x89PNG nothing", "image/png"
        )
    chain.store.delete(old)
    names = sorted(chain.store.names())
    with pytest.raises(RefusedByRule, match="cannot be opened, so nothing was saved"):
        cover(chain, sister, row)
    assert sorted(chain.store.names()) == names


# ---------------------------------------------------------------------------------------------- asked for, left, and older backups


def test_managers_have_one_task_until_all_is_decided_and_what_is_left_comes_back(chain: Paperchain) -> None:
    _, sister, _, row = two(chain)

    def call(on: Paperchain = chain) -> int:
        with on.db.writing() as session:
            rules = facts.rules(on.policy_on, on.clock.today())
            return rules_of.call_for(session, rules, today=on.clock.today(), at=on.clock.now())

    def tasks() -> list[bool]:
        with chain.db.reading() as session:
            rows = session.exec(select(TaskRow).where(TaskRow.kind == rules_of.COVER)).all()
            assert all(each.file_id is None and "PC-" not in each.words for each in rows), (
                "it tells nobody's birthday (R51)"
            )
            return [each.closed_at is None for each in rows]

    assert (call(), call(), tasks()) == (1, 1, [True])
    today = chain.clock.today()
    with chain.db.writing() as session:
        for why, review_on, said in (
            (" ", today, "Say why"), ("A claim" * 100, today, "at most"), ("A claim", None, "after today"), ("A claim", today, "after today"),
        ):  # fmt: skip
            with pytest.raises(RefusedByRule, match=said):
                rules_of.leave(session, row, why, review_on, by=MANAGER, at=chain.clock.now())
        rules_of.leave(session, row, "A claim of both", today + timedelta(days=20), by=MANAGER, at=chain.clock.now())
    assert (call(), tasks()) == (0, [False])
    with chain.db.reading() as session:
        (decided,) = rules_of.decisions(session, row)
        assert b"claim" not in (decided.sealed or b"")
        assert rules_of.reason_of(session, row, decided) == "A claim of both"
    assert (call(days_on(chain, 19)), call(days_on(chain, 20)), tasks()) == (0, 1, [False, True])
    assert asked(days_on(chain, 20)) == [(number(chain, sister), row.other_number)]


def test_two_files_that_turn_out_to_be_one_child_ask_for_nothing(chain: Paperchain) -> None:
    brother, sister, _, row = two(chain)
    with chain.db.writing() as session:
        merging.merge(
            session, register.get(session, sister), register.get(session, brother), why="One child", by=OFFICER, at=chain.clock.now()
        )  # fmt: skip
    assert asked(chain) == []
    assert "no longer" in against(chain, sister, row) or "closed" in against(chain, sister, row)


@BOTH
@pytest.mark.parametrize("on_earlier", [False, True])
def test_an_older_backup_is_covered_again(chain: Paperchain, on_earlier: bool) -> None:
    """P12: afterwards it is as the live one; doing it twice changes nothing, and what the backup does not know is left alone."""
    _, sister, _, row = two(chain, on_earlier=on_earlier)
    saved, kept = dump(chain), {name: chain.store.get(name) for name in chain.store.names()}
    picture = draw(chain, row)
    cover(chain, sister, row)
    after = shown(chain, picture)
    retaining.keep_ledger(chain)
    told = ledger.read(retaining.ledger_file(chain).read_text("ascii"))
    as_saved(chain, saved, kept)
    assert not np.array_equal(shown(chain, picture), after)
    with pytest.raises(RefusedByRule), chain.db.writing() as session:
        ledger.replay(session, chain.store, told)
    for _ in range(2):
        with chain.db.writing() as session:
            ledger.replay(session, chain.store, told, covers=retaining.tools(chain).covers)
        assert np.array_equal(shown(chain, picture), after)
        with chain.db.reading() as session:
            assert len(session.exec(select(Destroyed)).all()) == 1
            every = session.exec(select(Document)).all()
            assert sorted(each.blob for each in every) == sorted(chain.store.names())
            assert picture not in {each.id for each in index.find(session, BROTHER)}


def test_an_older_backup_in_which_the_post_was_not_read_asks_a_person(chain: Paperchain) -> None:
    _, sister, _, row = two(chain)
    draw(chain, row)
    cover(chain, sister, row)
    retaining.keep_ledger(chain)
    told = ledger.read(retaining.ledger_file(chain).read_text("ascii"))
    with chain.db.writing() as session:
        session.exec(select(Destroyed)).one()
        session.execute(delete(Destroyed))
        for page in rules_of.pages(session, row):
            session.delete(session.get_one(Document, page.picture_id))
            session.delete(page)
    with chain.db.writing() as session:
        ledger.replay(session, chain.store, told, covers=retaining.tools(chain).covers)
        words = [each.words for each in session.exec(select(TaskRow).where(TaskRow.kind == several.AGAIN))]
        assert len(words) == 1 and "Cover it again" in words[0]


def test_a_paper_is_reached_through_its_own_file_alone(chain: Paperchain) -> None:
    brother, sister, _, row = two(chain)
    with chain.db.reading() as session:

        def of(file_id: UUID, session: Session = session) -> ChildFile:
            return session.get_one(ChildFile, file_id)

        assert rules_of.one(session, of(sister), row.id).id == row.id
        for file_id, about in ((brother, row.id), (sister, uuid4())):
            with pytest.raises(NotFound):
                rules_of.one(session, of(file_id), about)
        with pytest.raises(NotFound):
            rules_of.draw(session, row, uuid4(), TOP, by=OFFICER, at=chain.clock.now())
