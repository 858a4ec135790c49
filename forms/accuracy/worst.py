"""A page of what went wrong, as pictures: one self-contained HTML file for a person at a browser. Pure.

It holds cut-outs of forms, so it is to be kept and thrown away as the scans are.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from forms.accuracy.scoring import Case, What

MOST = {What.MISSED_FORM: 24, What.FALSE_FORM: 24, What.MISPLACED: 24, What.NEEDLESS: 6, What.WRONG_WRITING: 60}
"""How many pictures of a kind are shown; of needless questions, of each reason. Others: `MOST_OTHERS`."""
MOST_OTHERS = 200
MOST_OF_A_FILE = 2
WHOLE_PAGE = frozenset({What.FALSE_FORM, What.MISSED_FORM, What.MISPLACED})
HEADINGS: Mapping[What, tuple[str, str]] = {
    What.FALSE_YES: ("False yes, taken without asking", "A family said no, nothing, or something unclear, and it was taken as yes."),
    What.MISSED_YES: ("Missed yes, taken without asking", "A family said yes, and it was taken as no or nothing."),
    What.OTHER_WRONG: ("Other wrong answers, taken without asking", ""),
    What.WRONG_WRITING: ("Dates, names and signatures taken wrongly", ""),
    What.FALSE_FORM: ("Taken for a form, or for another edition", "The page is not the form that it was read as."),
    What.MISPLACED: ("Read while misregistered", "The boxes were looked for in the wrong place."),
    What.MISSED_FORM: ("Forms not found", "The page is one of our forms and was not read as such."),
    What.NEEDLESS: ("Needless questions", "A careful person could tell, and the computer asked. A sample of each reason."),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A case with its picture (PNG or JPEG; None where there is none) and the question in the desk's words."""

    case: Case
    picture: bytes | None = None
    picture_type: str = "image/png"
    question: str = ""


