"""What the demo's people chose for themselves: when they are not disturbed, who stands in for them, where else they are
told; by the same commands as Settings, from fixtures/demo/desk.yaml."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crisisdesk.notifications.domain.quiet_hours import set_quiet_hours
from crisisdesk.notifications.domain.webhooks import add_webhook
from crisisdesk.notifications.rules.quiet import Span
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.domain.stand_ins import name_stand_in
from crisisdesk.organisation.enums import Source
from crisisdesk.organisation.models import User


def make_choices(told: dict[str, Any], people: dict[str, User], *, at: datetime) -> None:
    """Let them have chosen by now."""
    quiet = told["quiet_hours"]
    begins, ends = (_minutes(quiet[name]) for name in ("begins", "ends"))
    set_quiet_hours(
        [Span(day, begins, ends) for day in quiet["weekdays"]],
        actor=Actor(people[quiet["who"]], Source.COMMAND),
        at=at,
    )
    away = told["stand_in"]
    person = people[away["who"]]
    today = at.astimezone(ZoneInfo(person.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    leaves = today + timedelta(days=away["in_days"])
    name_stand_in(
        stand_in_id=people[away["stand_in"]].pk,
        from_at=leaves,
        until_at=leaves + timedelta(days=away["days"]),
        actor=Actor(person, Source.COMMAND),
        at=at,
    )
    hook = told["webhook"]
    add_webhook(
        url=hook["url"],
        label=hook["label"],
        actor=Actor(people[hook["who"]], Source.COMMAND),
        at=at,
    )


def _minutes(clock: str) -> int:
    """Return the minute of the day of a time such as 22:00."""
    read = time.fromisoformat(clock)
    return 60 * read.hour + read.minute
