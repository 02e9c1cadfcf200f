"""Figures that are kept because nobody could count them when asked: how long sweeps take, how sending ended."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from crisisdesk.notifications.models import Delivery, Notification, SendCount, SweepTime
from crisisdesk.notifications.models.sweep_time import BOUNDS

# A row is counted when no older one can still be on its way into the log.
SETTLED = timedelta(minutes=10)
MOST = 100_000
_LOCK = 4_221_907

_RUN = f"""
INSERT INTO {SweepTime._meta.db_table} AS kept (name, runs, seconds, buckets, last_seconds, last_at)
VALUES (%(name)s, 1, %(seconds)s, %(buckets)s, %(seconds)s, %(at)s)
ON CONFLICT (name) DO UPDATE
SET runs = kept.runs + 1, seconds = kept.seconds + EXCLUDED.seconds,
    last_seconds = EXCLUDED.last_seconds, last_at = EXCLUDED.last_at,
    buckets = ARRAY(SELECT coalesce(had, 0) + coalesce(came, 0)
                    FROM unnest(kept.buckets, EXCLUDED.buckets) WITH ORDINALITY AS both_rows(had, came, place)
                    ORDER BY place)
"""  # noqa: S608 - built from our own names; every value is a parameter

_FOLD = f"""
INSERT INTO {SendCount._meta.db_table} AS kept (transport, outcome, count, counted_to)
SELECT sent.transport, log.outcome, count(*), %(to)s
FROM {Delivery._meta.db_table} log
JOIN {Notification._meta.db_table} sent ON sent.id = log.notification_id
WHERE log.id > %(after)s AND log.id <= %(to)s
GROUP BY sent.transport, log.outcome
ON CONFLICT (transport, outcome) DO UPDATE SET count = kept.count + EXCLUDED.count
"""  # noqa: S608 - built from our own names; every value is a parameter


def count_run(name: str, *, began: datetime, at: datetime) -> None:
    """Count one run of this hand's sweep."""
    seconds = max(0.0, (at - began).total_seconds())
    buckets = [0] * (len(BOUNDS) + 1)
    buckets[bisect_left(BOUNDS, seconds)] = 1
    with connection.cursor() as cursor:
        cursor.execute(_RUN, {"name": name, "seconds": seconds, "buckets": buckets, "at": at})


@transaction.atomic
def fold_sends(*, at: datetime) -> int:
    """Count the next part of the attempt log that nothing can be added to any more; returns up to which row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        after: int = SendCount.objects.aggregate(to=Max("counted_to"))["to"] or 0
        settled = Delivery.objects.filter(pk__gt=after, at__lt=at - SETTLED).order_by("pk")
        to: int = settled[:MOST].aggregate(to=Max("pk"))["to"] or after
        if to > after:
            cursor.execute(_FOLD, {"after": after, "to": to})
            SendCount.objects.update(counted_to=to)
    return to
