"""When a message that could not be delivered is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_ATTEMPTS = 5
_PAUSES = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=8), timedelta(minutes=30))
UNREACHABLE_PAUSE = timedelta(seconds=30)


def next_attempt_at(attempts: int, *, at: datetime) -> datetime | None:
    """Return when to try again after so many attempts, or None when it is time to give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return at + _PAUSES[min(attempts, len(_PAUSES)) - 1]
