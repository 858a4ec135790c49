"""Several people who act at the same instant."""

from collections.abc import Callable
from threading import Barrier, Thread

from records.errors import RecordsError


def at_once(*acts: Callable[[], object]) -> list[RecordsError]:
    """Starts all acts together, each in a thread of its own; returns what the losers were told. Any other fault is raised."""
    start, told, faults = Barrier(len(acts)), list[RecordsError](), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except RecordsError as error:
            told.append(error)
        except BaseException as error:
            faults.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return told
