"""A letter to a family as plain data, and its print as a tagged PDF (PDF/UA-1). Knows layout, not law: what a letter says and who
may get it is for the slice that writes it.

    letter = Letter(sender=Sender("Our service", ("01604 000000",)), to=("Morgan Testwood", "1 High Street", "Northampton"),
                    written_on=date(2026, 11, 20), reference="PC-0042", title="What you have agreed", greeting="Dear Morgan Testwood",
                    blocks=(Words("…"), Heading("…"), Grid(("Question", "Answer"), (("By post", "Yes"),))), closing=("Yours sincerely",))
    pdf = write(letter, layout=Layout.LARGE)

Rules kept here for every letter: at least 12 point (18 in large print, laid out afresh: a table becomes entries one below the
other), sans serif, left-aligned; language and a title without a name; the address alone where the window of a DL or C5 envelope
can show it, so that nobody reads a service's name through it; date, our reference (the file number) and page numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from records.people.languages import is_english, name_of
from records.policies.periods import in_words
from records.press import Behind, press

TEMPLATE = Path(__file__).with_name("letter.typ")
MOST_ADDRESS_LINES = 6  # more would not fit the window of an envelope
ENGLISH = "en-GB"
FIXED = {"date": "Date", "reference": "Our reference", "page": "Page", "of": "of", "yes": "Yes", "no": "No"}


class Layout(StrEnum):
    """How a print is laid out."""

    STANDARD = "standard"
    LARGE = "large"


def layout_for(format: str) -> Layout:
    """The layout for a person's preferred format (`records.vocabulary.Format`), by its value.

    Large print for `large_print`, and for `easy_read` too: we print no pictures, so Easy Read is at least large and short. Anything
    else is printed in the ordinary way; what else the person needs (braille, sound) stands on the file for the officer.
    """
    return Layout.LARGE if format in ("large_print", "easy_read") else Layout.STANDARD


@dataclass(frozen=True)
class Sender:
    """Who writes: the service's name, and lines on how to reach it."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """One paragraph."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading of a part of the letter."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list, each entry a point or, when `numbered`, a step."""

    entries: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Facts:
    """Pairs of a name and what it is."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Grid:
    """A table. `widths`: shares of the columns; equal if not given. Raises ValueError for a row of another length."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows) or len(self.widths) not in (0, len(self.head)):
            raise ValueError("every row of a table needs as many cells as its head")


@dataclass(frozen=True)
class Signing:
    """Lines to sign or fill in by hand, each with its words in front."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Asks:
    """Questions to answer on the paper by a tick at Yes or No: each the question, and why it is asked (or nothing)."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Together:
    """Blocks that stand on one page, such as a receipt that is signed and cut off."""

    blocks: tuple["Block", ...]


Block = Words | Heading | Points | Facts | Grid | Signing | Asks | Together


@dataclass(frozen=True)
class Letter:
    """A letter. `to`: name and postal address, a line each. `title` goes into the PDF's properties: never a name.

    `prefers`: the language that its reader prefers, a BCP 47 tag; where it is another than English, the letter begins with what to do (N19).

    Raises ValueError for an address that no window could show whole, or without a title.
    """

    sender: Sender
    to: tuple[str, ...]
    written_on: date
    reference: str
    """Empty on a sheet that is about nobody's file and has no number: it then says nothing of a reference."""
    title: str
    blocks: tuple[Block, ...]
    greeting: str = ""
    closing: tuple[str, ...] = ()
    language: str = ENGLISH
    prefers: str = "en"

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("a letter needs a title")
        if len(self.to) > MOST_ADDRESS_LINES:
            raise ValueError(f"an address has at most {MOST_ADDRESS_LINES} lines")


def write(letter: Letter, *, layout: Layout = Layout.STANDARD, behind: Behind | None = None) -> bytes:
    """The letter as a tagged PDF. `behind`: pages that go with it, such as a sheet to send back."""
    return press(TEMPLATE, _data(letter, layout), for_reading=True, behind=behind)


