"""Signs of life."""

from __future__ import annotations

from datetime import datetime, timedelta

from crisisdesk.notifications.models import Heartbeat
from crisisdesk.notifications.queries.heartbeat import WORKERS

FORGOTTEN_AFTER = timedelta(days=1)


def stamp(name: str, *, at: datetime, detail: str = "") -> None:
    """Note that this hand moved just now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=at, detail=detail[:200])],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at", "detail"],
    )


def worker_left(name: str) -> None:
    """Forget a worker that was stopped on purpose: it is not missed."""
    Heartbeat.objects.filter(name=(WORKERS + name)[:200]).delete()


def forget_workers(*, at: datetime) -> None:
    """Forget workers that were silent for a day: their machine is gone."""
    Heartbeat.objects.filter(name__startswith=WORKERS, at__lt=at - FORGOTTEN_AFTER).delete()
