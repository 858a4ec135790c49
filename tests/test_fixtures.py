"""The fixtures themselves: a database that is not fresh, or not migrated, would make other tests lie."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy

from records import migrations
from records.db import Database
from tests.postgres import Cluster, NoPostgres, programs


@pytest.mark.parametrize("turn", [1, 2])
def test_each_database_is_migrated_and_of_its_own(database: Database, database_kind: str, turn: int) -> None:
    assert database.engine.dialect.name == database_kind
    assert migrations.is_current(database)
    with database.writing() as session:
        session.connection().exec_driver_sql("CREATE TABLE left_behind (turn integer)")  # fails if it is there already
    assert "left_behind" in sqlalchemy.inspect(database.engine).get_table_names()


def test_an_empty_database_has_no_tables(empty_database: Database) -> None:
    assert sqlalchemy.inspect(empty_database.engine).get_table_names() == []


def test_a_reopened_database_is_the_same_one(database: Database, reopened: Callable[[], Database]) -> None:
    with database.writing() as session:
        session.connection().exec_driver_sql("CREATE TABLE seen_by_both (turn integer)")
    other = reopened()
    assert other is not database
    assert "seen_by_both" in sqlalchemy.inspect(other.engine).get_table_names()


def test_without_postgresql_tests_fail_in_words(tmp_path: Path) -> None:
    with pytest.raises(NoPostgres, match="script/test"):
        programs(tmp_path)


def test_postgresql_keeps_its_promises_on_disc(postgres: Cluster) -> None:
    engine = sqlalchemy.create_engine(postgres.url("postgres").replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SHOW fsync")) == "on"
    engine.dispose()
