"""What can go wrong in `records`, each with words for staff. Never a name, a birth date or a file name in a message."""


class RecordsError(Exception):
    """Base. `message` says what happened and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotSetUp(RecordsError):
    """Something needed is missing or unhealthy (exit status 5)."""


class RefusedByRule(RecordsError):
    """A rule forbids the act; the rule is named (exit status 3)."""

    def __init__(self, message: str, rule: str) -> None:
        super().__init__(message)
        self.rule = rule


class ChangedMeanwhile(RecordsError):
    """Somebody saved first. Nothing was overwritten."""


class NotFound(RecordsError):
    """Missing, or not for this person: the two are never told apart."""


class Damaged(RecordsError):
    """Stored bytes do not match what was stored."""
