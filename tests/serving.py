"""A desk that really serves, for a real browser: an application in a thread of this process, on a port that nobody else has."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

ENDS_WITHIN = 10.0
"""Seconds for it to finish what it was asked before the test goes on."""


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address under which `app` (ASGI) answers until the block is left."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the desk did not start"
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(ENDS_WITHIN)
