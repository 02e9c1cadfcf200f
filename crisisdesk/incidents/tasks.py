"""The hand of the response: thin edges that read the clock once and make one domain call."""

from __future__ import annotations

from celery import shared_task

from crisisdesk.core import clock
from crisisdesk.incidents.domain import (
    auditor,
    mornings,
    plan_reminders,
    reminders,
    watch_changes,
)
from crisisdesk.notifications.domain import dead_man, figures, heartbeat
from crisisdesk.notifications.enums import Hand


@shared_task(name="incidents.fire_due_reminders")
def fire_due_reminders(**_ignored: object) -> None:
    """Fire due alarms until none is left, and say that the hand moves."""
    now = clock.of_desk()
    began = now()
    reminders.fire_all(clock=now)
    at = now()
    heartbeat.stamp(Hand.REMINDERS, at=at)
    figures.count_run(Hand.REMINDERS, began=began, at=at)


@shared_task(name="incidents.audit", soft_time_limit=120, time_limit=150)
def audit(**_ignored: object) -> None:
    """Prove that clocks, outbox and histories are as they must be, and tell the outside that somebody looked."""
    now = clock.of_desk()
    began = now()
    seen = auditor.audit(at=began)
    heartbeat.forget_workers(at=now())
    figures.fold_sends(at=now())
    at = now()
    heartbeat.stamp(Hand.AUDITOR, at=at, detail=str(seen))
    figures.count_run(Hand.AUDITOR, began=began, at=at)
    if not seen.found:
        dead_man.tell(at=now())


@shared_task(name="incidents.fire_due_plan_reminders")
def fire_due_plan_reminders(**_ignored: object) -> None:
    """Tell the owners of open gaps of announcements that come near."""
    plan_reminders.fire_due(at=clock.of_desk()())


@shared_task(name="incidents.fire_mornings")
def fire_mornings(**_ignored: object) -> None:
    """Make the digests of the morning that are due, and set the next ones."""
    mornings.fire_mornings(at=clock.of_desk()())


@shared_task(name="incidents.tell_watch_changes")
def tell_watch_changes(**_ignored: object) -> None:
    """Hand open incidents over where the watch of their brand has changed."""
    watch_changes.tell_changes(at=clock.of_desk()())
