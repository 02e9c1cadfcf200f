"""The hand that draws: thin edges that read the clock once and make one domain call."""

from __future__ import annotations

from celery import shared_task

from crisisdesk.core import clock
from crisisdesk.reports.domain import rendering


@shared_task(name="reports.render", soft_time_limit=60, time_limit=120)
def render(**_ignored: object) -> None:
    """Draw one waiting report, and ring again while there are more: each has the whole time limit
    for itself.
    """
    if rendering.render_next(at=clock.now()):
        rendering.sweep(at=clock.now())


@shared_task(name="reports.sweep")
def sweep(**_ignored: object) -> None:
    """Find what the broker lost or a dead worker held."""
    rendering.sweep(at=clock.now())
