"""A home as it stood at a moment, to go back to in a few milliseconds: so every try meets the page as the first one did.

Such a home does not wait for the disc, which only a check may do.
"""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event

from intake.wiring import Paperchain


def unsynced(chain: Paperchain) -> None:
    """From here on this home's database does not wait for the disc."""

    @event.listens_for(chain.db.engine, "connect")
    def ready(connection: Any, _: object) -> None:  # the driver has no types
        connection.execute("PRAGMA synchronous = OFF")

    chain.db.engine.dispose()


@dataclass
class Standing:
    """The database and the documents of an embedded home, copied into `place`, which must not be there yet."""

    chain: Paperchain
    place: Path
    blobs: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.chain.db.scrub()
        self.chain.db.engine.dispose()
        self.place.mkdir()
        shutil.copyfile(self.database, self.place / "database")
        shutil.copytree(self.chain.settings.documents, self.place / "documents", copy_function=os.link)
        self.blobs = frozenset(self._blobs(self.place / "documents"))

    @property
    def database(self) -> Path:
        """Where the database lies; nobody else has it open meanwhile."""
        with self.chain.db.engine.connect() as connection:
            return next(Path(row[2]) for row in connection.exec_driver_sql("PRAGMA database_list"))

    def back(self) -> None:
        """Everything as it stood. Sealed blobs never change, so those that are new go and those that went come back."""
        database = self.database
        self.chain.db.engine.dispose()
        for end in ("-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)
        shutil.copyfile(self.place / "database", database)
        documents = self.chain.settings.documents
        here = frozenset(self._blobs(documents))
        for name in here - self.blobs:
            (documents / name).unlink()
        for name in self.blobs - here:
            os.link(self.place / "documents" / name, documents / name)

    @staticmethod
    def _blobs(folder: Path) -> list[str]:
        return [str(path.relative_to(folder)) for path in folder.glob("*/*") if not path.name.startswith(".")]
