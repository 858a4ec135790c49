"""How many wrong splits say so, by the order of pages alone: `python -m tests.bench.stack_order [--stacks 20000]`. Prints figures.

Stacks of one to six families on forms of two and four pages, with letters and blank backs between, as if every page were read rightly;
so thousands of them take seconds. One thing goes wrong in each: a page is lost, two families' pages are changed over, or a page from
elsewhere lies in the place of one's own, or beside it. `tests.bench.stacks` does the same with pictures, for tens of them.
"""

import argparse
import random
import sys
from collections import Counter
from enum import StrEnum

from forms.assemble import assemble
from forms.catalogue import load_catalogue
from forms.results import FormReading, PageKind, PageReading
from forms.template import Template

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


def judged(pages: list[Sheet]) -> Counter[str]:
    """Forms put together of two families, and whether they say so; right ones that are asked about."""
    read = [
        PageReading(
            number, kind, template.id if template else None, template.edition if template else None, page or None
        )
        for number, (_, template, page, kind) in enumerate(pages, start=1)
    ]
    found: Counter[str] = Counter()
    for part in assemble(read, CATALOGUE):
        if not isinstance(part, FormReading):
            continue
        families = {pages[number - 1][0] for number in part.pages}
        name = "mixed" if len(families) > 1 else "right"
        found[name] += 1
        found[f"{name}, flagged"] += bool(part.notes)
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


if __name__ == "__main__":
    main()
