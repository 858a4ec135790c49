"""Schema changes go up and down on an empty and a filled database, and end in what the tables say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import select

from records import migrations
from records.audit import trail
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.post.tables import Counter
from records.schema import metadata


def test_an_empty_database_goes_up_down_and_up_again(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    assert migrations.is_current(empty_database)
    migrations.downgrade(empty_database)
    assert set(inspect(empty_database.engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(empty_database)
    assert migrations.is_current(empty_database)


def test_a_filled_database_goes_down_and_up(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        session.add(Counter(name="item", last=7))
        trail.append(session, actor="system", act="test", subject_kind="item", subject_id="1", at=clock.now())
    migrations.upgrade(database)
    with database.reading() as session:
        assert session.exec(select(Counter)).one().last == 7
        assert len(session.exec(select(AuditEntry)).all()) == 1
    migrations.downgrade(database)
    migrations.upgrade(database)
    assert migrations.is_current(database)


def test_the_migrations_end_in_exactly_what_the_tables_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []
