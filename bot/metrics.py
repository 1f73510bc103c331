"""The figures operators watch, in Prometheus' form; a registry of its own, handed to whoever counts.

What lies in the records is read when it is asked for, and is left out while the database is away:
`helpdesk_database_up` is then 0, and `helpdesk_figures_age_seconds` says how old the last answer is. No figure carries
anything of a person.
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.watch.figures import FigureReader, Figures

PRIORITIES = {0: "reply", 1: "notice", 2: "broadcast"}
TURN_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of this process, and gauges of the records."""

    def __init__(self, reader: FigureReader) -> None:
        self._reader = reader
        self.registry = CollectorRegistry()
        self.webhooks = self._counter(
            "webhooks", "Calls at the providers' doors by what was answered", "channel", "answer"
        )
        self.receipts = self._counter(
            "receipts", "Statuses told of messages we sent, repeated ones too", "channel", "status"
        )
        self.repeated = self._counter("events_repeated", "Events that were here already, stored once", "channel")
        self.store_seconds = self._histogram("store_seconds", "Seconds until an event was committed", ())
        self.turn_seconds = self._histogram("turn_seconds", "Seconds of a turn, by its outcome", ("outcome",))
        self.turns_failed = self._counter("turns_failed", "Turns without an answer of the model", "reason")
        self.sends = self._counter("sends", "Sends by what the provider made of them", "channel", "outcome")
        self.provider_errors = self._counter(
            "provider_errors", "Refusals of providers by their code", "channel", "code"
        )
        self.slowed = self._counter("slowed", "Times a provider said: too fast (429, 130429, 131056)", "channel")
        self.database_up = Gauge("helpdesk_database_up", "1 while the records answer", registry=self.registry)
        self.draining = Gauge("helpdesk_draining", "1 while the process ends", registry=self.registry)
        self._records = RecordGauges(reader)
        self.registry.register(self._records)

    async def text(self) -> bytes:
        """Return all figures as they are now."""
        self._records.figures = await self._reader.read()
        self.database_up.set(self._records.figures is not None)
        return generate_latest(self.registry)

    def _counter(self, name: str, said: str, *labels: str) -> Counter:
        return Counter(f"helpdesk_{name}", said, labels, registry=self.registry)

    def _histogram(self, name: str, said: str, labels: tuple[str, ...]) -> Histogram:
        return Histogram(f"helpdesk_{name}", said, labels, buckets=TURN_BUCKETS, registry=self.registry)


class RecordGauges(Collector):
    """What the records said; nothing of it while they say nothing."""

    def __init__(self, reader: FigureReader) -> None:
        self._reader = reader
        self.figures: Figures | None = None

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        if (age := self._reader.age_seconds) is not None:
            yield _one("figures_age_seconds", "How old the figures from the records are", age)
        if self.figures is not None:
            yield from _gauges(self.figures)

    def describe(self) -> list[Metric]:
        """Name nothing beforehand: there may be nothing to say."""
        return []


def _gauges(now: Figures) -> Iterator[Metric]:
    yield _one("inbox_pending", "Events not answered yet", now.inbox_pending)
    yield _one("inbox_oldest_seconds", "Age of the oldest unanswered event", now.inbox_oldest_seconds)
    yield _one("inbox_parked", "Events set aside for an operator", now.inbox_parked)
    waiting = _many("outbox_waiting", "Messages not sent yet", ["channel", "priority"])
    oldest = _many("outbox_oldest_seconds", "Age of the oldest message not sent yet", ["channel", "priority"])
    for it in now.outbox:
        labels = [it.channel, PRIORITIES.get(it.priority, str(it.priority))]
        waiting.add_metric(labels, it.count)
        oldest.add_metric(labels, it.oldest_seconds)
    yield waiting
    yield oldest
    yield _one("outbox_unknown", "Messages of which nobody knows whether they arrived", now.outbox_unknown)
    troubled = _many("outbox_troubled_24h", "Messages of 24 hours that did not go the usual way", ["channel", "status"])
    for (channel, status), count in now.troubled.items():
        troubled.add_metric([channel, status], count)
    yield troubled
    yield _one("flooded_24h", "Messages of 24 hours beyond what anybody can mean", now.flooded)
    yield _one("lookups_locked", "Subjects whose lookups are locked", now.lookups_locked)
    yield _one("alarms_unseen", "Alarms nobody has seen", now.alarms_unseen)
    open_now = _many("alarm_open", "1 for every alarm that is open", ["name", "severity"])
    for name, severity in sorted({(name, severity) for name, _, severity in now.alarms}):
        open_now.add_metric([name, severity], sum(1 for it in now.alarms if (it[0], it[2]) == (name, severity)))
    yield open_now
    yield _one("processes", "Processes of the bot that live", now.processes)
    media = _many("media_waiting", "Files not fetched or not looked through yet", ["status"])
    for status, count in now.media.items():
        media.add_metric([status], count)
    yield media


def _one(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"helpdesk_{name}", said, value=value)


def _many(name: str, said: str, labels: list[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"helpdesk_{name}", said, labels=labels)
