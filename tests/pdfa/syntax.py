"""How a PDF is written down, byte for byte: header, table of objects, streams, strings, numbers (ISO 19005-2, 6.1).

Only files with one plain table of objects, as ours have; what else there is becomes a finding of its own.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

EOL = rb"(?:\r\n|\r|\n)"
_WHITE = b"\x00\t\n\x0c\r "
_TOKEN = re.compile(
    rb"(?P<comment>%[^\r\n]*)|(?P<dict><<|>>)|(?P<hex><[^>]*>)|(?P<text>\()|(?P<name>/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|(?P<bracket>[\[\]{}])|(?P<word>[^\x00\t\n\x0c\r ()<>\[\]{}/%]+)"
)
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)\Z")
_OPEN, _CLOSE, _ESCAPE = b"()\\"
LONGEST_STRING, LONGEST_NAME, MOST_OBJECTS = 32767, 127, 8388607

Token = tuple[str, bytes]


def tokens(data: bytes) -> Iterator[Token]:
    """Kind (name, word, number, hex, text, dict, bracket, comment, bad) and bytes of each token, in order."""
    at = 0
    while at < len(data):
        if data[at] in _WHITE:
            at += 1
            continue
        found = _TOKEN.match(data, at)
        if found is None:
            yield "bad", data[at : at + 1]
            at += 1
            continue
        kind = found.lastgroup or "bad"
        if kind == "text":
            end = _end_of_text(data, at)
            yield kind, data[at:end]
            at = end
            continue
        yield ("number" if kind == "word" and _NUMBER.match(found[0]) else kind), found[0]
        at = found.end()


def _end_of_text(data: bytes, at: int) -> int:
    depth = 0
    while at < len(data):
        if data[at] == _ESCAPE:
            at += 1
        elif data[at] == _OPEN:
            depth += 1
        elif data[at] == _CLOSE:
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return at


def words_found(data: bytes) -> list[str]:
    """What is wrong with single tokens: strings, names and numbers (6.1.6, 6.1.8, 6.1.13)."""
    found = []
    for kind, token in tokens(data):
        match kind:
            case "hex":
                digits = bytes(sign for sign in token[1:-1] if sign not in _WHITE)
                if len(digits) % 2 or re.search(rb"[^0-9A-Fa-f]", digits):
                    found.append("6.1.6: a hexadecimal string is odd or holds other signs")
                if len(digits) // 2 > LONGEST_STRING:
                    found.append("6.1.13: a string is too long")
            case "text" if len(token) - 2 > LONGEST_STRING:
                found.append("6.1.13: a string is too long")
            case "name":
                spelt = re.sub(rb"#([0-9A-Fa-f]{2})", lambda one: bytes([int(one[1], 16)]), token[1:])
                if len(spelt) > LONGEST_NAME:
                    found.append("6.1.13: a name is too long")
                if b"\x00" in spelt or not _is_utf8(spelt):
                    found.append("6.1.8: a name is no UTF-8")
            case "number":
                found += _number_found(token)
            case "bad":
                found.append("6.1: a stray sign")
            case _:
                pass
    return found


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _number_found(token: bytes) -> list[str]:
    if b"." not in token:
        return [] if -(2**31) <= int(token) < 2**31 else ["6.1.13: an integer is out of range"]
    value = abs(float(token))
    return [] if value == 0.0 or 1.175e-38 <= value <= 3.403e38 else ["6.1.13: a real number is out of range"]


def file_found(data: bytes) -> list[str]:
    """What is wrong with the file around its objects, and with how each object is written."""
    found = []
    if not re.match(rb"%PDF-1\.[0-7]" + EOL + rb"%[\x80-\xff]{4}", data):
        found.append("6.1.2: the header is not at byte 0, or lacks the line of four high bytes")
    if not re.search(rb"%%EOF" + EOL + rb"?\Z", data):
        found.append("6.1.3: something follows the end-of-file mark")
    if data.count(b"%%EOF") != 1:
        found.append("not looked at: a file with later updates")
    starts = re.findall(rb"startxref" + EOL + rb"(\d+)" + EOL + rb"%%EOF", data)
    if not starts:
        return [*found, "6.1.4: no startxref"]
    at = int(starts[-1])
    places, problems = _table(data, at)
    found += problems
    if len(places) > MOST_OBJECTS:
        found.append("6.1.13: too many objects")
    ordered = sorted((offset, number) for number, offset in places.items())
    for (offset, number), (end, _) in pairwise([*ordered, (at, 0)]):
        found += _object_found(data, number, offset, end)
    trailer = re.search(rb"trailer\s*(<<.*>>)\s*startxref", data[at:], re.S)
    return [*found, *(words_found(trailer[1]) if trailer else ["6.1.3: no trailer"])]


def _table(data: bytes, at: int) -> tuple[dict[int, int], list[str]]:
    """Where each object stands by the table of objects."""
    head = re.compile(rb"xref" + EOL + rb"0 (\d+)" + EOL).match(data, at)
    if head is None:
        return {}, ["6.1.4: no single table of objects where startxref points, or its head is spaced wrongly"]
    places, found = {}, []
    for number in range(int(head[1])):
        row = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \n| \r|\r\n)").match(data, head.end() + 20 * number)
        if row is None:
            return places, ["6.1.4: a row of the table of objects is not 20 bytes of its kind"]
        if row[3] == b"n":
            places[number] = int(row[1])
        elif number == 0 and (int(row[1]), row[2]) != (0, b"65535"):
            found.append("6.1.4: the first row is not that of the free list")
    if not re.compile(rb"trailer").match(data, head.end() + 20 * int(head[1])):
        found.append("6.1.4: the table has more rows than it says")
    return places, found


def _object_found(data: bytes, number: int, offset: int, end: int) -> list[str]:
    piece = data[offset:end]
    head = re.match(rb"(\d+)[\x00\t\n\x0c\r ](\d+)[\x00\t\n\x0c\r ]obj" + EOL, piece)
    if head is None or int(head[1]) != number or not re.search(EOL + rb"\Z", data[:offset][-2:]):
        return [f"6.1.9: object {number} does not begin where it should, or is spaced wrongly"]
    if not re.search(EOL + rb"endobj" + EOL + rb"\Z", piece):
        return [f"6.1.9: the end of object {number} is spaced wrongly"]
    stream = re.search(rb">>\s*stream(\r\n|\n|)", piece)
    if stream is None:
        return words_found(piece[head.end() : piece.rindex(b"endobj")])
    said = re.search(rb"/Length (\d+)(?! \d+ R)", piece[: stream.start()])
    rest = piece[stream.end() + int(said[1]) :] if said else b""
    found = words_found(piece[head.end() : stream.start() + 2])
    if not stream[1] or not re.fullmatch(EOL + rb"endstream" + EOL + rb"endobj" + EOL, rest):
        found.append(f"6.1.7: the stream of object {number} is not as long as it says, or is spaced wrongly")
    return found