class Choice:
    """Which cases are shown: no more of a kind than is useful, and of needless questions not all from one scan."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[What, str]] = Counter()
        """All cases, shown or not, by kind; needless questions also by reason."""
        self._shown: Counter[tuple[What, str]] = Counter()
        self._of_file: Counter[tuple[str, str]] = Counter()

    def of(self, cases: Iterable[Case]) -> list[Case]:
        """The cases to show of these."""
        return [case for case in cases if self._takes(case)]

    def _takes(self, case: Case) -> bool:
        reason = (case.reason or "") if case.what is What.NEEDLESS else ""
        key = (case.what, reason)
        self.counts[key] += 1
        if self._shown[key] >= MOST.get(case.what, MOST_OTHERS):
            return False
        if case.what is What.NEEDLESS:
            self._of_file[case.file, reason] += 1
            if self._of_file[case.file, reason] > MOST_OF_A_FILE:
                return False
        self._shown[key] += 1
        return True


def page(shown: Sequence[Shown], counts: Mapping[tuple[What, str], int], forms: int, subtitle: str) -> str:
    """The whole page. `counts`: how many cases of each kind (and reason) there were, shown or not; `subtitle` stands under the heading."""
    by_kind = Counter[What]()
    for (what, _), count in counts.items():
        by_kind[what] += count
    sections = "".join(
        _section(what, [one for one in shown if one.case.what is what], counts, by_kind[what])
        for what in What
        if by_kind[what]
    )
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
        f"<title>Worst cases of reading</title><style>{_STYLE}</style></head><body><main><h1>Worst cases of reading</h1>"
        f'<p class="lead">{escape(_line(by_kind, forms))}</p><p class="hint">{escape(subtitle)}</p>'
        '<p class="warn">This file holds pictures of forms. Keep it, and delete it, as you would the scans.</p>'
        f"{_contents(by_kind)}{sections}</main></body></html>"
    )


def _line(by_kind: Mapping[What, int], forms: int) -> str:
    wrong = sum(by_kind[what] for what in (What.FALSE_YES, What.MISSED_YES, What.OTHER_WRONG, What.WRONG_WRITING))
    pages = sum(by_kind[what] for what in WHOLE_PAGE)
    return (
        f"What went wrong in reading {_plural(forms, 'form')}: {_plural(wrong, 'answer')} taken wrongly "
        f"({by_kind[What.FALSE_YES]} of them a false yes), {_plural(pages, 'page')} not found or misread, "
        f"and {_plural(by_kind[What.NEEDLESS], 'needless question')}, of which a sample is shown."
    )


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _contents(by_kind: Mapping[What, int]) -> str:
    """A link to each kind that there is; a kind without cases is named and leads nowhere."""
    items = ""
    for what in What:
        told = f"<b>{by_kind[what]}</b> {escape(HEADINGS[what][0])}"
        items += (
            f'<li><a href="#{what.name.lower()}">{told}</a></li>' if by_kind[what] else f"<li><span>{told}</span></li>"
        )
    return f'<nav aria-label="Kinds of cases"><ul>{items}</ul></nav>'


def _section(what: What, shown: Sequence[Shown], counts: Mapping[tuple[What, str], int], total: int) -> str:
    heading, hint = HEADINGS[what]
    told = f" {len(shown)} of {total} shown." if len(shown) < total else ""
    hint_line = f'<p class="hint">{escape((hint + told).strip())}</p>' if hint or told else ""
    start = f'<section id="{what.name.lower()}"><h2>{escape(heading)} <span class="count">{total}</span></h2>'
    if what is not What.NEEDLESS:
        return f"{start}{hint_line}{_cards(shown)}</section>"
    groups = ""
    for (kind, reason), count in sorted(counts.items(), key=lambda each: -each[1]):
        if kind is What.NEEDLESS:
            of_reason = [one for one in shown if (one.case.reason or "") == reason]
            groups += f'<h3>“{escape(reason or "No reason given")}” <span class="count">{count}</span></h3>{_cards(of_reason)}'
    return f"{start}{hint_line}{groups}</section>"


def _cards(shown: Sequence[Shown]) -> str:
    kind = "cards pages" if shown and shown[0].case.what in WHOLE_PAGE else "cards"
    return f'<div class="{kind}">{"".join(_card(one) for one in shown)}</div>'


def _card(one: Shown) -> str:
    case = one.case
    where = f"{case.file}, page {case.page}"
    alt = f"Page {case.page}" if case.field is None else f"The field {case.field}"
    picture = (
        f'<img alt="{escape(alt)}" src="data:{one.picture_type};base64,{b64encode(one.picture).decode()}">'
        if one.picture
        else '<p class="nothing">There is no picture of it.</p>'
    )
    kind = "page" if case.what in WHOLE_PAGE else "field"
    title = one.question or case.field or ""
    rows = [("Is", case.truth), ("Read as", case.read)]
    if case.reason and case.what is not What.NEEDLESS:  # which stands under its reason
        rows.append(("Reason", case.reason))
    if case.flags:
        rows.append(("Flags", ", ".join(flag.replace("_", " ") for flag in case.flags)))
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    heading = f"<h4>{escape(title)}</h4>" if title else ""
    return (
        f'<article class="{kind} {case.what.name.lower()}"><div class="picture">{picture}</div>{heading}<dl>{facts}</dl>'
        f'<p class="where"><span class="tag">{escape(case.difficulty)}</span> {escape(where)}</p>{_scores(case)}</article>'
    )


def _scores(case: Case) -> str:
    """The scores of the boxes as a table, folded away; thresholds and the rest below it."""
    if not case.evidence:
        return ""
    boxes = [box for box in ("yes", "no", "tick") if any(name.startswith(f"{box}.") for name in case.evidence)]
    names = dict.fromkeys(name.split(".", 1)[1] for name in case.evidence if name.split(".", 1)[0] in boxes)
    head = "".join(f"<th>{box}</th>" for box in boxes)
    body = ""
    for name in names:
        cells = "".join(f"<td>{escape(_told(case.evidence.get(f'{box}.{name}')))}</td>" for box in boxes)
        body += f"<tr><th>{escape(name)}</th>{cells}</tr>"
    table = f"<table><tr><th></th>{head}</tr>{body}</table>" if boxes else ""
    rest = [(name, value) for name, value in case.evidence.items() if name.split(".", 1)[0] not in boxes]
    others = ", ".join(f"{name} {_told(value)}" for name, value in rest if not name.startswith("limit."))
    limits = ", ".join(
        f"{name.removeprefix('limit.')} {_told(value)}" for name, value in rest if name.startswith("limit.")
    )
    told = f"<p>{escape(others)}</p>" if others else ""
    told += f"<p>Thresholds: {escape(limits)}</p>" if limits else ""
    return f"<details><summary>Scores</summary>{table}{told}</details>"


def _told(value: float | str | None) -> str:
    return "" if value is None else f"{value:.3g}" if isinstance(value, float | int) else value


_STYLE = """
:root{color-scheme:light;--ink:#0b0c0c;--soft:#505a5f;--line:#b1b4b6;--bad:#942514;--warn:#f47738;--quiet:#f3f2f1;--link:#1d70b8}
*{box-sizing:border-box}body{margin:0;font:16px/1.4 system-ui,-apple-system,"Segoe UI",Arial,sans-serif;color:var(--ink);background:#fff}
main{max-width:1320px;margin:0 auto;padding:24px 20px 60px}h1{font-size:32px;margin:0 0 8px}h2{font-size:24px;margin:44px 0 4px;
border-top:2px solid var(--ink);padding-top:12px}h3{font-size:18px;margin:24px 0 8px}h4{font-size:16px;margin:0 0 6px}
.lead{font-size:19px;margin:0 0 4px;max-width:60em}.hint{color:var(--soft);margin:0 0 12px}.warn{border-left:6px solid var(--warn);
background:#fff6ee;margin:12px 0;padding:8px 14px;max-width:60em}
.count{font-weight:400;color:var(--soft)}nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:6px 10px;padding:0;margin:16px 0 0}
nav a,nav span{display:block;padding:4px 12px;border:1px solid var(--line)}nav span{color:var(--soft);background:var(--quiet)}
nav a{color:var(--link);text-decoration:none}nav a:hover,nav a:focus{text-decoration:underline;border-color:var(--ink)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:16px;align-items:start}
.pages{grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr))}
article{border:1px solid var(--line);border-top:5px solid var(--soft);padding:12px;background:#fff;min-width:0}
article.false_yes,article.false_form,article.misplaced{border-top-color:var(--bad)}
article.missed_yes,article.other_wrong,article.wrong_writing,article.missed_form{border-top-color:var(--warn)}
.picture{background:var(--quiet);margin:0 0 10px;padding:6px;text-align:center}
.picture img{max-width:100%;max-height:190px;height:auto;vertical-align:top;background:#fff}
article.page .picture img{max-height:420px;border:1px solid var(--line)}.nothing{color:var(--soft);margin:18px 0}
dl{display:grid;grid-template-columns:minmax(70px,auto) 1fr;gap:2px 12px;margin:0 0 8px}dt{color:var(--soft)}dd{margin:0;font-weight:600;overflow-wrap:anywhere}
dt:nth-of-type(n+3)+dd{font-weight:400}.where{font-size:14px;color:var(--soft);margin:0;overflow-wrap:anywhere}
.tag{background:var(--quiet);padding:1px 7px;border:1px solid var(--line)}details{font-size:13px;margin-top:6px}
summary{cursor:pointer;color:var(--link)}details p{overflow-wrap:anywhere}table{border-collapse:collapse;margin:6px 0}
td,th{padding:1px 10px 1px 0;text-align:right;font-weight:400}th:first-child{text-align:left;color:var(--soft)}
@media print{article{break-inside:avoid}nav{display:none}}
"""
