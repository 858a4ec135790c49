"""Sealed documents in an S3-compatible store, by way of `obstore`: for several machines over one database.

An object appears whole or not at all: the store names it only when its last byte has arrived, and answers only when it holds
it as durably as it ever will. So `put` needs no temporary name. What is sent carries a SHA-256 that the store checks.
The bytes are sealed before they get here; the store never sees a document.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from records.documents.store import MARK
from records.errors import Damaged, NotSetUp

if TYPE_CHECKING:
    from obstore.store import ObjectStore

BLOBS = "blobs/"
AT_ONCE = 8 << 20
ANSWERS_WITHIN = "30s"
EXTRA_LINE = ".venv/bin/python -m pip install --require-hashes --no-deps -r requirements-machines.lock"

Given = TypeVar("Given")


def open_s3(
    *, bucket: str, endpoint: str | None, region: str, access_key: str | None, secret_key: str | None
) -> "S3Documents":
    """A store in a bucket. Without keys the machine's own role is used. Raises NotSetUp when `obstore` is not installed."""
    try:
        from obstore.store import S3Store
    except ImportError:
        raise NotSetUp(f"Documents in an S3 store need more packages. Type: {EXTRA_LINE}") from None
    keys = {"access_key_id": access_key, "secret_access_key": secret_key} if access_key and secret_key else {}
    return S3Documents(
        S3Store(
            bucket,
            config={"region": region, "checksum_algorithm": "SHA256"}
            | ({"endpoint": endpoint} if endpoint else {})
            | {name: value for name, value in keys.items() if value is not None},  # type: ignore[arg-type]  # a TypedDict, built in parts
            client_options={
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
                "timeout": ANSWERS_WITHIN,
                "connect_timeout": "5s",
            },
            retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=60)},
        )
    )


class S3Documents:
    """Blobs as `blobs/ab/<name>`. Every failure of the store is an OSError: the work is given back and done again."""

    def __init__(self, store: "ObjectStore") -> None:
        self._store = store

    def together(self) -> "S3Documents":
        """Itself: a put is answered when the object is held."""
        return self

    def settle(self) -> None:
        """Nothing is left to wait for."""

    @staticmethod
    def _path(name: str) -> str:
        if not name.isalnum():
            raise ValueError("a blob's name has letters and figures only")
        return f"{BLOBS}{name[:2]}/{name}"

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Returns when the store has acknowledged the whole object."""
        path = self._path(name)
        given, first = iter(pieces), bytearray()
        for piece in given:
            first += piece
            if len(first) > AT_ONCE:
                break
        # What fits is sent whole: one request instead of the three that parts need.
        everything = bytes(first) if len(first) <= AT_ONCE else chain([bytes(first)], given)
        _reached(lambda: self._store.put(path, everything))

    def get(self, name: str) -> bytes:
        """Raises Damaged when the blob is gone: a row must never outlive its bytes."""
        path = self._path(name)
        try:
            return _reached(lambda: bytes(self._store.get(path).bytes()))
        except FileNotFoundError:
            raise Damaged("A stored document is missing from the store.") from None

    def delete(self, name: str) -> None:
        """Deleting what is gone already is no failure."""
        path = self._path(name)
        try:
            _reached(lambda: self._store.delete(path))
        except FileNotFoundError:
            return

    def names(self) -> Iterator[str]:
        """Every complete blob."""
        yield from (name for name, _ in self._listed())

    def older_than(self, seconds: float) -> list[str]:
        """Complete blobs that were written longer ago than this, by the store's own clock."""
        edge = datetime.now(UTC) - timedelta(seconds=seconds)
        return [name for name, written in self._listed() if written < edge]

    def _listed(self) -> Iterator[tuple[str, datetime]]:
        listing = iter(self._store.list(BLOBS))
        while batch := _reached(lambda: next(listing, None)):
            yield from ((each["path"].rsplit("/", 1)[-1], each["last_modified"]) for each in batch)

    def mark(self) -> str | None:
        """Which database this store belongs to, if any."""
        try:
            return _reached(lambda: bytes(self._store.get(MARK).bytes())).decode("ascii")
        except FileNotFoundError:
            return None

    def set_mark(self, mark: str) -> None:
        _reached(lambda: self._store.put(MARK, mark.encode("ascii")))


def _reached(call: Callable[[], Given]) -> Given:
    """Calls the store; its own errors become OSError without the address or the object's name in it."""
    from obstore.exceptions import BaseError, NotFoundError

    try:
        return call()
    except (NotFoundError, FileNotFoundError):
        raise FileNotFoundError("the document store has no such object") from None
    except BaseError as error:
        raise OSError(f"the document store did not do it: {type(error).__name__}") from None
