"""The machines, as kept: one row for each watching or working process that runs, taken away when it stops in order."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.columns import moment


class Machine(SQLModel, table=True):
    """One process of `watch`, `work` or `run`. Nothing personal: the machine's own name, times and numbers.

    `clock_was`: the latest time its clock ever showed, kept only while the clock stands before it.
    """

    __tablename__ = "machine"

    id: str = Field(primary_key=True)
    node: str
    watches: bool
    works: bool
    started_at: datetime = Field(sa_column=moment(nullable=False))
    seen_at: datetime = Field(sa_column=moment(nullable=False, index=True))
    clock_was: datetime | None = Field(default=None, sa_column=moment())
    free_mb: int
    protected: bool | None = None
    chain_checked_at: datetime | None = Field(default=None, sa_column=moment())
    chain_entries: int | None = None
    chain_broken_at: int | None = None
