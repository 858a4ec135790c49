"""Fonts of a PDF/A-2U that are laid over pictures: one kind, TrueType behind Identity-H (ISO 19005-2, 6.2.11). Others become a finding."""

import re
import struct
from collections.abc import Collection

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from tests.pdfa.syntax import tokens

_NEEDED = (b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp")
_DESCRIPTOR = {"/FontName", "/Flags", "/FontBBox", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/StemV"}
_NO_TEXT = {0, 0xFEFF, 0xFFFE}
_MOST_IN_BLOCK = 100


def font_found(font: DictionaryObject, codes: Collection[int]) -> list[str]:
    """What is wrong with a font of which these character codes are shown, seen or unseen."""
    if font.get("/Type") != "/Font" or "/BaseFont" not in font:
        return ["6.2.11.2: a font lacks its type or name"]
    if font.get("/Subtype") != "/Type0" or font.get("/Encoding") != "/Identity-H":
        return ["6.2.11.4: a font of a kind that is not looked at"]
    below = font["/DescendantFonts"]
    assert isinstance(below, ArrayObject)
    (inner,) = (one.get_object() for one in below)
    if inner.get("/Type") != "/Font" or inner.get("/Subtype") != "/CIDFontType2" or "/CIDSystemInfo" not in inner:
        return ["6.2.11.2: the font below is of a kind that is not looked at"]
    found = [] if inner.get("/BaseFont") == font["/BaseFont"] else ["6.2.11.2: a font and the one below have two names"]
    descriptor = inner.get("/FontDescriptor", DictionaryObject()).get_object()
    if _DESCRIPTOR - set(descriptor) or descriptor.get("/FontName") != inner.get("/BaseFont"):
        found.append("6.2.11.2: a font's description is not complete, or of another font")
    program = descriptor.get("/FontFile2", DictionaryObject()).get_object()
    if not isinstance(program, StreamObject):
        return [*found, "6.2.11.4: a font is not embedded"]
    if "/CIDSet" in descriptor:
        found.append("6.2.11.4: a CIDSet, which is not looked at")
    data = program.get_data()
    if program.get("/Length1") != len(data):
        found.append("6.2.11.2: a font program is not as long as it says")
    advances = _advances(data)
    if advances is None:
        return [*found, "6.2.11.2: a font program lacks tables"]
    glyphs = _glyphs(inner, codes)
    if glyphs is None:
        return [*found, "6.2.11.3: no map from characters to glyphs"]
    for code, glyph in glyphs.items():
        if glyph == 0:
            found.append(f"6.2.11.8: character {code:04X} is the glyph .notdef")
        elif glyph >= len(advances):
            found.append(f"6.2.11.4: character {code:04X} has no glyph")
        elif abs(advances[glyph] - _width(inner, code)) > 1.0:
            found.append(f"6.2.11.5: character {code:04X} has two widths")
    return [*found, *_unicode_found(font, codes)]


def _advances(data: bytes) -> list[float] | None:
    """The advance of each glyph in thousandths of an em."""
    tables = {
        tag: data[offset : offset + length]
        for tag, _, offset, length in (
            struct.unpack_from(">4sIII", data, 12 + 16 * one) for one in range(struct.unpack_from(">H", data, 4)[0])
        )
    }
    if any(not tables.get(tag) for tag in _NEEDED) or data[:4] != b"\x00\x01\x00\x00":
        return None
    (em,) = struct.unpack_from(">H", tables[b"head"], 18)
    (glyphs,) = struct.unpack_from(">H", tables[b"maxp"], 4)
    (told,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    wide = [struct.unpack_from(">H", tables[b"hmtx"], 4 * min(glyph, told - 1))[0] for glyph in range(glyphs)]
    return [1000 * one / em for one in wide]


def _glyphs(inner: DictionaryObject, codes: Collection[int]) -> dict[int, int] | None:
    told = inner.get("/CIDToGIDMap")
    if told == "/Identity":
        return {code: code for code in codes}
    stream = told.get_object() if told is not None else None
    if not isinstance(stream, StreamObject):
        return None
    data = stream.get_data()
    return {code: int.from_bytes(data[2 * code : 2 * code + 2]) for code in codes}


def _width(inner: DictionaryObject, code: int) -> float:
    row = list(inner.get("/W", ArrayObject()).get_object())
    while row:
        first, second = int(row.pop(0)), row.pop(0).get_object()
        if isinstance(second, ArrayObject):
            if first <= code < first + len(second):
                return float(second[code - first])
        else:
            wide = float(row.pop(0))
            if first <= code <= int(second):
                return wide
    return float(inner.get("/DW", 1000))


def _unicode_found(font: DictionaryObject, codes: Collection[int]) -> list[str]:
    """Level U: what each shown character is (6.2.11.7.2)."""
    stream = font.get("/ToUnicode")
    stream = stream.get_object() if stream is not None else None
    if not isinstance(stream, StreamObject):
        return ["6.2.11.7.2: no map from characters to text"]
    said, found = to_unicode(stream.get_data())
    for code in codes:
        if code not in said:
            found.append(f"6.2.11.7.2: character {code:04X} is no text")
        elif said[code] in _NO_TEXT:
            found.append(f"6.2.11.7.2: character {code:04X} is text that is none")
    return found


def to_unicode(data: bytes) -> tuple[dict[int, int], list[str]]:
    """The first UTF-16 unit of each code, and what is wrong with the map.

    A range changes only the last byte of its code (ISO 32000-1, 9.10.3); of one that changes more, only the codes up to that are taken,
    as veraPDF takes it.
    """
    said: dict[int, int] = {}
    found = ["6.2.11.3: a map refers to another"] if re.search(rb"\busecmap\b", data) else []
    for how, block in re.findall(rb"begin(bfchar|bfrange)(.*?)endbf", data, re.S):
        row = [token for kind, token in tokens(block) if kind == "hex"]
        if b"[" in block:
            found.append("6.2.11.7.2: a map with lists, which is not looked at")
            continue
        step = 2 if how == b"bfchar" else 3
        if len(row) // step > _MOST_IN_BLOCK:
            found.append("6.2.11.7.2: a block of a map has more than 100 lines")
        for at in range(0, len(row), step):
            *ends, text = (int(one[1:-1], 16) for one in row[at : at + step])
            first, last = ends[0], ends[-1]
            if first >> 8 != last >> 8:
                found.append("6.2.11.7.2: a range of a map changes more than the last byte of a code")
                last = first | 0xFF
            for code in range(first, last + 1):
                said[code] = text + code - first
    return said, found
