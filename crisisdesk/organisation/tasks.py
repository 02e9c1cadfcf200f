"""The hand of the organisation: a thin edge that reads the clock once and makes one domain call."""

from __future__ import annotations

from celery import shared_task

from crisisdesk.core import clock
from crisisdesk.organisation.domain import watch_gaps


@shared_task(name="organisation.sweep_rotas")
def sweep_rotas(**_ignored: object) -> None:
    """Find the gaps of every rota and tell the leads of those that are due."""
    watch_gaps.sweep_gaps(at=clock.now())
