"""P9: the head of the chain is written down each day and after many entries, and found again by `audit verify`."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, delete

from intake import anchoring
from intake.wiring import Paperchain
from records.audit import trail
from records.audit.tables import AuditAnchor, AuditEntry
from records.clock import Clock, fixed
from records.errors import Damaged
from tests import builders
from tests.commanding import paperchain


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


def entered(chain: Paperchain, many: int = 1) -> None:
    with chain.db.writing() as session:
        for _ in range(many):
            trail.append(
                session, actor="system", act="item_seen", subject_kind="item", subject_id="1", at=chain.clock.now()
            )


def files(chain: Paperchain) -> list[str]:
    return sorted(path.name for path in chain.settings.anchors.glob("*"))


def test_nothing_recorded_needs_no_anchor(chain: Paperchain) -> None:
    anchoring.when_due(chain)
    assert files(chain) == []
    assert anchoring.write(chain) is None


def test_one_a_day_and_one_after_many_entries(chain: Paperchain, clock: Clock) -> None:
    entered(chain)
    for _ in range(3):
        anchoring.when_due(chain)
    assert files(chain) == ["anchor-2026-11-20-1.txt"]
    entered(chain, anchoring.AFTER_ENTRIES - 1)
    anchoring.when_due(chain)
    assert len(files(chain)) == 1
    entered(chain)
    anchoring.when_due(chain)
    assert files(chain) == ["anchor-2026-11-20-1.txt", "anchor-2026-11-20-501.txt"]
    tomorrow = builders.at(chain, fixed(clock.now() + timedelta(days=1)))
    anchoring.when_due(tomorrow)
    assert len(files(chain)) == 2
    entered(tomorrow)
    anchoring.when_due(tomorrow)
    assert files(chain)[-1] == "anchor-2026-11-21-502.txt"


def test_a_file_that_could_not_be_written_is_written_later(chain: Paperchain) -> None:
    entered(chain)
    chain.settings.anchors.write_text("in the way")
    with pytest.raises(OSError, match="exists"):
        anchoring.when_due(chain)
    chain.settings.anchors.unlink()
    anchoring.when_due(chain)
    assert files(chain) == ["anchor-2026-11-20-1.txt"]


def test_verify_finds_a_cut_tail_by_the_file_alone(tmp_path: Path, clock: Clock) -> None:
    with builders.home(tmp_path / "home", clock) as chain:
        entered(chain, 5)
        kept = anchoring.write(chain)
        assert kept is not None
        with chain.db.writing() as session:
            session.execute(delete(AuditAnchor))
            session.execute(delete(AuditEntry).where(col(AuditEntry.sequence) > 3))
    found = paperchain(tmp_path / "home", "audit", "verify", "--json")
    assert found.returncode == 3
    assert '"broken_at": 4, "why": "cut_off"' in found.stdout
    assert "were cut off, or an old copy was put back" in found.stderr
    elsewhere = kept.rename(tmp_path / "elsewhere.txt")
    assert paperchain(tmp_path / "home", "audit", "verify").returncode == 0  # without an anchor nobody can know
    assert paperchain(tmp_path / "home", "audit", "verify", "--anchor", elsewhere).returncode == 3


def test_an_anchor_file_that_was_changed_is_named(chain: Paperchain) -> None:
    entered(chain)
    path = anchoring.write(chain)
    assert path is not None
    path.write_text("something else")
    with pytest.raises(Damaged, match="no audit anchor"):
        anchoring.known(chain.settings.anchors)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Damaged, match="cannot be read"):
        anchoring.known(chain.settings.anchors)


def test_export_refuses_to_write_over_a_file(tmp_path: Path, clock: Clock) -> None:
    with builders.home(tmp_path / "home", clock) as chain:
        entered(chain, 2)
    out = tmp_path / "audit.txt"
    assert paperchain(tmp_path / "home", "audit", "export", out).returncode == 0
    assert len(out.read_text().splitlines()) == 4  # heading, two entries, and the export itself
    again = paperchain(tmp_path / "home", "audit", "export", out)
    assert again.returncode == 5
    assert "is there already" in again.stderr
    assert len(paperchain(tmp_path / "home", "audit", "export", "-").stdout.splitlines()) == 6  # a refused one too
