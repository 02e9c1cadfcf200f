"""Chores of the ground floor."""

from __future__ import annotations

from celery import shared_task

from crisisdesk.core import clock
from crisisdesk.core.domain import heard_calls, idempotency


@shared_task(name="core.sweep_idempotency_keys")
def sweep_idempotency_keys(**_ignored: object) -> None:
    """Forget keys older than seven days, and calls from chats that would be too old by now."""
    at = clock.now()
    idempotency.forget_old_keys(at=at)
    heard_calls.forget_old_calls(at=at)
