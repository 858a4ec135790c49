"""Collects what the scorer of marks is fitted on: windows of boxes of generated forms, with what lies in each.

`python script/training/collect_marks.py OUT.npz --purpose fit --forms 2000 [--part 0/2]`. Takes about a second a form.
Three purposes that share no form: `fit` the network, `calibrate` its chances, `prove` it (other typefaces, hands and layouts).
"""

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from forms import ink
from forms.blank_pages import blank_pages
from forms.catalogue import Catalogue, load_catalogue
from forms.identify import candidates_for, corners_of
from forms.marks import Content, judge
from forms.page import halved, page_of
from forms.register import quarter_turn, register, rough_on, turn
from forms.views import views
from tests.generator.answered import WIDE_MM, in_mm
from tests.generator.layouts import layouts
from tests.generator.oddities import RATES
from tests.generator.samples import Made, Set, a_form, a_template
from tests.second_maker.making import FIT, Filled
from tests.second_maker.making import a_form as a_second_form
from tests.third_maker.making import a_form as a_third_form

CLASSES = [content.value for content in Content]
# Odd marks are rare on real forms; for fitting there must be enough of each.
MIX = {"clean": 0.10, "typical": 0.25, "hard": 0.25, "adversarial": 0.10, "study": 0.30}
LOT, LOTS = 5_000, {"fit": 8, "calibrate": 4, "prove": 1}
"""Forms have numbers; a lot has as many, and no set uses another's."""
MISLEADING = {"typical": 0.2, "hard": 0.3, "study": 0.5}
OFTEN = {"struck_tick": 0.02, "other_sign": 0.008, "staple": 0.004, "hair": 0.004, "question_mark": 0.02}
"""With `--misleading`: how hard the forms are, and how often on a typical one a mark is what looks like a tick and says something else."""
SECOND_LOT = 2_500
HARDLY = 0.03, 0.45
SECOND = {"clean": 0.15, "typical": 0.45, "hard": 0.40}
"""Lots, what hardly shows, and how hard the forms are, of the second and the third maker."""
NATURAL = {"clean": 0.25, "typical": 0.45, "hard": 0.30}


def windows(made: Made | Filled, catalogue: Catalogue) -> tuple[list[np.ndarray], list[int], list[str]]:
    """The windows of one form, their classes, and of each `form|difficulty|field|box|flags|what the ink alone says|what was drawn|ink|strokes`.

    The last three only of a mark that was drawn in the box: what it was, and how much of it the scan shows, so that windows can be
    sorted again by another border between seen and unclear.
    """
    found, classes, names = [], [], []
    for number, (picture, resolution) in enumerate(zip(made.pages, made.resolution, strict=True), start=1):
        page = page_of(picture, resolution)
        blanks = [b for b in blank_pages(catalogue) if b.known.template is made.template and b.known.page == number]
        if page is None:
            continue
        small = halved(turn(page, picture, 0).work)
        candidates = candidates_for(corners_of(small), blanks)
        if not candidates or candidates[0].matches < 20:
            continue
        best = candidates[0]
        degrees = quarter_turn(best)
        fit = register(
            best.blank, turn(page, picture, degrees), rough_on(best, (small.shape[1], small.shape[0]), degrees)
        )
        if fit is None or fit.found < 0.75:
            continue
        fields = made.template.on_page(number)
        seen, inks = views(fit, fields), ink.measure(fit, fields)
        for (field_id, name), view in zip(seen.keys, seen.views, strict=True):
            if "contradicted" in made.fields[field_id].flags and is_wide(made, field_id, name):
                continue  # the word stands outside the window: nothing there can tell
            drawn = made.fields[field_id].drawn.get(name)
            if isinstance(made, Filled) and drawn and HARDLY[0] < (drawn[1] * drawn[2]) ** 0.5 < HARDLY[1]:
                continue  # the makers measure what shows in two ways: of these only what is plain is learnt from
            found.append(view)
            classes.append(CLASSES.index(made.fields[field_id].boxes[name].value))
            by_ink = judge(asdict(inks[field_id].boxes[name])).mark
            flags = " ".join(made.fields[field_id].flags)
            shown = f"{drawn[0].value}|{drawn[1]:.3f}|{drawn[2]:.3f}" if drawn else "||"
            names.append(f"{made.template.id}|{made.difficulty}|{field_id}|{name}|{flags}|{by_ink}|{shown}")
    return found, classes, names


