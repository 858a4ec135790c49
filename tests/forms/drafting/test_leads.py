"""What leads in a list or a column is looked for on every copy: a newer edition may ask another thing of the same bodies."""

from pathlib import Path

import pytest

from forms.catalogue import load_catalogue
from forms.drafting.draft import draft_template, write_beside
from forms.drafting.parts import pictures_of
from forms.reading import read_page
from tests.forms.drafting.drawing import BOX, pdf_of

BODIES = ("the school or college", "the local authority", "health services", "social care")
ENDS = f"\n\n#v(8mm)\nI agree that the service may keep my information. {BOX} Yes #h(5mm) {BOX} No\n\nThe service is free and impartial."
LIST = "You may share information with:\n\n" + "\n\n".join(f"{BOX} {body}" for body in BODIES) + ENDS
PARAGRAPH = (
    "3. In order to help your child we may need to talk to others who work with them, such as schools and colleges. "
    "Please tick all that apply. Do you give your permission for us to contact these people and to tell them what we "
    "know? We may contact the people who are ticked below:\n\n" + "\n\n".join(f"{BOX} {body}" for body in BODIES) + ENDS
)
LONG = (
    "You may talk to these:\n\n"
    + "\n\n".join(
        f"#grid(columns: (8mm, 60mm), [{BOX}], [{body}, and everybody there who works with my child, now and later])"
        for body in BODIES
    )
    + ENDS
)
ROWS = ", ".join(f"[{body}], [], []" for body in BODIES)
COLUMNS = (
    f"#table(columns: (1fr, 35mm, 35mm), inset: 3mm, [], [We may contact], [We may share information with], {ROWS})"
    + ENDS
)


def asked(folder: Path, blank: str, copy: str) -> set[str]:
    """The ids of the marks that are asked about on an empty copy, read by a draft of the blank."""
    pdf = pdf_of(blank)
    template = draft_template(pdf, "drawn", "1")
    write_beside(template, pdf, folder / "drawn.1.json")
    found = read_page(pictures_of(pdf_of(copy))[0], (200.0, 200.0), 1, load_catalogue(folder))[0]
    assert found.form == "drawn"
    return {one.id for one in found.fields if one.review and one.kind.is_mark}


@pytest.mark.parametrize(
    ("blank", "old", "new", "count"),
    [
        (LIST, "You may share", "We do not share", 4),
        (LIST, "information with", "information with", 0),
        (
            COLUMNS,
            "[We may contact], [We may share information with]",
            "[We may share information with], [We may contact]",
            8,
        ),
        (COLUMNS, "We may contact", "We will never contact", 4),
        (COLUMNS, "[We may contact]", "[We may contact]", 0),
        (PARAGRAPH, "we may need to talk", "we do not have to talk", 4),
        (PARAGRAPH, "Do you give", "You never give", 4),
        (PARAGRAPH, "We may contact the", "We will not ring the", 4),
        (PARAGRAPH, "3. In order", "3. In order", 0),
        (LONG, "health services, and everybody there who", "health services, and nobody else there who", 1),
        (LONG, "now and later", "not now, later", 4),
        (LONG, "You may", "You may", 0),
    ],
    ids=[
        "a list now of no",
        "the same list",
        "heads exchanged",
        "one head of another meaning",
        "the same heads",
        "first line of a paragraph",
        "its middle",
        "its last line",
        "the same paragraph",
        "second line of a question",
        "third line of all",
        "the same questions",
    ],
)
def test_what_leads_in_is_looked_for(tmp_path: Path, blank: str, old: str, new: str, count: int) -> None:
    assert old in blank
    assert len(asked(tmp_path, blank, blank.replace(old, new))) == count
