"""How many wrong splits say so, by the order of pages alone: `python -m tests.bench.stack_order [--stacks 20000]`. Prints figures.

Stacks of one to six families on forms of two and four pages, with letters and blank backs between, as if every page were read rightly;
so thousands of them take seconds. One thing goes wrong in each: a page is lost, two families' pages are changed over, or a page from
elsewhere lies in the place of one's own, or beside it. `tests.bench.stacks` does the same with pictures, for tens of them.
After that days of several scans, where a page of one scan comes to lie in another: by one scan alone, and with `intake.strays`.
"""

import argparse
import random
import sys
from collections import Counter
from enum import StrEnum

from forms.assemble import assemble, lacking
from forms.catalogue import load_catalogue
from forms.results import FormReading, PageKind, PageReading
from forms.template import Template
from intake import strays

CATALOGUE = load_catalogue()
LONG = [one for one in CATALOGUE.templates() if len(one.pages) > 1]
Sheet = tuple[int, Template | None, int, PageKind]
"""Whose page, of which form, which page of it, and what it is."""


class Wrong(StrEnum):
    """What goes wrong in a stack."""

    NOTHING = "nothing"
    LOST = "a page is lost"
    CHANGED_OVER = "two families' pages are changed over"
    IN_PLACE = "a page from elsewhere in the place of one's own"
    BESIDE = "a page from elsewhere beside one's own"


def stack(rng: random.Random, wrong: Wrong) -> list[Sheet] | None:
    """The pages of a stack; None where this cannot go wrong in it."""
    families = rng.choice([1, 1, 1, 2, 3, 6])
    usual = rng.choice(LONG)
    made: list[list[Sheet]] = []
    for family in range(families):
        template = usual if rng.random() < 0.7 else rng.choice(LONG)
        made.append([(family, template, page, PageKind.FORM) for page in range(1, len(template.pages) + 1)])
    one = rng.choice(made)
    template = one[0][1]
    at = rng.randrange(len(one))
    match wrong:
        case Wrong.LOST:
            del one[at]
        case Wrong.CHANGED_OVER:
            others = [other for other in made if other is not one and other[0][1] is template]
            if not others:
                return None
            other = rng.choice(others)
            one[at], other[at] = other[at], one[at]
        case Wrong.IN_PLACE:
            one[at] = (99, *one[at][1:])
        case Wrong.BESIDE:
            one.insert(at, (99, *one[at][1:]))
        case Wrong.NOTHING:
            pass
    pages: list[Sheet] = []
    for own in made:
        for sheet in own:
            pages.append(sheet)
            if rng.random() < 0.1:
                pages.append((-1, None, 0, PageKind.BLANK))
        if rng.random() < 0.15:
            pages.append((-1, None, 0, PageKind.OTHER))
    return pages


def forms_of(pages: list[Sheet]) -> list[FormReading]:
    """The forms that a scan of these pages is put together to."""
    read = [
        PageReading(
            number, kind, template.id if template else None, template.edition if template else None, page or None
        )
        for number, (_, template, page, kind) in enumerate(pages, start=1)
    ]
    return [part for part in assemble(read, CATALOGUE) if isinstance(part, FormReading)]


def judged(pages: list[Sheet]) -> Counter[str]:
    """Forms put together of two families, and whether they say so; right ones that are asked about."""
    found: Counter[str] = Counter()
    for part in forms_of(pages):
        families = {pages[number - 1][0] for number in part.pages}
        name = "mixed" if len(families) > 1 else "right"
        found[name] += 1
        found[f"{name}, flagged"] += bool(part.notes)
    return found


class Across(StrEnum):
    """What goes wrong between two scans of one day."""

    NOTHING = "nothing"
    STRAYED = "a page lies in another scan in the place of one's own, which is lost"
    CHANGED_OVER = "pages of two scans are changed over"


SHORT_ANYWAY = 0.02
"""How many families send a form without one of its pages."""


def day(rng: random.Random, across: Across) -> list[list[Sheet]] | None:
    """The scans of one day, two to twenty of them; None where this cannot go wrong between them."""
    scans = [stack(rng, Wrong.NOTHING) or [] for _ in range(rng.randint(2, 20))]
    scans = [
        [(1000 * n + sheet[0] if sheet[0] >= 0 else -1, *sheet[1:]) for sheet in one] for n, one in enumerate(scans)
    ]
    for one in scans:
        families = {sheet[0] for sheet in one if sheet[1]}
        for family in families:
            if rng.random() < SHORT_ANYWAY:
                one.remove(rng.choice([sheet for sheet in one if sheet[0] == family]))
    if across is Across.NOTHING:
        return scans
    places = [(n, at) for n, one in enumerate(scans) for at, sheet in enumerate(one) if sheet[1]]
    n, at = rng.choice(places)
    like = [(m, where) for m, where in places if m != n and scans[m][where][1:] == scans[n][at][1:]]
    if not like:
        return None
    m, where = rng.choice(like)
    theirs = scans[m][where]
    if across is Across.CHANGED_OVER:
        scans[m][where] = scans[n][at]
    else:
        del scans[m][where]
    scans[n][at] = theirs
    return scans


def judged_across(scans: list[list[Sheet]]) -> Counter[str]:
    """As `judged`, of all scans of a day: what each says by itself, and what it says beside the others."""
    found: Counter[str] = Counter()
    read = [forms_of(one) for one in scans]
    for n, forms in enumerate(read):
        for part in forms:
            count = len(CATALOGUE.get(part.form, part.edition).pages)
            families = {scans[n][number - 1][0] for number in part.pages}
            name = "mixed" if len(families) > 1 else "right"
            short = {
                m: frozenset[int]().union(*(
                    lacking(other.notes, count) for other in others if (other.form, other.edition) == (part.form, part.edition)
                ))
                for m, others in enumerate(read) if m != n
            }  # fmt: skip
            beside = strays.questions(set(range(1, count + 1)) - lacking(part.notes, count), short)
            found[name] += 1
            found[f"{name}, flagged alone"] += bool(part.notes)
            found[f"{name}, flagged"] += bool(part.notes or beside)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.stack_order", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--stacks", type=int, default=20_000)
    asked = parser.parse_args()
    for wrong in Wrong:
        rng, total, stacks = random.Random(7), Counter[str](), 0
        for _ in range(asked.stacks // len(Wrong)):
            pages = stack(rng, wrong)
            if pages is not None:
                total, stacks = total + judged(pages), stacks + 1
        sys.stdout.write(
            f"{wrong}: {stacks} stacks; of {total['mixed']} forms of two families {total['mixed, flagged']} say so; "
            f"of {total['right']} others {total['right, flagged']} are asked about\n"
        )
    for across in Across:
        rng, total, days = random.Random(11), Counter[str](), 0
        for _ in range(asked.stacks // 10):
            scans = day(rng, across)
            if scans is not None:
                total, days = total + judged_across(scans), days + 1
        sys.stdout.write(
            f"{across}: {days} days; of {total['mixed']} forms of two families {total['mixed, flagged alone']} say so by their scan alone, "
            f"{total['mixed, flagged']} beside the day's other scans; of {total['right']} others {total['right, flagged alone']} and "
            f"{total['right, flagged']} are asked about\n"
        )


if __name__ == "__main__":
    main()
