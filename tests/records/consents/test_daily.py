"""R33, W27: where a yes has lapsed the family is asked again, once."""

from datetime import UTC, datetime

from sqlmodel import select

from records.clock import fixed
from records.consents import daily, following
from records.consents.items import STORE
from records.consents.standing import ConsentState
from records.db import Database
from records.tasks.tables import TaskRow
from tests.records.consents.homes import WESTMINSTER, open_file


def kinds(database: Database) -> list[str]:
    with database.reading() as session:
        return [row.kind for row in session.exec(select(TaskRow)).all()]


def test_a_lapsed_yes_raises_one_task_in_its_own_days(database: Database) -> None:
    """Signed on 1 March 2026, lapsed on 1 March 2028."""
    before, on, again, long_after = (
        fixed(datetime(*day, 9, tzinfo=UTC)) for day in ((2028, 2, 29), (2028, 3, 1), (2028, 3, 2), (2028, 6, 1))
    )
    with database.writing() as session:
        open_file(
            session,
            datetime(2026, 3, 2, 9, tzinfo=UTC),
            {STORE: ConsentState.GIVEN, "contact:health": ConsentState.REFUSED},
        )
        open_file(session, datetime(2026, 3, 2, 9, tzinfo=UTC), {"contact:health": ConsentState.REFUSED})
    assert daily.ask_again(database, before, WESTMINSTER) == 0
    assert daily.ask_again(database, on, WESTMINSTER) == 1
    assert daily.ask_again(database, again, WESTMINSTER) == 1
    assert daily.ask_again(database, long_after, WESTMINSTER) == 0
    assert kinds(database) == [following.ASK_FAMILY]
