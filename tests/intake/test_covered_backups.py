"""R42, P12: what was covered stays covered in every older backup, however far its form had come there, and what is left can be used."""

from collections.abc import Callable
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlmodel import col, select

from forms.results import FormReading
from intake import arranging, filing, retaining, several
from intake.wiring import Paperchain
from records.documents import holdings, keyring
from records.documents.envelope import unseal_json
from records.documents.pack import unpack
from records.documents.tables import Document
from records.errors import RefusedByRule
from records.people.tables import ChildFile
from records.post import review
from records.post.arrangement import Edit
from records.post.tables import Confirmation, Item, Part
from records.retention import ledger, run
from records.retention import several as rules_of
from records.retention.tables import PaperAbout
from records.vocabulary import PartState
from tests.intake.test_retaining import dump
from tests.intake.test_several import (
    BROTHER,
    LATER,
    SISTER,
    a_real_form,
    as_saved,
    chain,
    cover,
    database_kind,
    draw,
    number,
    shown,
)
from tests.retaining import OFFICER, close_all, family
from tests.reviewing import Browser, arrived, confirm, state_of

__all__ = ["chain", "database_kind"]

NAME_AND_BOX = {"child_name": (130, 100, 500, 200), "store_on_database": (130, 210, 200, 250)}
"""Where the area that is drawn in these tests lies on a page of 1240 by 1754."""


def covered_form(chain: Paperchain, form: UUID) -> tuple[UUID, PaperAbout]:
    """The form is confirmed on a sister's file and put on her brother's, whose part of it is covered then. His part of hers."""
    sister = family(chain, SISTER, "Morgan Wrenfield", born=LATER, part=form)
    brother = family(chain, BROTHER, "Morgan Wrenfield")
    several.put_on(chain, number(chain, sister), form, number(chain, brother), actor=OFFICER)
    with chain.db.writing() as session:
        close_all(session, [brother], chain.clock.now())  # post opens a file again
        (row,) = rules_of.of_file(session, session.get_one(ChildFile, sister))
    draw(chain, row)
    cover(chain, sister, row)
    return sister, row


def put_back(chain: Paperchain) -> Callable[[], None]:
    """A backup of now; what it returns puts it back and takes out of it what was destroyed since."""
    run.finish_blobs(chain.db, chain.store)
    saved, kept = dump(chain), {name: chain.store.get(name) for name in chain.store.names()}

    def back() -> None:
        retaining.keep_ledger(chain)
        told = ledger.read(retaining.ledger_file(chain).read_text("ascii"))
        as_saved(chain, saved, kept)
        for _ in range(2):
            with chain.db.writing() as session:
                ledger.replay(session, chain.store, told, covers=retaining.tools(chain).covers)

    return back


def test_a_form_that_nobody_had_confirmed_stays_covered_and_asks_for_what_went(chain: Paperchain) -> None:
    form = arrived(chain)[0]
    picture = a_real_form(chain, form, NAME_AND_BOX)
    back = put_back(chain)
    covered_form(chain, form)
    after = shown(chain, picture)
    back()
    assert np.array_equal(shown(chain, picture), after)
    with chain.db.reading() as session:
        part = session.get_one(Part, form)
        read = FormReading.from_json(review.reading_json(session, part))
        packed = holdings.fetch(session, chain.store, session.get_one(Document, part.evidence_id))
        asked = part.doubtful
        for name in NAME_AND_BOX:
            field = read.fields[name]
            assert (field.value, field.review, field.cut_out, field.reason) == (None, True, False, several.UNREAD)
            assert unpack(packed, name) is None
        assert read.fields["parent_name"].cut_out and unpack(packed, "parent_name") is not None
        assert read.notes.count(several.NOTE) == 1, "doing it again says nothing twice"
    officer = Browser(chain)
    page = officer.get(f"/review/{form}").text
    assert several.NOTE in page and several.UNREAD in page
    assert f"{asked} answers need you" in page and asked == 2
    assert "/crops/store_on_database" not in page and "/crops/child_name" not in page
    for source in {each.split('"')[0] for each in page.split('src="')[1:] if each.startswith("/review/")}:
        assert officer.get(source).status_code == 200, source
    with chain.db.reading() as session:  # no other copy of the scan shows it
        left = session.exec(select(Document)).all()
        assert sorted(each.blob for each in left) == sorted(chain.store.names())
    # ‘Cannot tell’ never means yes: the form waits outside the files.
    assert confirm(officer, form, store_on_database="unclear").status_code in (200, 303)
    assert state_of(chain, form) is PartState.QUARANTINED


