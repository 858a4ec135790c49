"""What other borders would make of one form that was read before, beside what an officer confirmed of it. Pure.

Only counts come out: they are summed over all forms, so that nobody's answers can be told from them.
"""

from collections import Counter
from collections.abc import Mapping

from forms.results import FieldReading, FormReading

ANSWERS = "answers"
ASKED, NOW_ASKED = "asked", "now asked"
TO_ASKED, TO_TAKEN, OTHER_VALUE = "taken, now asked", "asked, now taken", "taken, now another answer"
CONFIRMED = "confirmed"
TAKEN, NOW_TAKEN = "taken and confirmed", "now taken, and confirmed"
OTHERWISE, NOW_OTHERWISE = "taken, confirmed otherwise", "now taken, confirmed otherwise"
WRONG_YES, NOW_WRONG_YES = "taken as yes, confirmed otherwise", "now taken as yes, confirmed otherwise"
"""What is counted; the last six of the answers alone that an officer confirmed (G3)."""


def compared(before: FormReading, now: FormReading, confirmed: Mapping[str, str | None] | None = None) -> Counter[str]:
    """Counts of the answers by marks of one form, as it was judged and as it would be. `confirmed`: what an officer said, by field id."""
    counts: Counter[str] = Counter()
    for name, old in before.fields.items():
        if not old.kind.is_mark:
            continue
        new = now.fields[name]
        counts[ANSWERS] += 1
        counts[ASKED] += old.review
        counts[NOW_ASKED] += new.review
        counts[TO_ASKED] += new.review and not old.review
        counts[TO_TAKEN] += old.review and not new.review
        counts[OTHER_VALUE] += not old.review and not new.review and old.value != new.value
        said = (confirmed or {}).get(name)
        if said is not None:
            counts[CONFIRMED] += 1
            _beside(counts, old, said, (TAKEN, OTHERWISE, WRONG_YES))
            _beside(counts, new, said, (NOW_TAKEN, NOW_OTHERWISE, NOW_WRONG_YES))
    return counts


def _beside(counts: Counter[str], one: FieldReading, said: str, names: tuple[str, str, str]) -> None:
    taken, otherwise, wrong_yes = names
    counts[taken] += not one.review
    counts[otherwise] += not one.review and one.value != said
    counts[wrong_yes] += not one.review and one.value == "yes" != said
