"""When a person is not disturbed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid
from crisisdesk.core.jobs import after_commit
from crisisdesk.notifications.domain.inbox import Reader, require_write
from crisisdesk.notifications.domain.outbox import WAKE_UP
from crisisdesk.notifications.domain.preferences import lock_person
from crisisdesk.notifications.enums import Held, State
from crisisdesk.notifications.models import Notification, QuietHours
from crisisdesk.notifications.rules.quiet import DAY, Span, covers_week


@transaction.atomic
def set_quiet_hours(spans: Iterable[Span], *, actor: Reader, at: datetime) -> list[Span]:
    """The actor's week is quiet in these spans and at no other time; what belongs to SEV1 or SEV2 comes all the
    same, and what calls them because they are on watch. Returns the spans in the order of the week.

    Raises Invalid("weekday_unknown" | "weekday_twice" | "time_unknown"), each with the weekday's number as its field,
    and Invalid("week_all_quiet").
    """
    require_write(actor)
    lock_person(actor)
    wanted = sorted(spans)
    seen: set[int] = set()
    for span in wanted:
        if not 1 <= span.weekday <= 7:  # noqa: PLR2004 - days of a week
            raise Invalid("weekday_unknown", field=f"day_{span.weekday}")
        if span.weekday in seen:
            raise Invalid("weekday_twice", field=f"day_{span.weekday}")
        if not (0 <= span.begins < DAY and 0 <= span.ends < DAY):
            raise Invalid("time_unknown", field=f"day_{span.weekday}")
        seen.add(span.weekday)
    if covers_week(wanted):
        raise Invalid("week_all_quiet", field=f"day_{wanted[0].weekday}")
    QuietHours.objects.filter(user_id=actor.id).delete()
    QuietHours.objects.bulk_create(
        QuietHours(user_id=actor.id, weekday=span.weekday, begins=span.begins, ends=span.ends)
        for span in wanted
    )
    # What waited for the end of the old quiet is looked at again by the new one.
    held = Notification.objects.filter(
        recipient_id=actor.id, state=State.PENDING, held=Held.QUIET, next_attempt_at__gt=at
    )
    if held.update(next_attempt_at=at):
        after_commit(WAKE_UP)
    return wanted