def is_wide(made: Made | Filled, field_id: str, name: str) -> bool:
    """Whether a box is a cell of a table."""
    left, _, right, _ = in_mm(made.template.field(field_id).boxes[name])
    return right - left > WIDE_MM


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--purpose", choices=["fit", "calibrate", "prove"], default="fit")
    parser.add_argument("--forms", type=int, default=200)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--more", type=int, default=0, help="the n-th further lot: other forms, other made-up layouts")
    parser.add_argument(
        "--cheap", action="store_true", help="scan most at 200 dpi in grey: three times as many an hour"
    )
    parser.add_argument(
        "--second", action="store_true", help="forms by the second maker, which draws and scans otherwise"
    )
    parser.add_argument(
        "--third", action="store_true", help="forms by the third maker, which again draws and scans otherwise"
    )
    parser.add_argument("--misleading", action="store_true", help="forms full of letters, dashes and struck ticks")
    told = parser.parse_args()
    part, parts = (int(value) for value in told.part.split("/"))
    which = Set.PROVE if told.purpose == "prove" else Set.FIT
    mix = MIX if told.purpose == "fit" else NATURAL
    if told.misleading:
        mix = MISLEADING
        RATES.update(OFTEN)
    if told.second and told.third:
        parser.error("one maker at a time")
    another = a_second_form if told.second else a_third_form if told.third else None
    if another:
        mix = SECOND
        if told.purpose != "fit" or told.forms > SECOND_LOT or told.more >= len(FIT) // SECOND_LOT:
            parser.error(
                f"the second and third makers have {len(FIT) // SECOND_LOT} lots of {SECOND_LOT} forms for fitting, and none for anything else"
            )
    first = (50_000 if told.purpose == "calibrate" else 10_000) + LOT * told.more
    if not 0 <= told.more < LOTS[told.purpose] or told.forms > LOT:
        parser.error(
            f"a lot has at most {LOT} forms, and there are {LOTS[told.purpose]} lots: the numbers after them belong to other sets"
        )
    rng = np.random.default_rng(
        [{"fit": 5, "prove": 6, "calibrate": 7}[told.purpose], part, *[told.more] * bool(told.more)]
    )
    own = load_catalogue()
    all_views, all_classes, all_names = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        layouts(
            Path(folder),
            f"layout-{told.purpose}",
            40,
            {"fit": 100, "prove": 200, "calibrate": 250}[told.purpose] + told.more,
        )
        made_up = load_catalogue(Path(folder))
        for number in range(part, told.forms, parts):
            catalogue = own if rng.random() < 0.6 else made_up
            template = a_template(catalogue, rng)
            difficulty = str(rng.choice(list(mix), p=list(mix.values())))
            made = (
                another(catalogue, template, difficulty, SECOND_LOT * told.more + number)
                if another
                else a_form(which, catalogue, template, difficulty, first + number, cheap=told.cheap)
            )
            found, classes, names = windows(made, catalogue)
            all_views += found
            all_classes += classes
            all_names += names
            if number % 100 < parts and all_views:
                sys.stderr.write(f"{number} {len(all_views)}\n")
                save(told.out, all_views, all_classes, all_names)
        save(told.out, all_views, all_classes, all_names)


def save(out: Path, views: list[np.ndarray], classes: list[int], names: list[str]) -> None:
    """Writes what there is so far."""
    unfinished = out.with_suffix(".part.npz")  # a run that is ended while it writes keeps what was written before
    np.savez(unfinished, views=np.stack(views), classes=np.array(classes, np.int64), names=np.array(names))
    unfinished.replace(out)


if __name__ == "__main__":
    main()
