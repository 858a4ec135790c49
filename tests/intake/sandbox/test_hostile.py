"""A hostile or broken document harms only itself: it ends in time, in a refusal or in pages, and the next is read (P4)."""

import time
from collections.abc import Iterator

import pytest

from intake.sandbox.client import DocumentSandbox, PageResult
from intake.sandbox.limits import Limits
from tests.hostile import EVERYTHING, Hostile, good

# Tighter than in service, so that what hangs is found out soon.
LIMITS = Limits(cpu_seconds=3, cpu_seconds_a_page=0)
MOST_SECONDS = LIMITS.group_wall_seconds(1) + 5


@pytest.fixture(scope="module")
def sandbox() -> Iterator[DocumentSandbox]:
    with DocumentSandbox(reader="none") as made:
        yield made


@pytest.mark.parametrize("case", EVERYTHING, ids=lambda case: case.name)
def test_harms_only_itself(sandbox: DocumentSandbox, case: Hostile) -> None:
    data = case.make()
    sandbox.read(good(), LIMITS, lambda page: None)
    warm_parent = sandbox.host_pid
    pages: list[PageResult] = []
    started = time.monotonic()
    result = sandbox.read(data, LIMITS, pages.append)
    assert time.monotonic() - started < MOST_SECONDS
    if result.refusal is None:
        assert case.may_be_read
        assert [page.number for page in pages] == list(range(1, result.pages + 1))
    else:
        assert result.refusal.code in case.refusals, result.refusal.code
    assert sandbox.host_pid == warm_parent
    afterwards: list[PageResult] = []
    assert sandbox.read(good(2), LIMITS, afterwards.append).refusal is None
    assert len(afterwards) == 2
