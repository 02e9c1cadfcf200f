"""How news of stand-ins reads, and who may see it: what the registry below asks of us."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from crisisdesk.core.formats import zone_name
from crisisdesk.notifications import registry
from crisisdesk.notifications.models import StandIn
from crisisdesk.notifications.rules.bidi import isolate
from crisisdesk.organisation.domain.stand_ins import NAMED, TOPIC
from crisisdesk.organisation.queries.stand_ins import in_sight

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from crisisdesk.organisation.models import User

PAGE = "/settings/notifications/#stand-in"


def register() -> None:
    """Answer for the topic "stand_in" from now on."""
    registry.register(
        TOPIC, may_see=may_see, render=render, may_see_many=may_see_many, visible=visible_ids
    )


def visible_ids(user: User) -> QuerySet[StandIn, int]:
    """Return the ids of the agreements the person is part of, to be part of another query."""
    return in_sight(user).order_by().values_list("pk", flat=True)


def may_see(user: User, agreement_id: int) -> bool:
    """Whether the person is one of the two."""
    return in_sight(user).filter(pk=agreement_id).exists()


def may_see_many(pairs: Collection[registry.Pair]) -> set[registry.Pair]:
    """Return those (user id, agreement id) that are allowed, in one query."""
    users = {user for user, _ in pairs}
    rows = StandIn.objects.filter(
        Q(person__in=users) | Q(stand_in__in=users), pk__in={pk for _, pk in pairs}
    )
    found = {(side, row.pk) for row in rows for side in (row.person_id, row.stand_in_id)}
    return found & set(pairs)


def render(
    *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
) -> registry.Rendered:
    """Return for whom, from when to when, and what that means. Runs no query; reader's language active."""
    name = isolate(_named(data["name"]))
    begins, ends = (_moment(data[key], zone) for key in ("from_at", "until_at"))
    if kind == NAMED:
        headline = gettext("You stand in for %(name)s") % {"name": name}
        lines = [
            gettext("From %(from)s until %(until)s you are told what %(name)s has to do as well.")
            % {"from": begins, "until": ends, "name": name}
        ]
        if data["silent"]:
            lines.append(
                gettext("%(name)s is told in the inbox only: it rests with you.") % {"name": name}
            )
        lines.append(
            gettext("If you cannot, say so on the page and %(name)s hears of it at once.")
            % {"name": name}
        )
    else:
        headline = gettext("%(name)s and you: standing in is over") % {"name": name}
        lines = [
            gettext("It was agreed from %(from)s until %(until)s. Each is told their own again.")
            % {"from": begins, "until": ends}
        ]
    return registry.Rendered(
        subject=headline,
        headline=headline,
        lines=tuple(lines),
        action_label=gettext("Open the agreement"),
        path=PAGE,
        because=gettext("You get this because a colleague and you stand in for each other."),
    )


def _named(names: dict[str, str]) -> str:
    return names.get((get_language() or "en")[:2]) or names.get("en", "")


def _moment(value: str, zone: str) -> str:
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    return gettext("%(date)s, %(time)s, %(zone)s") % {
        "date": date_format(local, "j F"),
        "time": f"{local:%H:%M}",
        "zone": zone_name(ZoneInfo(zone), local),
    }
