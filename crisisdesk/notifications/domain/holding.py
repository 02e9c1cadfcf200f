"""Holding leased rows for as long as we live, and no longer.

A lease is short, so that what a killed worker held comes back within seconds. While a batch is sent, a thread makes it
longer again and again, also while the mail server takes its time over one message.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from django.db import Error, connection, transaction

from crisisdesk.notifications.enums import State
from crisisdesk.notifications.models import Notification

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LEASE = timedelta(seconds=15)
PULSE = timedelta(seconds=4)
SPARE = LEASE - PULSE  # nothing is begun with less left


class Hold:
    """Rows that are ours until `until`; a context that keeps them so."""

    def __init__(self, rows: Sequence[Notification], *, clock: Clock) -> None:
        self._rows = {row.pk: row for row in rows}
        self.until = next((row.lease_until for row in rows), None)
        self._clock = clock
        self._lock = Lock()
        self._over = Event()
        self._thread = Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def in_turn(self) -> Iterator[Notification]:
        """Yield the rows one by one as long as they are ours."""
        for row in list(self._rows.values()):
            self.renew()
            if row.pk not in self._rows:
                continue
            yield row
            self._rows.pop(row.pk, None)

    def left(self) -> list[int]:
        """Return the rows that were not finished."""
        return list(self._rows)

    def renew(self) -> None:
        """Hold the rows longer if little is left of the lease, and let go of those that are not ours any more."""
        with self._lock:
            at = self._clock()
            if not self._rows or (self.until is not None and self.until - at >= SPARE):
                return
            kept = _prolong(list(self._rows), self.until, at=at)
            self.until = at + LEASE
            for pk in set(self._rows) - kept:
                self._rows.pop(pk, None)

    def _keep(self) -> None:
        opened = False
        while not self._over.wait(PULSE.total_seconds()):
            opened = True
            try:
                self.renew()
            except Error as error:
                logger.warning("The rows could not be held longer: %s", error)
                connection.close()
        if opened:
            connection.close()


@transaction.atomic
def _prolong(ids: list[int], held_until: datetime | None, *, at: datetime) -> set[int]:
    ours = Notification.objects.filter(pk__in=ids, state=State.SENDING, lease_until=held_until)
    kept = set(ours.select_for_update().values_list("pk", flat=True))
    Notification.objects.filter(pk__in=kept).update(lease_until=at + LEASE)
    return kept