def as_text(letter: Letter) -> str:
    """The letter as plain text, for a screen reader, an e-mail or a braille printer (N19). Pure. Lines to sign are left out."""
    first = [Words(said)] if (said := in_english(letter.prefers)) else []
    parts = [
        "\n".join(plains((letter.sender.name, *letter.sender.lines))),
        "\n".join(plains(letter.to)),
        f"{FIXED['date']}: {in_words(letter.written_on)}",
        f"{FIXED['reference']}: {letter.reference}" if letter.reference else "",
        plain(letter.title).upper(),
        plain(letter.greeting),
        *(_text_of(each) for each in (*first, *letter.blocks)),
        "\n".join(line for line in plains(letter.closing) if line.strip()),
    ]
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _text_of(each: Block) -> str:
    match each:
        case Words(text):
            return plain(text)
        case Heading(text):
            return f"{plain(text)}\n{'-' * len(text)}"
        case Points(entries, numbered):
            marks = [f"{at}." if numbered else "*" for at in range(1, len(entries) + 1)]
            return "\n".join(f"{mark} {entry}" for mark, entry in zip(marks, plains(entries), strict=True))
        case Facts(rows):
            return "\n".join(f"{name}: {value}" for name, value in map(plains, rows))
        case Grid(head, rows, _):
            return "\n\n".join("\n".join(map(": ".join, zip(plains(head), plains(row), strict=True))) for row in rows)
        case Asks(rows):
            return "\n\n".join("\n".join((*filter(None, plains(row)), "Yes or No?")) for row in rows)
        case Signing():
            return ""
        case Together(blocks):
            return "\n\n".join(filter(None, map(_text_of, blocks)))


def in_english(prefers: str) -> str:
    """What a letter says first to somebody who prefers another language; empty for who prefers English. `prefers`: a BCP 47 tag."""
    if is_english(prefers):
        return ""
    return (
        f"This letter is in English. You told us that you prefer {name_of(prefers)}. We can go through it with you with an interpreter, or have it "
        "put into your language. Please tell us which."
    )


# Any: what becomes JSON.
def _data(letter: Letter, layout: Layout) -> dict[str, Any]:
    language, _, region = letter.language.partition("-")
    first = [Words(said)] if (said := in_english(letter.prefers)) else []
    return {
        "large": layout is Layout.LARGE, "lang": language, "region": region or "GB", "words": FIXED, "title": plain(letter.title),
        "sender": plains((letter.sender.name, *letter.sender.lines)), "to": plains(letter.to), "date": in_words(letter.written_on),
        "reference": letter.reference, "reference-line": f"{FIXED['reference']}: {letter.reference}" if letter.reference else "", "greeting": plain(letter.greeting),
        "closing": plains(letter.closing), "blocks": [_block(each) for each in (*first, *letter.blocks)],
    }  # fmt: skip


def _block(each: Block) -> dict[str, Any]:
    match each:
        case Words(text):
            return {"kind": "words", "text": plain(text)}
        case Heading(text):
            return {"kind": "heading", "text": plain(text)}
        case Points(entries, numbered):
            return {"kind": "points", "entries": plains(entries), "numbered": numbered}
        case Facts(rows):
            return {"kind": "facts", "rows": [plains(row) for row in rows]}
        case Grid(head, rows, widths):
            shares = list(widths or (1,) * len(head))
            return {"kind": "grid", "head": plains(head), "rows": [plains(row) for row in rows], "widths": shares}
        case Asks(rows):
            return {"kind": "asks", "rows": [plains(row) for row in rows]}
        case Signing(names):
            return {"kind": "signing", "names": plains(names)}
        case Together(blocks):
            return {"kind": "together", "blocks": [_block(one) for one in blocks]}


def plain(text: str) -> str:
    """Control characters and direction marks become spaces: they must neither rearrange a letter nor hide words in it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def plains(texts: Sequence[str]) -> list[str]:
    """`plain` for each."""
    return [plain(text) for text in texts]
