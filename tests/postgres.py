"""A PostgreSQL server of the tests' own: a private cluster in a temporary folder, gone when the tests end.

It listens on a Unix socket and on a free port of 127.0.0.1, with a password of its own. `fsync` stays on.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

USER = "paperchain"
STARTS_WITHIN_SECONDS = 60


class NoPostgres(Exception):
    """The server's programs are missing or do not start: the tests must fail, not be skipped."""


@dataclass(frozen=True)
class Cluster:
    """A running server. Databases are made and dropped by name."""

    socket_folder: Path
    port: int
    password: str

    def url(self, database: str) -> str:
        """As `database_url` takes it: over TCP, with the password."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, name: str, *, template: str = "template1") -> None:
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)

    def drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def programs(installed: Path = Path("/usr/lib/postgresql")) -> Path:
    """The folder of the newest installed server. Raises NoPostgres."""
    found = sorted(installed.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoPostgres("The tests need PostgreSQL and none is installed. Run script/test, which installs it.")
    return found[-1].parent


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Starts a new, empty cluster and removes it at the end. Raises NoPostgres when it cannot start."""
    bin_folder = programs()
    # Not in pytest's own folder: that is closed to the account that the server runs under.
    folder = Path(tempfile.mkdtemp(prefix="pc-pg-"))
    server = None
    try:
        password = secrets.token_hex(16)
        password_file = folder / "password"
        password_file.write_text(password)
        account = _hand_over(folder)
        _initialise(bin_folder, folder, password_file, account)
        port = _free_port()
        log = folder / "log"
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "timezone=UTC"]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*account, bin_folder / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port), *options],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        cluster = Cluster(folder, port, password)
        _wait_for(cluster, server, log)
        yield cluster
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is needed any more
            server.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _hand_over(folder: Path) -> list[str]:
    """The words that start a program under an account the server accepts (never root), dying with this process."""
    tied = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() != 0:
        return tied
    account = next(pwd.getpwnam(name) for name in ("postgres", "nobody") if _exists(name))
    for path in (folder, *folder.iterdir()):
        os.chown(path, account.pw_uid, account.pw_gid)
    return [*tied, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def _exists(account: str) -> bool:
    return any(entry.pw_name == account for entry in pwd.getpwall())


def _initialise(bin_folder: Path, folder: Path, password_file: Path, account: list[str]) -> None:
    options = ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    made = subprocess.run(
        [*account, bin_folder / "initdb", "-D", folder / "data", "-U", USER, "--pwfile", password_file, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise NoPostgres(f"PostgreSQL could not make a cluster for the tests: {made.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(cluster: Cluster, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            psycopg.connect(cluster.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoPostgres(f"PostgreSQL did not start for the tests: {log.read_text(errors='replace')[-2000:]}")
