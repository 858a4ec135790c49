"""Every stored reading of a form judged again by other borders or costs, without its picture: what would change, in counts.

Nothing is changed. Readings are opened here and only counts leave: no name, no file, no answer of anybody.
"""

from collections import Counter
from dataclasses import dataclass, field

from forms.catalogue import Catalogue
from forms.costs import Costs
from forms.judged_again import compared
from forms.rejudge import judge_again
from forms.results import FormReading
from forms.thresholds import Thresholds
from intake.wiring import Paperchain
from records.post import review


@dataclass
class JudgedAgain:
    """`forms` that were judged, `confirmed` those of them of which an officer's word is kept; `counts` as in `forms.judged_again`.

    `left_out`: read by a form, an edition or a text of it that is not in use any more.
    """

    forms: int = 0
    confirmed: int = 0
    left_out: int = 0
    counts: Counter[str] = field(default_factory=Counter)


def judge_all(chain: Paperchain, catalogue: Catalogue, thresholds: Thresholds, costs: Costs) -> JudgedAgain:
    """What these borders would make of every form whose reading is kept and can still be opened."""
    found = JudgedAgain()
    with chain.db.reading() as session:
        for one in review.kept_readings(session):
            before = FormReading.from_json(one.reading)
            try:
                now = judge_again(before, catalogue.get(before.form, before.edition), thresholds, costs)
            except (KeyError, ValueError):
                found.left_out += 1
                continue
            told = one.answers or {}
            said = {name: answer["confirmed"] for name, answer in told.items() if name in before.fields}
            found.forms += 1
            found.confirmed += bool(said)
            found.counts.update(compared(before, now, said))
    return found
