"""Blanks drawn for a test: what most of them begin with, and the things that they are made of."""

import typst

HEAD = '#set page(paper: "a4", margin: 2cm)\n#set text(font: "Liberation Sans", size: 11pt)\n#set par(leading: 4pt)\n'
BOX = "#box(width: 4mm, height: 4mm, stroke: 0.8pt, baseline: 15%)"


def pdf_of(body: str) -> bytes:
    """The PDF of a page that is described in Typst."""
    return typst.compile((HEAD + body).encode(), format="pdf")


def table(*heads: str) -> str:
    """Two questions in a table with these column heads, which may be long enough to wrap."""
    columns = ", ".join(["1fr", *["26mm"] * len(heads)])
    cells = ", ".join(f"[{head}]" for head in ("", *heads))
    rows = ", ".join(f"[{question}]{', []' * len(heads)}" for question in ("ring you", "write to you"))
    return (
        f"Do you agree that the service may:\n#table(columns: ({columns}), stroke: 0.6pt, inset: 3mm, {cells}, {rows})"
    )


def lines(*ends: tuple[float, float, float, float]) -> str:
    """Lines of a hair's width from point to point, in millimetres from the top left of the page."""
    return "".join(
        f"#place(top + left, dx: {left - 20}mm, dy: {top - 20}mm, line(end: ({right - left}mm, {bottom - top}mm),"
        " stroke: 0.4pt))\n"
        for left, top, right, bottom in ends
    )


def four_lines(left: float, top: float, width: float, height: float) -> str:
    """A box of four lines, in millimetres."""
    right, bottom = left + width, top + height
    return lines(
        (left, top, right, top), (right, top, right, bottom), (right, bottom, left, bottom), (left, bottom, left, top)
    )  # fmt: skip


def printed(left: float, top: float, words: str) -> str:
    """Words at a place, in millimetres."""
    return f"#place(top + left, dx: {left - 20}mm, dy: {top - 20}mm)[{words}]\n"
