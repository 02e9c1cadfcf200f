"""The figures of the desk in Prometheus's words, read from the database at the moment somebody asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from crisisdesk.incidents.queries.gauges import clocks
from crisisdesk.notifications.enums import Outcome
from crisisdesk.notifications.queries import gauges

# After these an attempt is made again: the other side said no, or a worker died with it.
_AGAIN = {Outcome.RETRY, Outcome.LOST}


class DeskCollector(Collector):
    """Every process answers the same, whichever of them did the work: nothing is counted in memory."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def collect(self) -> Iterator[Metric]:
        """Yield every family of figures."""
        yield from self._clocks()
        yield from self._sends()
        yield from self._waiting()
        yield from self._sweeps()
        yield from self._ages()

    def _clocks(self) -> Iterator[Metric]:
        found = clocks(self._at)
        yield _gauge("due_lag_seconds", "How long the oldest due alarm has waited", found.due_lag)
        yield _gauge("due_alarms", "Alarms that are due and not claimed", found.due_alarms)
        deadlines = GaugeMetricFamily(
            "crisisdesk_deadlines", "Open deadlines by whether their time is over", labels=["state"]
        )
        deadlines.add_metric(["running"], found.running - found.late)
        deadlines.add_metric(["late"], found.late)
        yield deadlines

    def _sends(self) -> Iterator[Metric]:
        sends = CounterMetricFamily(
            "crisisdesk_sends",
            "Attempts to send by transport and how they ended",
            labels=["transport", "outcome"],
        )
        again: dict[str, int] = {}
        for (transport, outcome), count in gauges.sends().items():
            sends.add_metric([transport, outcome], count)
            again[transport] = again.get(transport, 0) + (count if outcome in _AGAIN else 0)
        yield sends
        retries = CounterMetricFamily(
            "crisisdesk_retries", "Attempts that have to be made again", labels=["transport"]
        )
        for transport, count in again.items():
            retries.add_metric([transport], count)
        yield retries

    def _waiting(self) -> Iterator[Metric]:
        pending = GaugeMetricFamily(
            "crisisdesk_pending", "Messages that wait or are being sent", labels=["transport"]
        )
        oldest = GaugeMetricFamily(
            "crisisdesk_oldest_pending_seconds",
            "Age of the oldest message that waits or is being sent",
            labels=["transport"],
        )
        for row in gauges.waiting(self._at):
            pending.add_metric([row.transport], row.count)
            oldest.add_metric([row.transport], (self._at - row.since).total_seconds())
        yield pending
        yield oldest

    def _sweeps(self) -> Iterator[Metric]:
        times = HistogramMetricFamily(
            "crisisdesk_sweep_seconds", "How long a hand's sweeps take", labels=["hand"]
        )
        last = GaugeMetricFamily(
            "crisisdesk_last_sweep_seconds", "How long a hand's last sweep took", labels=["hand"]
        )
        for runs in gauges.sweeps():
            within = [
                ("+Inf" if bound == float("inf") else str(bound), count)
                for bound, count in runs.within
            ]
            times.add_metric([runs.name], within, runs.seconds)
            last.add_metric([runs.name], runs.last_seconds)
        yield times
        yield last

    def _ages(self) -> Iterator[Metric]:
        hands, workers = gauges.ages(self._at)
        for name, label, words, found in (
            ("heartbeat_age_seconds", "hand", "Since a hand last moved", hands),
            ("worker_age_seconds", "worker", "Since a worker process showed its pulse", workers),
        ):
            ages = GaugeMetricFamily(f"crisisdesk_{name}", words, labels=[label])
            for key, age in found.items():
                ages.add_metric([key], age)
            yield ages


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"crisisdesk_{name}", words, value=value)
