"""When a person gets the digest of the morning, or that they want none."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.domain.inbox import Reader, require_write
from crisisdesk.notifications.domain.preferences import lock_person
from crisisdesk.notifications.enums import MorningState
from crisisdesk.notifications.models import Morning, MorningTime
from crisisdesk.notifications.rules.quiet import DAY


@transaction.atomic
def set_morning(*, enabled: bool, minute: int, actor: Reader, at: datetime) -> MorningTime:
    """The digest comes at this minute of the actor's working days from now on, or not at all.

    Raises Invalid("time_unknown", field="minute").
    """
    require_write(actor)
    lock_person(actor)
    if not 0 <= minute < DAY:
        raise Invalid("time_unknown", field="minute")
    chosen, _ = MorningTime.objects.update_or_create(
        user_id=actor.id, defaults={"enabled": enabled, "minute": minute}
    )
    plan_again(actor.id, at=at)
    return chosen


def plan_again(*user_ids: int, at: datetime) -> None:
    """The next sweep sets the next morning of these people anew: its time, their zone, or a brand's days have
    changed. One that is due already comes as it was planned."""
    ahead = Morning.objects.filter(user__in=user_ids, state=MorningState.PENDING, due_at__gt=at)
    ahead.delete()
