"""Reads a policy file strictly: known keys, every setting, values of the right kind. Pure.

What the settings are is for `settings.py` to say; nothing here knows one of them.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

E = TypeVar("E", bound=StrEnum)

JsonValue = str | int | bool | list[str] | dict[str, "JsonValue"]


class PolicyUnreadable(ValueError):
    """A policy file says something unknown or leaves something out; the message says where."""


@dataclass(frozen=True)
class Row:
    """One setting as the file gives it.

    `words` is the value for people; `source` the clause or rule; `section` where in the service's own policy it stands;
    `stated` is false where the policy is silent and a default was chosen for it.
    """

    code: str
    name: str
    value: JsonValue
    words: str
    source: str
    section: str
    stated: bool


@dataclass(frozen=True)
class Value:
    """A value and the place it stands at, so that a wrong one can be named."""

    place: str
    raw: object

    def _refuse(self, wanted: str) -> PolicyUnreadable:
        return PolicyUnreadable(f"{self.place} must be {wanted}")

    def one(self, kind: type[E]) -> E:
        """One word of an enumeration."""
        if isinstance(self.raw, str) and self.raw in {member.value for member in kind}:
            return kind(self.raw)
        raise self._refuse("one of " + ", ".join(member.value for member in kind))

    def some(self, kind: type[E]) -> frozenset[E]:
        """A list of words of an enumeration, perhaps empty, none twice."""
        if not isinstance(self.raw, list):
            raise self._refuse("a list")
        found = [Value(self.place, raw).one(kind) for raw in self.raw]
        if len(set(found)) != len(found):
            raise self._refuse("a list that names nothing twice")
        return frozenset(found)

    def flag(self) -> bool:
        """True or false."""
        if isinstance(self.raw, bool):
            return self.raw
        raise self._refuse("true or false")

    def whole(self) -> int:
        """A whole number, 0 or more. TOML's true is not 1."""
        if isinstance(self.raw, int) and not isinstance(self.raw, bool) and self.raw >= 0:
            return self.raw
        raise self._refuse("a whole number, 0 or more")

    def whole_or(self, unset: str) -> int | None:
        """A whole number, or the one word that says there is none (TOML has no null)."""
        return None if self.raw == unset else self.whole()

    def part(self, name: str, *, of: Collection[str]) -> "Value":
        """One part of a value that is a table with exactly these parts."""
        if not isinstance(self.raw, dict) or set(self.raw) != set(of):
            raise self._refuse("a table of " + ", ".join(of))
        return Value(f"{self.place}.{name}", self.raw[name])


@dataclass(frozen=True)
class Block:
    """One version in a policy file."""

    version: str
    effective_from: date
    rows: tuple[Row, ...]

    def row(self, code: str) -> Row:
        """One setting."""
        return next(row for row in self.rows if row.code == code)

    def value(self, code: str) -> Value:
        """One setting's value, to be read as what it should be."""
        return Value(f"version {self.version}, {code}", self.row(code).value)


def read_file(
    text: str, *, codes: Collection[str], periods: Collection[str]
) -> tuple[str, str, str, tuple[Block, ...]]:
    """Service, title, nation and the versions of a file, earliest first. PolicyUnreadable for anything unknown, missing
    or doubled."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyUnreadable(f"not a TOML file: {error}") from error
    _exactly(content, ("service", "title", "nation", "versions"), "the file")
    blocks = tuple(_block(raw, codes, periods) for raw in _list(content["versions"], "versions"))
    if not blocks:
        raise PolicyUnreadable("the file has no version")
    for what in ([block.version for block in blocks], [block.effective_from for block in blocks]):
        if len(set(what)) != len(what):
            raise PolicyUnreadable("two versions share a name or a day of taking effect")
    service, title, nation = (_text(content[key], key) for key in ("service", "title", "nation"))
    return service, title, nation, tuple(sorted(blocks, key=lambda block: block.effective_from))


def _block(raw: object, codes: Collection[str], periods: Collection[str]) -> Block:
    table = _table(raw, "a version")
    _exactly(table, ("version", "effective_from", "settings", "periods"), "a version")
    version, begins = _text(table["version"], "version"), table["effective_from"]
    if not isinstance(begins, date) or isinstance(begins, datetime):
        raise PolicyUnreadable(f"version {version}, effective_from must be a day")
    rows: list[Row] = []
    for group, wanted in (("settings", codes), ("periods", periods)):
        entries = _table(table[group], group)
        _exactly(entries, wanted, f"version {version}, {group}")
        rows += [_row(code, entries[code], f"version {version}, {code}") for code in wanted]
    return Block(version, begins, tuple(rows))


def _row(code: str, raw: object, place: str) -> Row:
    table = _table(raw, place)
    unknown = set(table) - {"name", "value", "words", "source", "section", "stated"}
    missing = {"name", "value", "words", "source"} - set(table)
    if unknown or missing:
        raise PolicyUnreadable(f"{place}: unknown or missing {', '.join(sorted(unknown | missing))}")
    return Row(
        code=code,
        name=_text(table["name"], place),
        value=_json(table["value"], place),
        words=_text(table["words"], place),
        source=_text(table["source"], place),
        section=_text(table.get("section", "-"), place),
        stated=Value(f"{place}.stated", table.get("stated", True)).flag(),
    )


def _exactly(table: Mapping[str, object], wanted: Collection[str], place: str) -> None:
    for word, keys in (("unknown", set(table) - set(wanted)), ("missing", set(wanted) - set(table))):
        if keys:
            raise PolicyUnreadable(f"{place}: {word} {', '.join(sorted(keys))}")


def _table(raw: object, place: str) -> dict[str, object]:
    if not isinstance(raw, dict):
        raise PolicyUnreadable(f"{place} must be a table")
    return raw


def _list(raw: object, place: str) -> list[object]:
    if not isinstance(raw, list):
        raise PolicyUnreadable(f"{place} must be a list")
    return raw


def _text(raw: object, place: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise PolicyUnreadable(f"{place} must be a text")
    return raw


def _json(raw: object, place: str) -> JsonValue:
    if isinstance(raw, str | int):  # bool is an int
        return raw
    if isinstance(raw, list):
        return [_text(entry, place) for entry in raw]
    if isinstance(raw, dict):
        return {key: _json(entry, place) for key, entry in raw.items()}
    raise PolicyUnreadable(f"{place} must be a word, a whole number, true, false, a list or a table")
