"""The only place that reads the clock. Everything else is given `at`."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment in UTC; called once per request, task run or command."""
    return timezone.now()
