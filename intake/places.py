"""Which store of documents the settings choose, and whether it is there."""

from pathlib import Path

from intake.settings import Settings
from records.documents.object_store import open_s3
from records.documents.store import DocumentStore, FolderStore
from records.errors import NotSetUp


def open_store(settings: Settings) -> DocumentStore:
    """The store of documents. Raises NotSetUp when a shared folder is not there or the packages for a bucket are missing."""
    chosen = settings.store
    if chosen.kind == "s3":
        assert chosen.bucket is not None, "the settings refuse a bucket without a name"
        return open_s3(
            bucket=chosen.bucket, endpoint=chosen.endpoint, region=chosen.region,
            access_key=chosen.access_key.get_secret_value() if chosen.access_key else None,
            secret_key=chosen.secret_key.get_secret_value() if chosen.secret_key else None,
        )  # fmt: skip
    if chosen.folder is not None and not chosen.folder.is_dir():
        raise NotSetUp(
            f"The shared folder for documents {chosen.folder} is not there. Mount it, or make it once by hand."
        )
    return FolderStore(settings.documents)


def set_by_hand(settings: Settings) -> bool:
    """Whether the place was chosen for several machines, and is not simply documents/ of this home."""
    return settings.store.kind == "s3" or settings.store.folder is not None


def own_folder(settings: Settings) -> tuple[Path, ...]:
    """documents/ of this home, where that is the place; a shared folder is never made here: it is mounted."""
    return () if set_by_hand(settings) else (settings.documents,)
