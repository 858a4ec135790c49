"""`paperchain desk`: serves the web desk."""

import gc
import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from intake import locks, uploads
from intake.commands.outcome import say
from intake.logs import set_up
from intake.preflight import need_port
from intake.settings import load
from intake.welcome import first_manager_link
from intake.wiring import open_paperchain

app = typer.Typer(add_completion=False)


@app.command()
def desk(
    quiet: Annotated[
        bool, typer.Option("--quiet", hidden=True, help="Started by `paperchain run`, which speaks.")
    ] = False,
) -> None:
    """Serve the web desk only."""
    import uvicorn

    from intake.app import make_app

    set_up()
    _spool_in_memory()
    settings = load()
    chain = open_paperchain(settings)
    need_port(settings)
    address = settings.desk.address or f"http://{settings.desk.host}:{settings.desk.port}"
    with locks.only_one(settings.home / "desk.lock", f"The desk of {settings.home} already runs. Stop it first."):
        uploads.recover(chain)
        if not quiet:
            say(f"The desk is at {address}")
            link = first_manager_link(chain, address)
            if link:
                say(f"The first manager signs up here, once: {link}")
        desk_app = make_app(chain)
        # What is loaded stays until the end: looking through it for garbage held up every twentieth page or so.
        gc.collect()
        gc.freeze()
        uvicorn.run(
            desk_app, host=settings.desk.host, port=settings.desk.port, log_config=None, log_level="warning", access_log=False,
            server_header=False, date_header=False, timeout_graceful_shutdown=5,
        )  # fmt: skip


def _spool_in_memory() -> None:
    """Larger uploads are spooled to a file without a name: on a memory disc, so that no plaintext reaches a real one."""
    memory = Path("/dev/shm")  # noqa: S108  memory, mode 0600, without a name
    if memory.is_dir() and os.access(memory, os.W_OK):
        tempfile.tempdir = str(memory)
