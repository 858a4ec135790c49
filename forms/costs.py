"""What a mistake costs, in questions to an officer: the one place where the lopsidedness of the task is written down. Pure.

A false yes lets a child's information out. A missed yes costs the family a telephone call. A question costs an officer about
two seconds. An answer is taken only when what its mistakes would cost on average is less than the question.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """Costs of mistakes, where a question to an officer is 1.

    `false_yes`: a yes is taken and was not meant. `missed_yes`: anything else is taken and yes was meant, or might have
    been. A template may have its own.
    """

    false_yes: float = 200.0
    missed_yes: float = 25.0
    question: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.question <= self.missed_yes <= self.false_yes:
            raise ValueError("A question must cost least and a false yes most, and none can be free.")


STANDARD = Costs()


def least_confidence(value: str, costs: Costs = STANDARD) -> float:
    """How sure an answer must be to be taken without asking: `yes` by the cost of a false yes, any other by that of a missed one."""
    mistake = costs.false_yes if value == "yes" else costs.missed_yes
    return 1.0 - costs.question / mistake


def worth_taking(value: str, confidence: float, costs: Costs = STANDARD) -> bool:
    """Whether an answer's mistakes cost less than asking about it. `confidence`: the share of such answers that are right."""
    return confidence >= least_confidence(value, costs)
