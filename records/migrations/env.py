"""Alembic's entry: runs on the connection that `records.migrations` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString

from records.columns import UtcMoment
from records.schema import metadata


def written(kind: str, thing: Any, _: AutogenContext) -> str | Literal[False]:
    """How our column types are written in a migration."""
    if kind == "type" and isinstance(thing, UtcMoment):
        return "columns.UtcMoment()"
    if kind == "type" and isinstance(thing, AutoString):
        return "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata(), render_as_batch=True, render_item=written)
context.run_migrations()
