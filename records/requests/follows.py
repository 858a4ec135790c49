"""What lower slices ask or tell the register of requests: entered here once, when the program is put together."""

from records.custody import facts
from records.requests import erasure_list


def enter() -> None:
    """Enters the register with the slices below, which must not import it. Doing it again changes nothing."""
    if erasure_list.lets_go not in facts.LETS_GO:
        facts.LETS_GO.append(erasure_list.lets_go)
