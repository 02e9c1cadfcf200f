"""Before an announcement: whoever owns what is still missing is told, in time to mend it, once (law 4)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents.enums import PlanStatus, ReminderState
from crisisdesk.incidents.models import AnnouncementPlan, PlanChange, PlanReminder
from crisisdesk.incidents.queries.plan_gaps import Gap, readiness
from crisisdesk.incidents.queries.plans import board_of
from crisisdesk.notifications.domain.outbox import Message, enqueue_many

logger = logging.getLogger(__name__)

TOPIC = "plan"
KIND = "plan_gaps_open"
BATCH = 200
# Days to write and approve words, a day to find somebody for a shift, hours to test an account.
BEFORE = (timedelta(days=3), timedelta(days=1), timedelta(hours=3))


def set_reminders(plan: AnnouncementPlan, *, at: datetime) -> None:
    """Make the plan's alarms those of its announcement as it stands; those already past are not made.

    In the caller's transaction, under the plan's row lock.
    """
    stop_reminders(plan)
    moments = [plan.announce_at - before for before in BEFORE]
    PlanReminder.objects.bulk_create(
        PlanReminder(plan=plan, due_at=moment) for moment in moments if moment > at
    )


def stop_reminders(plan: AnnouncementPlan) -> None:
    """Nobody is told of this plan any more. In the caller's transaction, under the plan's row lock."""
    PlanReminder.objects.filter(plan=plan, state=ReminderState.PENDING).update(
        state=ReminderState.CANCELLED
    )


def fire_due(*, at: datetime, limit: int = BATCH) -> int:
    """Fire what is due and return how many alarms were claimed here; safe in any number of workers at once."""
    due = PlanReminder.objects.filter(state=ReminderState.PENDING, due_at__lte=at)
    plans = due.order_by("due_at", "pk").values_list("plan_id", flat=True)[:limit]
    return sum(_fire_safely(plan_id, at=at) for plan_id in sorted(set(plans)))


def _fire_safely(plan_id: int, *, at: datetime) -> int:
    try:
        return _fire(plan_id, at=at)
    except Exception:
        # One plan must not silence the others; the next sweep tries it again.
        logger.exception("reminders of plan %s failed", plan_id)
        return 0


@transaction.atomic
def _fire(plan_id: int, *, at: datetime) -> int:
    plan = (
        AnnouncementPlan.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("brand", "lead")
        .filter(pk=plan_id, status=PlanStatus.PREPARING)
        .first()
    )
    if plan is None:  # somebody works on it: the next sweep finds what is still due
        return 0
    rows = PlanReminder.objects.filter(plan=plan, state=ReminderState.PENDING, due_at__lte=at)
    due = list(rows.order_by("due_at", "pk"))
    claimed = rows.update(state=ReminderState.FIRED, fired_at=at)
    if not claimed:
        return 0
    gaps = readiness(board_of(plan), at=at).gaps
    # Several alarms that came due while nothing ran are one piece of news.
    enqueue_many(_messages(plan, gaps, event=due[-1].pk), at=at)
    if gaps:
        owners = {gap.owner.pk: gap.owner for gap in gaps}
        names = [
            {language: owner.name_in(language) for language in LANGUAGES}
            for owner in owners.values()
        ]
        data = {"gaps": len(gaps), "names": names}
        PlanChange.objects.create(plan=plan, kind="reminded", data=data, at=at)
    return claimed


def _messages(plan: AnnouncementPlan, gaps: list[Gap], *, event: int) -> list[Message]:
    mine: dict[int, list[Gap]] = {}
    for gap in gaps:
        mine.setdefault(gap.owner.pk, []).append(gap)
    return [
        Message(
            recipient_id=owner,
            topic=TOPIC,
            topic_id=plan.pk,
            kind=KIND,
            data={
                "title": plan.title,
                "announce_at": plan.announce_at.isoformat(),
                "gaps": [{"code": gap.code, "params": gap.params} for gap in theirs],
            },
            dedupe_key=f"{TOPIC}:{plan.pk}:{event}",
            why="owner",
        )
        for owner, theirs in mine.items()
    ]
