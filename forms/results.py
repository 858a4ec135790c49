"""What was read: of a field, a page, a form. Pure values that turn into JSON and back.

A reading is a proposal. `review` true means that a person must look before the value may be used, and `reason` says
why. The evidence (fit, ink, thresholds in force) stays with it, so that it can be judged again without the image.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from forms.geometry import Box, Placement
from forms.template import Kind

READER_VERSION = "2.17"
COVERED = "covered"
"""Under which name the evidence of a field says that what stood there was covered for good, and its cut-out with it (R42)."""

LETTERS = "letters"
"""Under which name the evidence of a written field keeps what each of its letters looks like, where the value is spelt otherwise."""


class PageKind(StrEnum):
    """What a page of a scan turned out to be."""

    FORM = "form"
    POLICY = "policy"
    BLANK = "blank"
    OTHER = "other"
    SHEET = "sheet"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class FieldReading:
    """What was read of one field.

    `page` is the page of the scan (from 1), `template_page` that of the blank; `box` is in points on the blank;
    `crop` in pixels of the upright page image, None where there is no image of it.
    """

    id: str
    kind: Kind
    value: str | None
    review: bool
    confidence: float
    reason: str | None
    page: int
    box: Box
    template_page: int
    crop: tuple[int, int, int, int] | None = None
    evidence: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def cut_out(self) -> bool:
        """Whether a picture of it was cut out and is still kept: not of what was typed, lay beyond the scan, or was covered for good."""
        return self.crop is not None and COVERED not in self.evidence

    @property
    def needs_answer(self) -> bool:
        """Whether a person must answer it before the form counts: a doubtful mark or signature."""
        return self.review and (self.kind.is_mark or self.kind is Kind.SIGNATURE)

    # Any: JSON.
    def to_json(self) -> dict[str, Any]:
        """Plain values for `json.dumps`."""
        return {
            "id": self.id, "kind": self.kind.value, "value": self.value, "review": self.review,
            "confidence": self.confidence, "reason": self.reason, "page": self.page, "box": list(self.box),
            "template_page": self.template_page, "crop": list(self.crop) if self.crop else None,
            "evidence": dict(self.evidence),
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "FieldReading":
        """The reading that `to_json` wrote."""
        left, top, right, bottom = raw["box"]
        crop = raw["crop"]
        return cls(
            id=raw["id"], kind=Kind(raw["kind"]), value=raw["value"], review=raw["review"],
            confidence=raw["confidence"], reason=raw["reason"], page=raw["page"], box=(left, top, right, bottom),
            template_page=raw["template_page"],
            crop=None if crop is None else (int(crop[0]), int(crop[1]), int(crop[2]), int(crop[3])),
            evidence=dict(raw["evidence"]),
        )  # fmt: skip


@dataclass(frozen=True)
class PageReading:
    """What one page of a scan is and what was read on it.

    `turned` is how many degrees clockwise make the page upright; `placement` maps points of the blank to pixels of
    the upright page. `matches` has the score of each known page, for evidence. `sheet` has the characters of the
    separator or cover sheet that the page is; `trace` where people wrote on a form (`forms.traces`), or how
    the ink of an unknown page lies (`forms.looks`). `template_sum` is the `Template.content_sum` of the text that a form's page
    was read by; None in readings from before it was kept.
    """

    number: int
    kind: PageKind
    form: str | None = None
    edition: str | None = None
    template_page: int | None = None
    turned: int = 0
    placement: Placement | None = None
    fields: tuple[FieldReading, ...] = ()
    reason: str | None = None
    matches: Mapping[str, float] = field(default_factory=dict)
    sheet: str | None = None
    trace: str | None = None
    template_sum: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values for `json.dumps`."""
        return {
            "number": self.number, "kind": self.kind.value, "form": self.form, "edition": self.edition,
            "template_page": self.template_page, "turned": self.turned,
            "placement": list(self.placement) if self.placement else None,
            "fields": [one.to_json() for one in self.fields], "reason": self.reason, "matches": dict(self.matches),
            "sheet": self.sheet, "trace": self.trace, "template_sum": self.template_sum,
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "PageReading":
        """The reading that `to_json` wrote."""
        return cls(
            number=raw["number"], kind=PageKind(raw["kind"]), form=raw["form"], edition=raw["edition"],
            template_page=raw["template_page"], turned=raw["turned"], placement=_placement(raw["placement"]),
            fields=tuple(FieldReading.from_json(one) for one in raw["fields"]), reason=raw["reason"],
            matches=dict(raw["matches"]), sheet=raw.get("sheet"), trace=raw.get("trace"), template_sum=raw.get("template_sum"),
        )  # fmt: skip


@dataclass(frozen=True)
class FormReading:
    """One filled-in form: its pages in the scan, in the order of the form's own pages, and every field.

    `template_sum` is the `Template.content_sum` of the text that all of it was read by. None in readings from before it was kept; where
    several texts had a part in it, their sums together, which are those of no template.
    """

    form: str
    edition: str
    pages: tuple[int, ...]
    fields: Mapping[str, FieldReading]
    reader_version: str = READER_VERSION
    notes: tuple[str, ...] = ()
    template_sum: str | None = None

    @property
    def to_ask(self) -> tuple[FieldReading, ...]:
        """The fields that a person must look at, in template order."""
        return tuple(one for one in self.fields.values() if one.review)

    def with_field(self, reading: FieldReading) -> "FormReading":
        """The same reading with one field put in the place of what was there."""
        return replace(self, fields={**self.fields, reading.id: reading})

    def to_json(self) -> dict[str, Any]:
        """Plain values for `json.dumps`."""
        return {
            "form": self.form, "edition": self.edition, "pages": list(self.pages),
            "fields": {name: one.to_json() for name, one in self.fields.items()},
            "reader_version": self.reader_version, "notes": list(self.notes), "template_sum": self.template_sum,
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "FormReading":
        """The reading that `to_json` wrote."""
        return cls(
            form=raw["form"], edition=raw["edition"], pages=tuple(raw["pages"]),
            fields={name: FieldReading.from_json(one) for name, one in raw["fields"].items()},
            reader_version=raw["reader_version"], notes=tuple(raw["notes"]), template_sum=raw.get("template_sum"),
        )  # fmt: skip


@dataclass(frozen=True)
class UnknownPages:
    """A run of pages of a scan that are no known form, and what they look like in words."""

    pages: tuple[int, ...]
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Plain values for `json.dumps`."""
        return {"form": None, "pages": list(self.pages), "reason": self.reason}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "UnknownPages":
        """What `to_json` wrote."""
        return cls(pages=tuple(raw["pages"]), reason=raw["reason"])


def _placement(raw: list[float] | None) -> Placement | None:
    if raw is None:
        return None
    a, b, c, d, e, f, g, h, i = (float(n) for n in raw)
    return (a, b, c, d, e, f, g, h, i)
