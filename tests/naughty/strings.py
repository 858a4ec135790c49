"""The big list of naughty strings, and what it lacks: control characters, broken bytes, lookalikes of our own fields, and great length."""

import json
from pathlib import Path

_LIST = Path(__file__).parent / "blns.json"

OURS = (
    *(f"Rowan{chr(code)}Testwood" for code in (*range(0x01, 0x20), 0x7F, 0x80, 0x85, 0x9F, 0xAD)),
    *(f"Rowan{chr(code)}Testwood" for code in (0x200B, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2069)),
    "Rowan\x00Testwood", "\x00", "\ufeffRowan", "\ufffe\uffff", "Rowan\ufffd", "\U0010ffff", "\U000e0041\U000e0042",
    "R" + "\u0301" * 200 + "owan", "\u0627" * 300, "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u0130\u0131\u1e9e\u00df",
    "{{ 7*7 }}", "{% raw %}", "${7*7}", "#{7*7}", "%s%n%x%d", "{0.__class__}", "\\", "\\\\server\\share", "'", '"', "`", "&", "<", ">",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>",
    "&lt;script&gt;", "&#60;script&#62;", "javascript:alert(1)", "\r\nSet-Cookie: a=b", "%0d%0aLocation: //example.org", "//example.org",
    "#read(\"/etc/passwd\")", "#include \"/etc/passwd\"", "*bold* _it_ $x$ @ref <label> = Heading", "`#panic()`",
    "' OR 1=1 --", "'; DROP TABLE person; --", "%", "_", "\u2019", "NULL", "None", "-1", "1e999", "99999999999999999999", "\u0661\u0662",
    "\u00b2", "31 02 2026", "00", "2026-13-45", "=1+1", "@SUM(1)", "+44", "../../../../etc/passwd", "..\\..\\boot.ini", "con.pdf",
    "9" * 5000, " ", "\t", "\u00a0", "\u3000", "\n\n\n", "a" * 300, "word " * 4200, "<" * 1000,
)  # fmt: skip

BROKEN = (b"Rowan\xff\xfeTestwood", b"\xed\xa0\x80lone", b"\xc0\xaf", b"\xf8\x88\x80\x80\x80", b"half \xe2\x82")


def strings() -> tuple[str, ...]:
    """All of them, each once."""
    return tuple(dict.fromkeys((*json.loads(_LIST.read_text("utf-8")), *OURS)))