def test_what_is_left_of_such_a_form_can_be_confirmed(chain: Paperchain) -> None:
    form = arrived(chain)[0]
    a_real_form(chain, form, NAME_AND_BOX)
    back = put_back(chain)
    covered_form(chain, form)
    back()
    officer = Browser(chain)
    assert confirm(officer, form, store_on_database=None).status_code == 422, "it has to be answered"
    assert confirm(officer, form).status_code == 303
    assert state_of(chain, form) is PartState.CONFIRMED


def test_how_pages_were_arranged_before_cannot_bring_it_back(chain: Paperchain) -> None:
    """In the backup somebody had put the form aside as a page to sort by hand, and can undo that."""
    form = arrived(chain)[0]
    picture = a_real_form(chain, form, NAME_AND_BOX)
    with chain.db.reading() as session:
        item = session.exec(select(Item)).one().number
    arranging.edit(chain, item, Edit.BY_HAND, 1, actor=OFFICER, arranged=0)
    back = put_back(chain)
    arranging.undo(chain, item, actor=OFFICER, arranged=1)
    covered_form(chain, form)
    after = shown(chain, picture)
    back()
    assert np.array_equal(shown(chain, picture), after)
    with pytest.raises(RefusedByRule, match="cannot be undone"):
        arranging.undo(chain, item, actor=OFFICER, arranged=1)
    with chain.db.reading() as session:
        (part,) = session.exec(select(Part)).all()
        assert (part.state, part.sealed_reading) == (PartState.TO_SORT, None)
        assert sorted(each.blob for each in session.exec(select(Document))) == sorted(chain.store.names())
        assert all(
            not holdings.fetch(session, chain.store, each).count(b"child_name")
            for each in session.exec(select(Document))
        )


def test_a_form_that_waited_outside_the_files_first_is_covered_and_its_names_go(chain: Paperchain) -> None:
    """What was typed then is under the key of the post, and not of the file."""
    form = arrived(chain)[0]
    a_real_form(chain, form, NAME_AND_BOX)
    officer = Browser(chain)
    names = {"more-children": "yes", "other-children": BROTHER}
    assert confirm(officer, form, store_on_database="unclear", **names).status_code in (200, 303)
    assert state_of(chain, form) is PartState.QUARANTINED
    back = put_back(chain)

    def typed() -> list[object]:
        with chain.db.reading() as session:
            part = session.get_one(Part, form)
            ids = [session.get_one(Item, part.item_id).key_id]
            if part.file_id:
                ids.append(session.get_one(ChildFile, part.file_id).key_id)
            keys = [keyring.open_key(session, one) for one in ids]
            rows = session.exec(select(Confirmation).order_by(col(Confirmation.confirmed_at))).all()
            mine = [row for row in rows if row.part_id == form]
            return [
                unseal_json(key, row.sealed_answers, row.id.bytes).get(filing.OTHER_NAMES, {}).get("confirmed")
                for row, key in zip(mine, keys, strict=False)
            ]

    assert typed() == [BROTHER]
    covered_form(chain, form)
    assert typed() == [None, None]
    back()
    assert typed() == [None]
    assert BROTHER not in Browser(chain, name=uuid4().hex).get(f"/review/{form}").text
