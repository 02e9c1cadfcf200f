"""The hand of the response: thin edges that read the clock once and make one domain call."""

from __future__ import annotations

from celery import shared_task

from crisisdesk.core import clock
from crisisdesk.incidents.domain import reminders
from crisisdesk.notifications.domain import heartbeat


@shared_task(name="incidents.fire_due_reminders")
def fire_due_reminders(**_ignored: object) -> None:
    """Fire due alarms until none is left, and say that the hand moves."""
    while reminders.fire_due(at=clock.now()) >= reminders.BATCH:
        pass
    heartbeat.stamp("reminders", at=clock.now())
