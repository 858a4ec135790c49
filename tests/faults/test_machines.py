"""Three machines, killed at random, over one PostgreSQL and one S3-compatible store: the short run of `tests.faults.machines`."""

from pathlib import Path

import pytest

from tests.faults.machines import Run
from tests.postgres import Cluster
from tests.s3 import new_bucket, running_server

pytestmark = pytest.mark.slow


def test_killed_machines_lose_nothing_and_read_nothing_twice(tmp_path: Path, postgres: Cluster) -> None:
    postgres.create("machines")
    with running_server() as endpoint:
        more = {"PAPERCHAIN_DATABASE_URL": postgres.url("machines"), **new_bucket(endpoint).environment()}
        run = Run(tmp_path, more, seed=4)
        try:
            found = run.go(12, (1, 3))
        finally:
            run.close()
            postgres.drop("machines")
    assert found.wrong == []
    assert found.items >= 9 and found.machines_killed + found.workers_killed >= 1
