"""R70, W42: a complaint can be made on a form that is filled in on a screen."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdf
import pypdfium2
import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.requests.complaint import FIELDS
from records.vocabulary import Role
from tests import builders
from tests.reviewing import Browser

SAVED = "Jordan Invented said “No” on 3 May"


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


def test_the_form_for_a_screen_takes_words_where_the_printed_one_has_room(chain: Paperchain) -> None:
    who = Browser(chain, Role.ADMIN)
    assert "/requests/complaint-form/on-screen" in who.get("/requests").text
    answer = who.get("/requests/complaint-form/on-screen")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="complaint-form.pdf"'
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(answer.content))
    fields = writer.get_fields() or {}
    assert list(fields) == [name for name, _, _ in FIELDS]
    assert all(str(fields[name]["/TU"]).startswith(name) for name, _, _ in FIELDS), "a screen reader says the question"
    assert not any(each.get("/V") for each in fields.values()), "it is blank"

    before = drawn(answer.content)
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict.fromkeys(fields, SAVED), auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    filled = pypdf.PdfReader(io.BytesIO(out.getvalue()))
    assert {str(each["/V"]) for each in (filled.get_fields() or {}).values()} == {SAVED}
    inked = drawn(out.getvalue()) < before
    for page in filled.pages:
        for note in page["/Annots"]:
            left, low, right, high = (float(each) for each in note.get_object()["/Rect"])
            top, bottom = 842 - high, 842 - low
            assert inked[int(top * 2) : int(bottom * 2), int(left * 2) : int(right * 2)].any(), (
                "what is typed is seen in its room"
            )
            inked[int(top * 2) - 2 : int(bottom * 2) + 3, int(left * 2) - 2 : int(right * 2) + 3] = False
    assert not inked.any(), "and nowhere else"


def test_the_form_is_made_once_and_anew_when_the_service_is_called_otherwise(chain: Paperchain) -> None:
    """Starting the locked-in process takes most of a second; two made for themselves differ in their marks of time."""
    who = Browser(chain, Role.ADMIN)
    first, again = (who.get("/requests/complaint-form/on-screen").content for _ in range(2))
    assert first == again
    who.app.state.desk.service_name = "Another Invented Service"
    words = pypdf.PdfReader(io.BytesIO(who.get("/requests/complaint-form/on-screen").content)).pages[0].extract_text()
    assert "Another Invented Service" in words


def test_each_of_its_fields_is_in_the_structure_that_a_screen_reader_goes_through(chain: Paperchain) -> None:
    reader = pypdf.PdfReader(io.BytesIO(Browser(chain).get("/requests/complaint-form/on-screen").content))
    tree = reader.root_object["/StructTreeRoot"]
    numbers = tree["/ParentTree"]
    pairs = [
        list(each["/Nums"])
        for each in [numbers, *(each.get_object() for each in numbers.get("/Kids", ()))]
        if "/Nums" in each
    ]
    parents = {int(every[at]): every[at + 1].get_object() for every in pairs for at in range(0, len(every), 2)}
    notes = [each.get_object() for page in reader.pages for each in page["/Annots"]]
    for note in notes:
        element = parents[int(note["/StructParent"])]
        assert (element["/S"], element["/K"]["/Obj"]["/T"]) == ("/Form", note["/T"])
        assert element.indirect_reference in [
            each.indirect_reference for each in map(pypdf.generic.PdfObject.get_object, element["/P"]["/K"])
        ]
    assert reader.root_object["/Lang"] and all(page["/Tabs"] == "/S" for page in reader.pages if "/Annots" in page)


def drawn(pdf: bytes) -> np.ndarray:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return np.asarray(document[0].render(scale=2, may_draw_forms=True).to_pil().convert("L"))
