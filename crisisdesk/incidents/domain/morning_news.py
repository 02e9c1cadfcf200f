"""How the digest of the morning reads, and who may still see it: what the registry below asks of us."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from crisisdesk.incidents.domain.mornings import TOPIC
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.queries.visibility import may_see_many as may_see_incidents
from crisisdesk.incidents.queries.visibility import restricted_among
from crisisdesk.notifications import registry
from crisisdesk.notifications.models import Morning
from crisisdesk.notifications.rules.bidi import isolate

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User


def register() -> None:
    """Answer for the topic "morning" from now on."""
    registry.register(
        TOPIC,
        may_see=may_see,
        render=render,
        may_see_many=may_see_many,
        visible=visible_ids,
        hushed=hushed,
    )


def visible_ids(user: User) -> QuerySet[Morning, int]:
    """Return the ids of the person's own mornings, to be part of another query."""
    return Morning.objects.filter(user=user).order_by().values_list("pk", flat=True)


def may_see(user: User, morning_id: int) -> bool:
    """Whether it is the person's own, and they may still see every incident it speaks of."""
    return (user.pk, morning_id) in may_see_many([(user.pk, morning_id)])


def may_see_many(pairs: Collection[registry.Pair]) -> set[registry.Pair]:
    """Return those (user id, morning id) that are allowed, in two queries."""
    rows = Morning.objects.filter(pk__in={pk for _, pk in pairs})
    mine = {(row.user_id, row.pk): row.incidents for row in rows}
    asked = {(pair[0], incident) for pair in pairs if pair in mine for incident in mine[pair]}
    seen = may_see_incidents(asked) if asked else set()
    return {
        pair
        for pair in pairs
        if pair in mine and all((pair[0], incident) in seen for incident in mine[pair])
    }


def hushed(morning_ids: Collection[int]) -> set[int]:
    """Return those of these that speak of a restricted incident, in two queries."""
    told = dict(Morning.objects.filter(pk__in=morning_ids).values_list("pk", "incidents"))
    restricted = restricted_among({incident for ids in told.values() for incident in ids})
    return {pk for pk, ids in told.items() if restricted.intersection(ids)}


def render(
    *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
) -> registry.Rendered:
    """Return the counts as the headline and one line each. Runs no query; reader's language active."""
    counts = data["counts"]
    place = ZoneInfo(zone)
    lines = [
        gettext("Late: %(what)s") % {"what": _line(row, place, with_day=True)}
        for row in data["late"]
    ]
    lines += [gettext("Today: %(what)s") % {"what": _line(row, place)} for row in data["today"]]
    lines += [
        gettext("To approve: %(what)s") % {"what": f"{row['reference']} · {isolate(row['title'])}"}
        for row in data["words"]
    ]
    if data.get("missed"):
        day = date_format(date.fromisoformat(data["missed"]), "j F")
        lines.append(
            gettext("The digest of %(date)s was not made: the desk stood still until noon.")
            % {"date": day}
        )
    said = _headline(counts)
    return registry.Rendered(
        subject=gettext("Morning digest · %(what)s") % {"what": said},
        headline=said,
        lines=tuple(lines),
        action_label=gettext("Open My desk"),
        path="/",
        bare=said,
        because=gettext(
            "You get this on working days. Time and ways are chosen under Settings, What you are told."
        ),
    )


def _headline(counts: dict[str, int]) -> str:
    late, today, words = counts["late"], counts["today"], counts["words"]
    playbooks = counts["playbooks"]
    parts = [
        late and ngettext("%(count)s overdue", "%(count)s overdue", late) % {"count": late},
        today and ngettext("%(count)s due today", "%(count)s due today", today) % {"count": today},
        words
        and ngettext("%(count)s text to approve", "%(count)s texts to approve", words)
        % {"count": words},
        playbooks
        and ngettext(
            "%(count)s playbook to read again", "%(count)s playbooks to read again", playbooks
        )
        % {"count": playbooks},
    ]
    return " · ".join(part for part in parts if part)


def _line(row: dict[str, Any], place: ZoneInfo, *, with_day: bool = False) -> str:
    local = datetime.fromisoformat(row["due_at"]).astimezone(place)
    when = f"{local:%H:%M}"
    if with_day:
        when = f"{date_format(local, 'j F')}, {when}"
    return f"{row['reference']} · {isolate(in_language(row['label']))} · {when}"
