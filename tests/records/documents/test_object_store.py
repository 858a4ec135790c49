"""Documents in an S3-compatible store: whole or not at all, and every failure is one that gives the work back."""

from collections.abc import Iterator

import pytest

from records.documents.object_store import S3Documents
from records.errors import Damaged
from tests.s3 import Bucket, new_bucket, running_server

MIB = 1 << 20


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as endpoint:
        yield endpoint


@pytest.fixture
def store(server: str) -> S3Documents:
    return new_bucket(server).store()


def test_put_get_names_delete(store: S3Documents) -> None:
    store.put("ab12", [b"one", b"two"])
    assert store.get("ab12") == b"onetwo"
    assert list(store.names()) == ["ab12"]
    assert store.older_than(3600) == [] and store.older_than(-60) == ["ab12"]
    store.delete("ab12")
    assert list(store.names()) == []
    store.delete("ab12")


def test_a_long_document_goes_up_in_parts(store: S3Documents) -> None:
    pieces = [bytes([number]) * MIB for number in range(13)]
    store.put("ab12", iter(pieces))
    assert store.get("ab12") == b"".join(pieces)


@pytest.mark.parametrize("before_it_breaks", [1, 10])
def test_a_source_that_breaks_off_leaves_nothing(store: S3Documents, before_it_breaks: int) -> None:
    def breaking() -> Iterator[bytes]:
        for _ in range(before_it_breaks):
            yield bytes(MIB)
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match=r"error|did not do it"):
        store.put("ab12", breaking())
    assert list(store.names()) == []


def test_a_missing_blob_is_damage_in_words(store: S3Documents) -> None:
    with pytest.raises(Damaged, match="missing from the store"):
        store.get("ab12")


@pytest.mark.parametrize("name", ["../ab", "a/b", "", ".ab"])
def test_a_name_cannot_lead_out_of_the_store(store: S3Documents, name: str) -> None:
    with pytest.raises(ValueError, match="letters and figures"):
        store.put(name, [b"one"])


def test_a_mark_is_no_blob(store: S3Documents) -> None:
    assert store.mark() is None
    store.set_mark("abc")
    assert store.mark() == "abc"
    assert list(store.names()) == []


def test_a_bucket_that_is_not_there_is_a_failure_of_this_machine(server: str) -> None:
    store = Bucket(server, "nowhere").store()
    with pytest.raises(OSError):
        store.put("ab12", [b"one"])
