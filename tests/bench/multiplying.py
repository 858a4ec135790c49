"""A home made larger: what stands in it, entered again many times over, each time under ids and numbers of its own.

Making 10,000 rows through the functions of the pages takes an hour on a busy machine, copying 200 of them fifty times a minute. Copies of a
file are sealed again under the key of the first, so that pages can open them. Audit, accounts, keys and documents are not copied.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlmodel import Session, SQLModel, select

from intake.wiring import Paperchain
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json

LEFT = frozenset(
    {
        "account",
        "audit_entry",
        "counter",
        "document",
        "document_place",
        "invitation",
        "job_day",
        "search_spelling",
        "sign_in_session",
        "wrapped_key",
    }
)
BOUND = {"sealed_name": "claim_id"}
"""What a sealed column is bound to, where it is not the row's own id."""

Row = dict[str, Any]  # Any: what a database holds


def multiply(chain: Paperchain, times: int) -> None:
    """Enters everything `times` - 1 more times."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in LEFT]
    with chain.db.reading() as session:
        rows = {table.name: [dict(row) for row in session.execute(select(table)).mappings()] for table in tables}
        keys = _keys(session, rows)
    known = {value for each in rows.values() for row in each for value in (row.get("id"), row.get("claim_id")) if value}
    apart = 1 + max(int(row["number"]) for each in rows.values() for row in each if "number" in row)
    for turn in range(1, times):
        with chain.db.writing() as session:
            for table in (each for each in tables if rows[each.name]):
                session.execute(
                    table.insert(), [_copy(table, row, turn, apart * turn, known, keys) for row in rows[table.name]]
                )


def _keys(session: Session, rows: Mapping[str, list[Row]]) -> dict[UUID, bytes]:
    """The open key of each row that has one, or of its file."""
    ids = {row["id"]: row["key_id"] for each in rows.values() for row in each if row.get("key_id")}
    opened = {key_id: keyring.open_key(session, key_id) for key_id in set(ids.values())}
    return {row_id: opened[key_id] for row_id, key_id in ids.items()}


def _copy(table: Table, row: Row, turn: int, further: int, known: set[UUID], keys: Mapping[UUID, bytes]) -> Row:
    made: Row = {}
    for column in table.c:
        value = row[column.name]
        if isinstance(value, UUID) and value in known:
            value = _other(value, turn)
        elif column.name == "number":
            value += further
        elif column.unique and isinstance(value, str):
            value = f"{value}~{turn}"
        elif isinstance(value, bytes) and column.name.startswith("sealed"):
            value = _sealed(row, column.name, value, turn, keys)
        made[column.name] = value
    return made


def _sealed(row: Row, name: str, value: bytes, turn: int, keys: Mapping[UUID, bytes]) -> bytes:
    key = next((keys[each] for each in (row["id"], row.get("file_id"), row.get("request_id")) if each in keys), None)
    bound = row[BOUND.get(name, "id")]
    return value if key is None else seal_json(key, unseal_json(key, value, bound.bytes), _other(bound, turn).bytes)


def _other(one: UUID, turn: int) -> UUID:
    return UUID(int=one.int ^ (turn << 64))
