"""What a database was asked, in order, and how much that brought: so a test can say that a page costs no more with many rows than with few."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa

from records.db import Database


class Question(NamedTuple):
    """One statement as it went to the driver."""

    statement: str
    parameters: Any  # what the driver takes: named or in order


@contextmanager
def asked(database: Database) -> Iterator[list[Question]]:
    """The statements of a block; the list grows while it runs."""
    found: list[Question] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        found.append(Question(statement, parameters))

    sa.event.listen(database.engine, "before_cursor_execute", listen)
    try:
        yield found
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", listen)


def brought(database: Database, questions: Iterable[Question]) -> int:
    """How many rows all these questions bring, asked once more."""
    selects = [each for each in questions if each.statement.lstrip().upper().startswith("SELECT")]
    with database.engine.connect() as connection:
        return sum(len(connection.exec_driver_sql(*each).fetchall()) for each in selects)
