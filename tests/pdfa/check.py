"""Does a PDF keep to PDF/A-2U (ISO 19005-2, level B and the rules of level U), as far as files like ours go?

Not a validator: written after the rules that veraPDF publishes for this standard, for files of pictures with unseen text. What such a
file does not need is not judged but becomes a finding ("not looked at"), so that nothing unknown passes. A finding begins with its clause.
"""

import io
import re
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from pypdf import PdfReader
from pypdf.errors import PdfReadError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from tests.pdfa.fonts import font_found
from tests.pdfa.syntax import file_found, tokens, words_found

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ID = "{http://www.aiim.org/pdfa/ns/id/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_KNOWN_SAYINGS = {f"{_ID}part", f"{_ID}conformance", f"{_XMP}CreateDate"}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")
_FILTERS = {"/ASCIIHexDecode", "/ASCII85Decode", "/FlateDecode", "/RunLengthDecode", "/CCITTFaxDecode", "/DCTDecode"}
_CATALOG = {"/Type", "/Pages", "/Metadata", "/OutputIntents", "/Lang", "/Version", "/ViewerPreferences"}
_PAGE = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Contents", "/Resources", "/Rotate"}
_RESOURCES = {"/XObject", "/Font", "/ProcSet"}
_OPERATORS = frozenset(
    b"b B b* B* BDC BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i j J K k l m M MP n q Q re RG rg ri s S SC sc SCN scn "
    b"sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"".split()
)
_COLOURS = {b"g": "/DeviceGray", b"G": "/DeviceGray", b"rg": "/DeviceRGB", b"RG": "/DeviceRGB", b"k": "/DeviceCMYK", b"K": "/DeviceCMYK"}  # fmt: skip
_DEEPEST, _SMALLEST, _LARGEST = 28, 3.0, 14_400.0


def findings(data: bytes) -> list[str]:
    """What speaks against this file, clause by clause; empty when nothing does."""
    found = file_found(data)
    try:
        return [*found, *_objects_found(PdfReader(io.BytesIO(data), strict=True))]
    except (PdfReadError, KeyError, ValueError, TypeError, struct.error, zlib.error) as error:
        return [*found, f"6.1: a reader stumbles: {error}"]


def _objects_found(reader: PdfReader) -> list[str]:
    """What is wrong with the objects, however they are written."""
    found: list[str] = []
    root = reader.trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    identity = reader.trailer.get("/ID")
    if not isinstance(identity, ArrayObject) or len(identity) != 2 or not all(identity):
        found.append("6.1.3: no file identifier")
    if "/Encrypt" in reader.trailer:
        return [*found, "6.1.3: the file is encrypted"]
    if "/Info" in reader.trailer:
        found.append("6.6.3: an information dictionary, which is not looked at")
    if set(root) - _CATALOG:
        found.append(f"6.4, 6.5, 6.8 to 6.11: the catalogue has {sorted(set(root) - _CATALOG)}")
    found += _metadata_found(root)
    space, problems = _intent(root)
    found += problems
    found += [problem for thing in _everything(reader.trailer, set()) for problem in _thing_found(thing, space)]
    shown: dict[int, tuple[DictionaryObject, set[int]]] = {}
    for page in _pages(root["/Pages"].get_object()):
        found += _page_found(page, space, shown)
    return [*found, *(problem for font, codes in shown.values() for problem in font_found(font, codes))]


# Any: objects of a PDF, of whatever kind.
def _everything(thing: Any, seen: set[tuple[int, int]]) -> Iterator[DictionaryObject]:
    if isinstance(thing, IndirectObject):
        place = (thing.idnum, thing.generation)
        if place in seen:
            return
        seen.add(place)
        thing = thing.get_object()
    if isinstance(thing, DictionaryObject):
        yield thing
        for key in list(thing):
            yield from _everything(thing.raw_get(key), seen)
    elif isinstance(thing, ArrayObject):
        for place_in in range(len(thing)):
            yield from _everything(list.__getitem__(thing, place_in), seen)


def _pages(node: DictionaryObject) -> Iterator[DictionaryObject]:
    kids = node["/Kids"]
    assert isinstance(kids, ArrayObject)
    for kid in kids:
        below = kid.get_object()
        if below.get("/Type") == "/Pages":
            yield from _pages(below)
        else:
            yield below


