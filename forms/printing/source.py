"""What a printed form says: its blocks from a source file, put into a language by that language's table.

A row that a table lacks is printed in English between brackets and named to whoever prints, never left out silently.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forms.errors import TemplateError
from forms.printing.code import LANGUAGES

SOURCES = Path(__file__).with_name("sources")
ENGLISH = "en-GB"
FIXED = {"yes": "Yes", "no": "No", "page": "Page", "of": "of", "edition": "Edition", "figures": "DDMMYYYY"}
_IN_WORDS = ("text", "lead", "label", "title", "service")

# Any: what a TOML file holds.
Raw = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """Words of one language by their English. `checked`: whether a translator has looked at them."""

    language: str
    checked: bool
    warning: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """One form to print, in one language. `missing`: what its table has no words for."""

    id: str
    number: int
    edition: str
    edition_number: int
    title: str
    service: str
    language: str
    warning: str
    blocks: tuple[Raw, ...]
    words: Mapping[str, str]
    missing: tuple[str, ...]


def printable() -> tuple[str, ...]:
    """The ids of the forms that can be printed, and nothing else."""
    return tuple(sorted(path.stem for path in SOURCES.glob("*-*.toml")))


def languages() -> tuple[str, ...]:
    """The languages that there is a table for, English first."""
    return (ENGLISH, *(one for one in LANGUAGES if (SOURCES / f"{one}.toml").exists()))


def table_of(language: str) -> Table:
    """A language's table. Raises TemplateError if there is none."""
    if language == ENGLISH:
        return Table(ENGLISH, True, "", {})
    path = SOURCES / f"{language}.toml"
    if language not in LANGUAGES or not path.exists():
        raise TemplateError(f"There is no table for the language {language}; there are {', '.join(languages())}.")
    raw = tomllib.loads(path.read_text("utf-8"))
    return Table(language, raw["checked"], "" if raw["checked"] else raw["warning"], raw["words"])


def source_of(form_id: str, language: str = ENGLISH, table: Table | None = None) -> Source:
    """A form to print in a language. Raises TemplateError if there is no such form or language."""
    if form_id not in printable():
        raise TemplateError(f"There is no printed form {form_id}; there are {', '.join(printable())}.")
    raw = tomllib.loads((SOURCES / f"{form_id}.toml").read_text("utf-8"))
    used = table or table_of(language)
    missing: list[str] = []

    def say(english: str) -> str:
        if used.language == ENGLISH:
            return english
        if english not in used.words:
            if english not in missing:
                missing.append(english)
            return f"[{english}]"
        return used.words[english]

    blocks = tuple(_said(block, say) for block in raw["blocks"])
    words = {name: say(english) for name, english in FIXED.items()}
    title, service = say(raw["title"]), say(raw["service"])
    return Source(
        raw["id"], raw["number"], raw["edition"], raw["edition_number"], title, service,
        used.language, used.warning, blocks, words, tuple(missing),
    )  # fmt: skip


def _said(raw: Any, say: Any, key: str = "") -> Any:
    """A block with every printed word put through `say`; ids, items and the desk's own words stay."""
    if isinstance(raw, dict):
        return {name: _said(value, say, name) for name, value in raw.items()}
    if isinstance(raw, list):
        return [_said(value, say, key) for value in raw]
    return say(raw) if isinstance(raw, str) and key in (*_IN_WORDS, "facts") else raw
