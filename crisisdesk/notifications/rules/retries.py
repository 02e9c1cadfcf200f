"""When a message that could not be delivered is tried again.

A reminder that comes half an hour late is no reminder: the first attempts follow within seconds. A server that still
refuses after two minutes is asked more and more seldom.
"""

from __future__ import annotations

from datetime import datetime, timedelta

_SECONDS = (5, 10, 15, 20, 20, 20, 20, 60, 240, 900, 1800)
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in _SECONDS)
MOST_ATTEMPTS = len(_PAUSES) + 1
UNREACHABLE_PAUSE = timedelta(seconds=10)


LONGEST_WAIT = timedelta(hours=1)  # however long the other side asks us to stay away


def next_attempt_at(
    attempts: int, *, at: datetime, after: timedelta | None = None
) -> datetime | None:
    """Return when to try again after so many attempts, or None when it is time to give up.

    `after` is how long the other side asked us to wait; nobody is asked sooner.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return at + max(_PAUSES[attempts - 1], min(after or timedelta(0), LONGEST_WAIT))
