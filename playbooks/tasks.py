"""The hand of the shelf: a thin edge that reads the clock once and makes one domain call."""

from __future__ import annotations

from celery import shared_task

from crisisdesk.core import clock
from playbooks.domain import review_reminders


@shared_task(name="playbooks.remind_reviews")
def remind_reviews(**_ignored: object) -> None:
    """Tell the owners which playbooks are due to be read again."""
    review_reminders.remind_due(at=clock.now())
