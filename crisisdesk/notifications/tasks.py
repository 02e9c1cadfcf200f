"""The room's hands, and the beat that shows its own pulse."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import bootsteps, shared_task
from celery.beat import Scheduler
from django.db import Error, close_old_connections, connections

from crisisdesk.core import clock
from crisisdesk.notifications.domain import delivery, figures, heartbeat, leasing
from crisisdesk.notifications.enums import Hand
from crisisdesk.notifications.queries.heartbeat import WORKERS

logger = logging.getLogger(__name__)


@shared_task(name="notifications.deliver")
def deliver(**_ignored: object) -> None:
    """Deliver what is due; a wake-up without ids, because the database knows what waits."""
    delivery.deliver_all(clock=clock.of_desk())


@shared_task(name="notifications.sweep")
def sweep(**_ignored: object) -> None:
    """Take back what dead workers held and deliver what the broker lost."""
    now = clock.of_desk()
    began = now()
    heartbeat.stamp(Hand.WORKER, at=began)
    leasing.reclaim(at=now())
    tally = delivery.deliver_all(clock=now)
    at = now()
    heartbeat.stamp(Hand.DELIVERY, at=at, detail=str(tally))
    figures.count_run(Hand.DELIVERY, began=began, at=at)


class PulseScheduler(Scheduler):
    """Celery's scheduler without a file of its own, which every sweep allows: all is sent at start,
    then in turn.

    It stamps its heartbeat from its own process, so that a silent worker and a silent beat can be
    told apart.
    """

    every = timedelta(seconds=15)
    stamped_at = datetime.min.replace(tzinfo=UTC)

    def setup_schedule(self) -> None:
        """Make every entry due at once: after a night's rest nobody waits for the first sweep."""
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.last_run_at = clock.now() - timedelta(days=1)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due and show the pulse; never sleep past the next one."""
        at = clock.now()
        if at - self.stamped_at >= self.every:
            self.stamped_at = at
            self._stamp(at)
        pause: float = super().tick(*args, **kwargs)
        return min(pause, self.every.total_seconds())

    def _stamp(self, at: datetime) -> None:
        close_old_connections()
        try:
            heartbeat.stamp(Hand.BEAT, at=at)
        except Error as error:
            logger.warning("The pulse could not be written: %s", error)


class WorkerPulse(bootsteps.StartStopStep):
    """Every worker shows a pulse of its own, whether or not a sweep falls to it.

    It beats in the worker's main process, which the workers' children are forked from: so no connection stays open.
    """

    requires = ("celery.worker.components:Timer",)
    every = 15.0

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.beating: Any = None

    def start(self, worker: Any) -> None:
        """Beat now and from now on."""
        self.beating = worker.timer.call_repeatedly(self.every, self._beat, (worker.hostname,))
        self._beat(worker.hostname)

    def stop(self, worker: Any) -> None:
        """A worker that is told to go is not missed."""
        if self.beating is not None:
            self.beating.cancel()
        self._write(lambda: heartbeat.worker_left(worker.hostname))

    def _beat(self, name: str) -> None:
        self._write(lambda: heartbeat.stamp((WORKERS + name)[:200], at=clock.of_desk()()))

    @staticmethod
    def _write(write: Callable[[], None]) -> None:
        try:
            write()
        except Error as error:
            logger.warning("The worker's pulse could not be written: %s", error)
        finally:
            connections.close_all()
