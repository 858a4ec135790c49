"""An S3-compatible server of the tests' own: moto over real HTTP on a free port of 127.0.0.1. What it holds is gone with it."""

import logging
import secrets
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from records.documents.object_store import S3Documents, open_s3

KEYS = ("invented", "invented-secret")
REGION = "us-east-1"


@dataclass(frozen=True)
class Bucket:
    """A new, empty bucket."""

    endpoint: str
    name: str

    def store(self) -> S3Documents:
        return open_s3(
            bucket=self.name, endpoint=self.endpoint, region=REGION, access_key=KEYS[0], secret_key=KEYS[1]
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        """The settings by which a Paperchain uses it."""
        return {
            "PAPERCHAIN_STORE__KIND": "s3",
            "PAPERCHAIN_STORE__BUCKET": self.name,
            "PAPERCHAIN_STORE__ENDPOINT": self.endpoint,
            "PAPERCHAIN_STORE__REGION": REGION,
            "PAPERCHAIN_STORE__ACCESS_KEY": KEYS[0],
            "PAPERCHAIN_STORE__SECRET_KEY": KEYS[1],
        }


def new_bucket(endpoint: str) -> Bucket:
    bucket = Bucket(endpoint, f"t{secrets.token_hex(6)}")
    request = urllib.request.Request(f"{endpoint}/{bucket.name}", method="PUT")
    urllib.request.urlopen(request, timeout=30).close()
    return bucket


@contextmanager
def running_server() -> Iterator[str]:
    """Starts the server; gives its address."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _, port = server.get_host_and_port()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
