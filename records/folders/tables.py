"""The watched folders, as kept: one row for each folder of each home that watches."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from records.columns import moment


class WatchedFolder(SQLModel, table=True):
    """One folder. `watcher` tells homes apart that share a database; `mark` is what we left in the folder to know it again."""

    __tablename__ = "watched_folder"

    watcher: str = Field(primary_key=True)
    path: str = Field(primary_key=True)
    mark: str
    mounted: bool
    looked_at: datetime = Field(sa_column=moment(nullable=False))
    trouble: str | None = None
    since: datetime | None = Field(default=None, sa_column=moment())
    waiting: int = 0
