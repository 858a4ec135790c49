"""Figures for Prometheus are off unless set, stay on this machine, and tell nothing about people."""

import socket
import urllib.request
from pathlib import Path

import pytest

from intake import claiming, metrics
from records.errors import NotSetUp
from tests.builders import CHILD, home


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_counts_are_told_and_no_name_is(tmp_path: Path) -> None:
    port = free_port()
    with home(tmp_path / "home", metrics__port=str(port)) as chain:
        scan = chain.settings.inbox / f"{CHILD}.pdf"
        scan.write_bytes(b"%PDF-1.7 invented\n%%EOF")
        claiming.take(chain, claiming.claim(chain.settings.inbox, scan))
        with metrics.served(chain):
            told = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30).read().decode()
            with pytest.raises(NotSetUp, match="in use"), metrics.served(chain):
                pass
    assert 'paperchain_items{state="arriving"} 1.0' in told
    assert "paperchain_up 1.0" in told and "paperchain_unread_items 1.0" in told
    assert 'paperchain_check_ok{check="reading"} 0.0' in told
    assert not [word for word in CHILD.split() if word in told] and str(tmp_path) not in told


def test_nothing_is_served_unless_a_port_is_set(tmp_path: Path) -> None:
    with home(tmp_path / "home") as chain, metrics.served(chain):
        assert chain.settings.metrics.port is None
        assert chain.settings.metrics.host == "127.0.0.1"


def test_a_database_that_is_away_is_a_figure_and_no_fault(tmp_path: Path) -> None:
    with home(tmp_path / "home") as chain:
        with chain.db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE item RENAME TO elsewhere")
        told = list(metrics.Collector(chain).collect())
    assert [(family.name, family.samples[0].value) for family in told] == [("paperchain_up", 0)]
