"""How well answer sheets are read: printed, filled in by the generator's people, scanned, and read as pages of post.

    python -m tests.bench.answer_sheets 30        # 30 sheets of each size and difficulty

Prints, for each difficulty: pages found, answers taken rightly, asked and taken wrongly, and every wrong one by name.
"""

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from forms import again
from forms.again import About
from forms.catalogue import Catalogue, KnownPage, load_catalogue
from forms.printing.again import print_sheet
from forms.reading import read_page
from forms.results import PageKind
from tests.generator.samples import Made, Set, a_form


def filled(about: About, difficulty: str, number: int, folder: Path) -> Made:
    """A sheet printed, filled in and scanned, with what is on it."""
    template = again.template_of(about)
    pdf = folder / f"{template.edition}.pdf"
    pdf.write_bytes(print_sheet(about))
    pages = [
        KnownPage(template.id, template.edition, n, size, pdf, template, pdf, n)
        for n, size in enumerate(template.pages, start=1)
    ]
    return a_form(Set.PROVE, Catalogue([template], pages), template, difficulty, number)


def some_questions(draw: random.Random, large: bool) -> About:
    """A few questions of one of the two forms, as a family has them."""
    rows = again.kept(large).rows
    form = draw.choice(sorted({row.form for row in rows}))
    own = [n for n, row in enumerate(rows) if row.form == form]
    asked = draw.sample(own, draw.randint(1, 5))
    return About(again.EDITION, large, draw.randint(1, 9_999), sum(1 << n for n in asked))


def measured(count: int, difficulty: str) -> Counter[str]:
    """`count` sheets of each size, read: how many of what."""
    found: Counter[str] = Counter()
    draw, catalogue = random.Random(f"answer sheets {difficulty}"), load_catalogue()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count * 2):
            about = some_questions(draw, number % 2 == 1)
            made = filled(about, difficulty, number, Path(folder))
            found["sheets"] += 1
            for n, (page, recipe) in enumerate(zip(made.pages, made.recipes, strict=True), start=1):
                read, _ = read_page(page, recipe.resolution, 1, catalogue)
                found["pages"] += 1
                if read.kind is not PageKind.FORM:
                    found["pages to a person"] += 1
                    print(
                        "  not read:",
                        number,
                        "large" if about.large else "standard",
                        recipe.mode,
                        recipe.effects,
                        recipe.phone,
                        recipe.fax,
                        read.reason,
                    )
                    continue
                if (read.form, read.edition, read.template_page) != (again.ID, made.template.edition, n):
                    found["pages taken for another"] += 1
                    continue
                found["pages found"] += 1
                for field in read.fields:
                    told = made.fields[field.id]
                    if not field.kind.is_mark:
                        continue
                    found["answers"] += 1
                    if field.review or field.value == "unclear":
                        found["asked"] += 1
                    elif field.value == told.value:
                        found["right"] += 1
                    else:
                        found["WRONG"] += 1
                        found["FALSE YES"] += field.value == "yes"
                        print(
                            "  wrong:",
                            number,
                            field.id,
                            "read",
                            field.value,
                            "truth",
                            told.value,
                            told.flags,
                            field.confidence,
                        )
    return found


if __name__ == "__main__":
    for difficulty in ("clean", "typical", "hard"):
        told = measured(int(sys.argv[1]) if len(sys.argv) > 1 else 30, difficulty)
        print(difficulty, dict(told), flush=True)
