"""A form of the service's own that was changed is read by from the next item on, without a new start."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from forms.catalogue import BLANKS, with_own
from intake.dispatch import worker
from intake.sandbox.limits import Limits
from intake.stages import Tools
from intake.wiring import Paperchain
from tests.builders import home

NAME = "westminster-consent.2023"
RAW: dict[str, Any] = json.loads((BLANKS / f"{NAME}.json").read_text("utf-8")) | {"id": "ours"}


@dataclass
class Documents:
    """Stands in for the locked-in reader: how often it began anew."""

    ended: int = 0

    def close(self) -> None:
        self.ended += 1


@dataclass
class Handled:
    """What each item was read with: the sum of our form's text as the worker knew it, None where it did not."""

    sums: list[str | None] = field(default_factory=list)

    def handle(self, tools: Tools, number: int) -> None:
        known = [one for one in tools.catalogue.templates() if one.id == "ours"]
        self.sums.append(known[0].content_sum if known else None)


def put(folder: Path, raw: dict[str, Any]) -> None:
    (folder / "ours.2023.json").write_text(json.dumps(raw), "utf-8")


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Paperchain]:
    folder = tmp_path / "forms"
    folder.mkdir()
    put(folder, RAW)
    shutil.copy(BLANKS / f"{NAME}-1.png", folder / "ours.2023-1.png")
    with home(tmp_path / "home", forms__folder=str(folder)) as made:
        yield made


def test_a_changed_form_is_read_by_from_the_next_item_on(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, documents, handled = chain.settings.own_forms, Documents(), Handled()
    assert folder is not None

    def make_tools(_: object) -> Tools:
        return Tools(chain, documents, None, with_own(folder), Limits(), "a worker")  # type: ignore[arg-type]  # stand-ins

    monkeypatch.setattr(worker, "make_tools", make_tools)
    monkeypatch.setattr(worker, "handle", handled.handle)
    monkeypatch.setattr(worker, "_here", worker._Here())
    worker.start(chain.settings)
    worker.run(1)
    worker.run(2)
    first = handled.sums[0]
    assert handled.sums == [first, first] and first is not None and documents.ended == 0

    (folder / "ours.2023.json").write_text("{")
    worker.run(3)
    assert handled.sums[-1] == first and documents.ended == 0, "somebody is at work on it"

    put(folder, RAW | {"language": "cy"})
    worker.run(4)
    assert handled.sums[-1] not in (None, first) and documents.ended == 1
    worker.run(5)
    assert handled.sums[-1] == handled.sums[-2] and documents.ended == 1

    monkeypatch.setattr("intake.own_forms.standing", lambda _: None)
    worker.run(6)
    assert documents.ended == 1, "its folder cannot be read just now"


def test_a_form_that_was_taken_away_is_read_by_no_longer(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, documents, handled = chain.settings.own_forms, Documents(), Handled()
    assert folder is not None
    made = Tools(chain, documents, None, with_own(folder), Limits(), "a worker")  # type: ignore[arg-type]  # stand-ins
    monkeypatch.setattr(worker, "make_tools", lambda _: made)
    monkeypatch.setattr(worker, "handle", handled.handle)
    monkeypatch.setattr(worker, "_here", worker._Here())
    worker.start(chain.settings)
    (folder / "ours.2023.json").unlink()
    worker.run(1)
    assert handled.sums == [None] and documents.ended == 1
