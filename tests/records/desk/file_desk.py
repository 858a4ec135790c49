"""A home with one child's file on it, on a fixed day, and its officer signed in. Invented people only."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.wiring import Paperchain
from records.clock import fixed
from records.consents.standing import ConsentState
from tests.builders import home
from tests.conftest import NOON
from tests.records.consents.homes import Home, open_file
from tests.reviewing import Browser


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Paperchain]:
    with home(tmp_path / "home", fixed(NOON)) as made:
        yield made


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


@pytest.fixture
def file(chain: Paperchain, officer: Browser) -> Home:
    with chain.db.writing() as session:
        return open_file(session, chain.clock.now(), {"store": ConsentState.GIVEN}, officer=officer.id)