def _metadata_found(root: DictionaryObject) -> list[str]:
    stream = root.get("/Metadata")
    stream = stream.get_object() if stream is not None else None
    if not isinstance(stream, StreamObject) or (stream.get("/Type"), stream.get("/Subtype")) != ("/Metadata", "/XML"):
        return ["6.6.2.1: no metadata"]
    packet = stream.get_data()
    head = re.match(rb"<\?xpacket begin=(['\"])(?:\xef\xbb\xbf)?\1 id=(['\"])W5M0MpCehiHzreSzNTczkc9d\2\s*\?>", packet)
    if head is None or not re.search(rb"<\?xpacket end=['\"][rw]['\"]\?>\s*\Z", packet):
        return ["6.6.2.1: the metadata has no head and end, or says bytes or encoding in its head"]
    try:
        tree = ElementTree.fromstring(packet.decode())
    except (UnicodeDecodeError, ElementTree.ParseError):
        return ["6.6.2.1: the metadata is no XML in UTF-8"]
    described = list(tree.iter(f"{_RDF}Description"))
    said = {one.tag: one.text or "" for each in described for one in each}
    said |= {name: value for each in described for name, value in each.attrib.items() if name != f"{_RDF}about"}
    found = [f"6.6.2.3: {name} is not looked at" for name in sorted(set(said) - _KNOWN_SAYINGS)]
    if (said.get(f"{_ID}part"), said.get(f"{_ID}conformance")) != ("2", "U"):
        found.append("6.6.4: the metadata does not say PDF/A-2U")
    if b'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"' not in packet:
        found.append("6.6.4: the prefix of the identification is another")
    if not _DATE.fullmatch(said.get(f"{_XMP}CreateDate", "2026")):
        found.append("6.6.2.3: the date of the metadata is none")
    return found


