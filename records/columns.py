"""Column types that every slice shares."""

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcMoment(TypeDecorator[datetime]):
    """An instant in UTC. SQLite forgets time zones: a naive moment is refused on the way in, UTC is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def moment(*, nullable: bool = True, index: bool = False) -> Column[datetime]:
    """A new column for an instant; each field needs one of its own."""
    return Column(UtcMoment(), nullable=nullable, index=index)
