"""The only place that reads the clock. Everything else is given `at`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """Return the present moment in UTC; called once per request, task run or command."""
    return timezone.now()


def of_desk() -> Callable[[], datetime]:
    """Return the clock that every worker shares: the database's moment, carried on by our stopwatch.

    What one worker leases another may take back, so both must mean the same time, however wrong the clock of one
    machine is. One question to the database, asked again for each run of a sweep.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        began: datetime = cursor.fetchone()[0]
    stopwatch = time.monotonic()
    return lambda: began + timedelta(seconds=time.monotonic() - stopwatch)