def _intent(root: DictionaryObject) -> tuple[str | None, list[str]]:
    """The colour space of the profile that says what colours mean."""
    intents = [one.get_object() for one in root.get("/OutputIntents", ArrayObject()).get_object()]
    mine = [one for one in intents if one.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1 or len(mine) != 1 or "/OutputConditionIdentifier" not in mine[0]:
        return None, ["6.2.3: not one output intent of PDF/A with its identifier"]
    stream = mine[0].get("/DestOutputProfile", DictionaryObject()).get_object()
    if not isinstance(stream, StreamObject):
        return None, ["6.2.3: the output intent has no profile"]
    data = stream.get_data()
    size, version = struct.unpack_from(">I4xB", data)
    kind, space, magic = data[12:16], data[16:20].decode(), data[36:40]
    good = kind in (b"mntr", b"prtr") and space in ("GRAY", "RGB ", "CMYK") and version < 5 and magic == b"acsp"
    tags = struct.unpack_from(">I", data, 128)[0]
    if 132 + 12 * tags > len(data):
        return None, ["6.2.3: the profile is cut off"]
    inside = all(sum(struct.unpack_from(">4xII", data, 132 + 12 * one)) <= len(data) for one in range(tags))
    needed = {data[132 + 12 * one : 136 + 12 * one] for one in range(tags)} >= {b"desc", b"cprt", b"wtpt"}
    channels = {"GRAY": 1, "RGB ": 3, "CMYK": 4}.get(space)
    whole = size == len(data) and inside and needed and channels == stream.get("/N")
    if good and whole:
        return space, []
    return None, ["6.2.3: the profile is none, or of another kind, size or version"]


def _thing_found(thing: DictionaryObject, space: str | None) -> list[str]:
    """What is wrong with an object by itself, wherever it stands."""
    found = []
    if set(thing) & {"/AA", "/JS", "/OpenAction", "/JavaScript", "/Launch"} or thing.get("/Type") == "/Action":
        found.append("6.5: an action")
    if set(thing) & {"/EF", "/EmbeddedFiles"}:
        found.append("6.8: an embedded file")
    if set(thing) & {"/TR", "/TR2", "/HTP", "/HalftoneType", "/BM"}:
        found.append("6.2.5, 6.2.10: a graphics state or halftone, which is not looked at")
    if not isinstance(thing, StreamObject):
        return found
    if set(thing) & {"/F", "/FFilter", "/FDecodeParms"}:
        found.append("6.1.7: a stream that lies outside")
    filters = thing.get("/Filter", ArrayObject()).get_object()
    used = set(filters if isinstance(filters, ArrayObject) else [filters])
    if used - _FILTERS:
        return [*found, f"6.1.7: the filter {sorted(used - _FILTERS)} is forbidden or not looked at"]
    if thing.get("/Type") == "/XObject" and thing.get("/Subtype") != "/Image":
        found.append("6.2.9: an object that is no picture, which is not looked at")
    return [*found, *_picture_found(thing, space)] if thing.get("/Subtype") == "/Image" else found


def _picture_found(image: StreamObject, space: str | None) -> list[str]:
    found = [f"6.2.8: a picture has {key}" for key in ("/Alternates", "/OPI") if key in image]
    if image.get("/Interpolate"):
        found.append("6.2.8: a picture is to be smoothed")
    if set(image) & {"/SMask", "/Mask", "/ImageMask", "/SMaskInData", "/Intent"}:
        found.append("6.2.8, 6.2.10: a mask or intent, which is not looked at")
    colours, bits = image.get("/ColorSpace"), image.get("/BitsPerComponent")
    base, channels = colours, {"/DeviceGray": 1, "/DeviceRGB": 3}.get(str(colours), 0)
    if isinstance(colours, ArrayObject) and colours[0] == "/Indexed":
        base, channels = colours[1], 1
        table = colours[3].original_bytes
        if len(table) != 3 * (int(colours[2]) + 1) or not 0 <= int(colours[2]) <= 255:
            found.append("6.2.4: a table of colours is not as long as it says")
    found += _colour_found(str(base), space)
    width, high = int(image["/Width"]), int(image["/Height"])
    if image.get("/Filter") == "/DCTDecode":
        if _jpeg(image._data) != (width, high, channels, bits):
            found.append("6.2.8: a JPEG is of another size or kind than its dictionary says")
    elif bits not in (1, 2, 4, 8, 16) or len(image.get_data()) != high * -(-width * channels * int(bits) // 8):
        found.append("6.2.8: a picture does not hold as much as its dictionary says")
    return found


def _jpeg(data: bytes) -> tuple[int, int, int, int] | None:
    at = 2
    while data[:2] == b"\xff\xd8" and at + 9 < len(data) and data[at] == 0xFF:
        if data[at + 1] in (0xC0, 0xC1, 0xC2):
            bits, high, width, channels = struct.unpack_from(">BHHB", data, at + 4)
            return width, high, channels, bits
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _colour_found(name: str, space: str | None) -> list[str]:
    match name:
        case "/DeviceGray":
            good = space is not None
        case "/DeviceRGB":
            good = space == "RGB "
        case "/DeviceCMYK":
            good = space == "CMYK"
        case _:
            return [f"6.2.4: the colours {name} are not looked at"]
    return [] if good else [f"6.2.4.3: {name} without a profile that says what it means"]


def _page_found(
    page: DictionaryObject, space: str | None, shown: dict[int, tuple[DictionaryObject, set[int]]]
) -> list[str]:
    found = []
    if set(page) - _PAGE:
        found.append(f"6.3, 6.5.2, 6.10: a page has {sorted(set(page) - _PAGE)}")
    for name in ("/MediaBox", "/CropBox"):
        box = page.get(name)
        if isinstance(box, ArrayObject):
            left, bottom, right, top = map(float, box)
            if not all(_SMALLEST <= abs(side) <= _LARGEST for side in (right - left, top - bottom)):
                found.append(f"6.1.13: the {name} of a page is too small or too large")
    resources = page.get("/Resources")
    if not isinstance(resources, DictionaryObject) or "/MediaBox" not in page:
        return [*found, "6.2.2: a page lacks its own resources or box"]
    if set(resources) - _RESOURCES:
        found.append(f"6.2.2: resources that are not looked at: {sorted(set(resources) - _RESOURCES)}")
    stream = page["/Contents"].get_object()
    if not isinstance(stream, StreamObject):
        return [*found, "6.2.2: contents in pieces, which are not looked at"]
    fonts, pictures = (resources.get(name, DictionaryObject()) for name in ("/Font", "/XObject"))
    codes, problems = _content_found(stream.get_data(), set(pictures), space)
    found += problems
    for name, used in codes.items():
        if name not in fonts:
            found.append("6.2.2: a font is not among the resources of its page")
            continue
        place = fonts.raw_get(name).idnum
        shown.setdefault(place, (fonts[name].get_object(), set()))[1].update(used)
    return found


def _content_found(content: bytes, pictures: set[str], space: str | None) -> tuple[dict[str, set[int]], list[str]]:
    """The character codes that each font shows, and what is wrong with what is drawn."""
    found = words_found(content)
    codes: dict[str, set[int]] = defaultdict(set)
    depth, font, operands = 0, "", list[bytes]()
    for kind, token in tokens(content):
        if kind != "word":
            operands.append(token)
            continue
        if token not in _OPERATORS:
            found.append(f"6.2.2: the operator {token.decode('latin-1')} is none")
        match token:
            case b"q":
                depth += 1
                found += ["6.1.13: graphics states are nested too deep"] if depth > _DEEPEST else []
            case b"Q":
                depth -= 1
                found += ["6.2.2: a graphics state is ended that was not begun"] if depth < 0 else []
            case b"Tf":
                font = operands[-2].decode()
            case b"Tj" | b"TJ" | b"'" | b'"':
                if any(not one.startswith(b"<") for one in operands):
                    found.append("6.2.11: text that is not looked at")
                shown = b"".join(bytes.fromhex(one[1:-1].decode()) for one in operands if one.startswith(b"<"))
                codes[font] |= {value for (value,) in struct.iter_unpack(">H", shown)}
            case b"Do" if operands[-1].decode() not in pictures:
                found.append("6.2.2: a picture is not among the resources of its page")
            case b"gs" | b"sh" | b"cs" | b"CS" | b"ri" | b"BX":
                found.append(f"6.2.4, 6.2.5: {token.decode()} is not looked at")
            case _ if token in _COLOURS:
                found += _colour_found(_COLOURS[token], space)
            case _:
                pass
        operands = []
    return codes, found
