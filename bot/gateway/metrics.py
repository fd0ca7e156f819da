"""What the gateway counts, for Prometheus. No label ever carries customer data."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.handoff.queue import TicketQueue

# A turn is 30 ms when all is well and may wait for a slow bank: buckets reach the timeout.
_TURN_BUCKETS = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 20.0)


class Metrics:
    """One registry for each app, so that two apps in one process don't share counts."""

    def __init__(self, queue: TicketQueue) -> None:
        self.registry = CollectorRegistry()
        self.messages = Counter(
            "bankbot_messages", "Messages written to the log", ["role"], registry=self.registry
        )
        self.turn_seconds = Histogram(
            "bankbot_turn_seconds",
            "From taking a customer's message to storing the assistant's answer",
            buckets=_TURN_BUCKETS,
            registry=self.registry,
        )
        self.failures = Counter(
            "bankbot_assistant_failures",
            "Turns that ended in an apology, by cause",
            ["cause"],
            registry=self.registry,
        )
        self.streams = Gauge(
            "bankbot_open_streams", "Event streams open now", registry=self.registry
        )
        self.registry.register(_Tickets(queue))

    def text(self) -> bytes:
        """The exposition format; reads the ticket table."""
        return generate_latest(self.registry)


class _Tickets(Collector):
    def __init__(self, queue: TicketQueue) -> None:
        self._queue = queue

    def describe(self) -> list[GaugeMetricFamily]:
        return [_family()]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = _family()
        for state, count in self._queue.counts().items():
            family.add_metric([state], count)
        yield family


def _family() -> GaugeMetricFamily:
    return GaugeMetricFamily(
        "bankbot_tickets", "Tickets that are not closed yet, by state", labels=["state"]
    )
