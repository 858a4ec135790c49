"""Schema changes, each reversible. `upgrade` brings an empty or older database to the newest shape at start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from records.db import Database
from records.errors import NotSetUp

HERE = Path(__file__).parent


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, to: str = "head") -> None:
    """Runs what is missing, in one transaction. Raises NotSetUp for a database of a newer Paperchain."""
    with database.engine.execution_options(writes=True).begin() as connection:
        _refuse_newer(connection)
        command.upgrade(_config(connection), to)


def downgrade(database: Database, to: str = "base") -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        command.downgrade(_config(connection), to)


def is_current(database: Database) -> bool:
    """Whether the database has the newest shape."""
    with database.engine.connect() as connection:
        heads = ScriptDirectory.from_config(_config(connection)).get_heads()
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def _refuse_newer(connection: Connection) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config(connection)).walk_revisions()}
    if set(MigrationContext.configure(connection).get_current_heads()) - known:
        raise NotSetUp("This database was made by a newer Paperchain. Start the newer version instead.")


def newest() -> str:
    """The revision that this Paperchain makes of every database."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None, "there are migrations"
    return head
