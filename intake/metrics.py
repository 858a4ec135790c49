"""Figures for Prometheus: what health asks about, as numbers. No names, no file names, no item numbers, no machine's address.

Off unless `[metrics] port` is set; bound to 127.0.0.1 unless a setting says otherwise. A scrape reads the database once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, func, select

from intake import checkup, health
from intake.dispatch.queue import EXTRA_LINE
from intake.health import Facts, Level
from intake.wiring import Paperchain
from records.errors import NotSetUp
from records.post.tables import Item
from records.vocabulary import ItemState

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily


class Collector:
    """Asked by the Prometheus library at each scrape."""

    def __init__(self, chain: Paperchain) -> None:
        self._chain = chain

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        from prometheus_client.core import GaugeMetricFamily

        try:
            with self._chain.db.reading() as session:
                facts, states = checkup.gather(self._chain, session), _states(session)
        except SQLAlchemyError:
            yield GaugeMetricFamily("paperchain_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("paperchain_up", "Whether the database answers.", value=1)
        items = GaugeMetricFamily("paperchain_items", "Items in the post, by state.", labels=["state"])
        for state in ItemState:
            items.add_metric([state.value], states.get(state, 0))
        yield items
        for name, words, value in _numbers(facts):
            yield GaugeMetricFamily(name, words, value=value)
        checks = GaugeMetricFamily("paperchain_check_ok", "1 while nothing is wrong with this check.", labels=["check"])
        for check in health.Check:
            wrong = any(found.check is check and found.level is Level.WRONG for found in health.findings(facts))
            checks.add_metric([check.value.replace(" ", "_")], 0 if wrong else 1)
        yield checks


def _states(session: Session) -> dict[str, int]:
    return dict(session.exec(select(Item.state, func.count()).group_by(Item.state)).all())


def _numbers(facts: Facts) -> Iterator[tuple[str, str, float]]:
    waits = (facts.now - facts.oldest).total_seconds() if facts.oldest else 0.0
    yield "paperchain_unread_items", "Items that wait to be read.", facts.unread
    yield "paperchain_oldest_unread_seconds", "How long the oldest of them has waited.", waits
    yield "paperchain_free_bytes", "Free space on the disc of this home.", facts.free_mb << 20
    yield "paperchain_machines", "Processes that watch or read and were heard of.", len(facts.machines)
    if facts.folders:
        looked = max((facts.now - folder.looked_at).total_seconds() for folder in facts.folders)
        yield "paperchain_folder_looked_at_seconds", "How long ago the least looked at folder was looked at.", looked


@contextmanager
def served(chain: Paperchain) -> Iterator[None]:
    """Serves the figures while the block runs, if a port is set. Raises NotSetUp when that cannot be."""
    setting = chain.settings.metrics
    if setting.port is None:
        yield
        return
    try:
        from prometheus_client import CollectorRegistry, start_http_server
    except ImportError:
        raise NotSetUp(f"Figures for Prometheus need more packages. Type: {EXTRA_LINE}") from None
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector(chain))
    try:
        server, thread = start_http_server(setting.port, setting.host, registry)
    except OSError:
        raise NotSetUp(
            f"Port {setting.port} for the figures is in use. Set another: PAPERCHAIN_METRICS__PORT."
        ) from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
