"""How many mails a second one worker delivers: leased, asked, rendered, handed over, logged.

The mail goes to Django's in-memory backend, so what is measured is our own path and the database.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import mail
from django.db import transaction
from django.test.utils import override_settings

from crisisdesk.core import clock
from crisisdesk.notifications import registry
from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.domain.outbox import Message, enqueue_many
from crisisdesk.notifications.models import Notification

TOPIC = "bench"


@dataclass(frozen=True)
class Rate:
    """One run: rows put in and delivered, seconds of the wall and of the processor."""

    rows: int
    enqueued_in: float
    delivered_in: float
    processor: float

    @property
    def per_second(self) -> float:
        """Mails delivered in a second."""
        return self.rows / self.delivered_in


def measure(rows: int, people: Sequence[int], *, readers_per_event: int = 1) -> Rate:
    """Tell `rows` reminders to these user ids and deliver them; every row must be sent."""
    registry.register(
        TOPIC,
        may_see=lambda user, topic_id: True,
        may_see_many=set,
        visible=lambda user: Notification.objects.none().values("topic_id"),
        render=_reminder,
    )
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        run = time.monotonic_ns()
        started = time.perf_counter()
        with transaction.atomic():
            enqueue_many(
                [
                    Message(
                        recipient_id=people[number % len(people)],
                        topic=TOPIC,
                        topic_id=1,
                        kind="reminder_due",
                        data={"number": number // readers_per_event},
                        dedupe_key=f"{TOPIC}:{run}:{number:08}",
                        urgent=True,
                    )
                    for number in range(rows)
                ],
                at=clock.now(),
            )
        enqueued = time.perf_counter() - started
        started, processor = time.perf_counter(), time.process_time()
        tally = delivery.deliver_all(clock=clock.now)
        delivered, processor = time.perf_counter() - started, time.process_time() - processor
    assert tally.outcomes["sent"] == rows, tally
    return Rate(rows, enqueued, delivered, processor)


def _reminder(
    *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
) -> registry.Rendered:
    return registry.Rendered(
        subject=f"CD-2026-0042 · SEV2 · Holding statement due in 10 min ({data['number']})",
        headline="Holding statement due in 10 min",
        lines=("@NourHelp answers our customers", "Nobody has written it yet."),
        action_label="Open the statements",
        path="/incidents/CD-2026-0042/statements/",
        due_line=f"Due 15:30 ({zone})",
    )
