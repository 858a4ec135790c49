"""A home under each service's policy in turn, and an officer in it: for rules that both must keep by settings alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.wiring import Paperchain
from records.clock import fixed
from records.vocabulary import Role
from tests.builders import home
from tests.conftest import NOON
from tests.reviewing import Browser


@pytest.fixture(params=["westminster", "northamptonshire"])
def chain(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Paperchain]:
    with home(tmp_path / "home", fixed(NOON), service__policy=request.param) as made:
        yield made


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain, Role.OFFICER, "Own")
