"""Every table, known to one metadata object: what migrations compare with the database."""

import importlib
import pkgutil

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import records


def metadata() -> MetaData:
    """Imports each slice's `tables` module and returns the metadata that they filled."""
    for found in pkgutil.walk_packages(records.__path__, "records."):
        if found.name.endswith(".tables"):
            importlib.import_module(found.name)
    return SQLModel.metadata
