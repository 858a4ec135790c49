"""Every table, known to one metadata object: what migrations compare with the database."""

import importlib
import pkgutil
from functools import cache

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import records


@cache
def metadata() -> MetaData:
    """Imports each slice's `tables` module and returns the metadata that they filled. Asked a hundred times by one erasure, so found once."""
    for found in pkgutil.walk_packages(records.__path__, "records."):
        if found.name.endswith(".tables"):
            importlib.import_module(found.name)
    return SQLModel.metadata
