"""Truth files are read line by line; what cannot be used is named by its line, never by what it says."""

import json

import pytest

from forms.accuracy.truth import TruthError, file_truths, form_truths
from forms.template import Kind

ROW = {
    "file": "a.pdf", "pages": [2, 1], "form": "westminster-consent", "difficulty": "hard",
    "fields": {
        "contact_by_post": {"kind": "yes_no", "value": "yes", "flags": ["corrected"]},
        "child_name": {"kind": "text", "value": "Ada Invented", "flags": ["lost"]},
    },
    "pen": "pencil",
}  # fmt: skip


def test_a_row_is_taken_with_its_pages_in_the_form_s_order() -> None:
    (form,) = form_truths([json.dumps(ROW), "", "  "])
    assert (form.file, form.pages, form.difficulty, form.edition) == ("a.pdf", (2, 1), "hard", None)
    assert form.fields["contact_by_post"].kind is Kind.YES_NO


def test_corrected_marks_are_unsettled_and_lost_writing_is_not_counted() -> None:
    (form,) = form_truths([json.dumps(ROW)])
    assert form.fields["contact_by_post"].unsettled and form.fields["contact_by_post"].counts
    assert not form.fields["child_name"].unsettled and not form.fields["child_name"].counts


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("no json", "Line 2 of truth.jsonl is not JSON."),
        ("[1]", "Line 2 of truth.jsonl is not a JSON object."),
        (json.dumps({**ROW, "fields": {"x": {"kind": "riddle", "value": "yes"}}}), "a value is of the wrong kind"),
        (json.dumps({name: value for name, value in ROW.items() if name != "form"}), "it lacks form"),
        (json.dumps({**ROW, "fields": None}), "a value is of the wrong kind"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line: str, says: str) -> None:
    with pytest.raises(TruthError) as told:
        form_truths([json.dumps(ROW), line])
    assert says in str(told.value) and "Line 2" in str(told.value)
    assert "riddle" not in str(told.value)


def test_files_that_must_be_stopped_have_no_pages() -> None:
    lines = [
        '{"file": "a.pdf", "pages": ["form", "letter"], "difficulty": "clean"}',
        '{"file": "b.pdf", "pages": null}',
    ]
    (only,) = file_truths(lines, "pages.jsonl")
    assert only.pages == ("form", "letter") and only.difficulty == "clean"
    with pytest.raises(TruthError, match=r"Line 1 of files\.jsonl"):
        file_truths(["{}"], "files.jsonl")
