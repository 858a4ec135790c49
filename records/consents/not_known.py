"""What a consent form does not ask, or leaves open, and nobody has told us since: shown as unknown and asked for later (F28). Pure.

Unknown stays unknown: nothing here is ever taken for a yes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from records.consents.givers import NOT_NOTED
from records.consents.items import STORE
from records.consents.standing import ConsentState, Standing

PAPER_UNKNOWN = frozenset({"unknown", "unclear"})


@dataclass(frozen=True)
class Adult:
    """A parent or carer, as far as is known. `told`: kinds of facts that they told us of themselves (`people/facts.py`)."""

    relationship: str = "unknown"
    parental_responsibility: str = "unknown"
    told: Collection[str] = ()


def not_known(
    adults: Collection[Adult], child_told: Collection[str], holds: Mapping[str, Standing], own_word: bool | None, child_answered: bool,
    paper: Collection[str],
) -> list[str]:  # fmt: skip
    """What to ask the family for, in the order of F28. Nothing for a file on which nobody answered anything.

    `own_word`: whether the young person's own answer is needed by now; None where their birth date does not tell. `paper`: what
    they want with each paper of theirs.
    """
    if STORE not in holds:
        return []
    told = {kind for each in adults for kind in each.told} | set(child_told)
    obtain = holds.get("obtain_information")
    checks = (
        ("how to reach them: telephone, email or address", "contact" not in told),
        ("how each parent or carer is related to the child", any(each.relationship in NOT_NOTED for each in adults)),
        ("who has parental responsibility", any(each.parental_responsibility in NOT_NOTED for each in adults)),
        ("the young person’s own answers and signature", bool(own_word) and not child_answered),
        (
            "whether we may get information from others, as well as contact them",
            obtain is None or obtain.state is ConsentState.NOT_ANSWERED,
        ),
        ("whether it is safe to ring or write, and when", "safe_contact" not in told),
        ("their language and format", "preferences" not in told),
        ("what we do with the paper: send it back or destroy it", bool(PAPER_UNKNOWN & set(paper))),
    )
    return [words for words, open in checks if open]
