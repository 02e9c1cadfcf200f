"""How the rota's news reads in mail and inbox, and who may still see it: what the registry below asks of us."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from crisisdesk.core.formats import zone_name
from crisisdesk.notifications import registry
from crisisdesk.notifications.rules.bidi import isolate
from crisisdesk.organisation.domain.watch_gaps import GAP, TOPIC
from crisisdesk.organisation.models import Membership

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from crisisdesk.notifications.registry import Pair


def register() -> None:
    """Answer for the topic "rota" from now on; its rows are about brands, and for whoever has a role on them."""
    registry.register(
        TOPIC,
        may_see=lambda user, brand_id: bool(members_still([(user.pk, brand_id)])),
        render=render,
        may_see_many=members_still,
        visible=brands_of,
    )


def brands_of(user: Any) -> QuerySet[Any]:
    """Return the ids of the brands whose rota the person may see."""
    return Membership.objects.filter(user_id=user.pk, user__is_active=True).values("brand_id")


def members_still(pairs: Collection[Pair]) -> set[Pair]:
    """Return those of these (user id, brand id) that still hold, in one query."""
    rows = Membership.objects.filter(
        user__is_active=True,
        user_id__in={user_id for user_id, _brand in pairs},
        brand_id__in={brand_id for _user, brand_id in pairs},
    ).order_by()
    return set(pairs) & set(rows.values_list("user_id", "brand_id"))


def render(
    *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
) -> registry.Rendered:
    """Return a gap or a swap of the rota in words. Runs no query; reader's language active."""
    brand = isolate(data["brand"].get(language) or data["brand"][""])
    said = _gap_words(data) if kind == GAP else _swap_words(kind, data, language)
    if kind == GAP:
        times = [_times(start, end, zone) for start, end in data["gaps"]]
        more = data["count"] - len(times)
        if more > 0:
            times.append(
                ngettext("And %(count)s more.", "And %(count)s more.", more) % {"count": more}
            )
        action = gettext("Fill the gap")
        because = gettext("You get this message because you lead this brand.")
    else:
        times = _swap_times(data, language, zone)
        action = gettext("Answer") if kind == "swap_asked" else gettext("Open the rota")
        because = gettext("You get this message because this watch is yours, or would be.")
    return registry.Rendered(
        subject=f"{brand} · {said}",
        headline=said,
        lines=(brand, *times),
        action_label=action,
        path=f"/settings/rota/{data['key']}/",
        because=because,
    )


def _gap_words(data: dict[str, Any]) -> str:
    return ngettext(
        "Nobody is on watch: %(count)s gap in the rota",
        "Nobody is on watch: %(count)s gaps in the rota",
        data["count"],
    ) % {"count": data["count"]}


def _swap_words(kind: str, data: dict[str, Any], language: str) -> str:
    facts = {
        "away": isolate(data["away"].get(language, "")),
        "cover": isolate(data["cover"].get(language, "")),
    }
    if data.get("in_return"):
        return {
            "swap_set": gettext("%(cover)s and %(away)s exchange watches"),
            "swap_asked": gettext("Shall %(cover)s and %(away)s exchange watches?"),
            "swap_accepted": gettext("Agreed: %(cover)s and %(away)s exchange watches"),
            "swap_declined": gettext("Declined: %(cover)s and %(away)s keep their watches"),
            "swap_withdrawn": gettext("Taken back: %(cover)s and %(away)s keep their watches"),
        }[kind] % facts
    if not data["away"]:
        return {
            "swap_set": gettext("%(cover)s takes a watch that nobody had"),
            "swap_asked": gettext("%(cover)s is asked to take a watch that nobody has"),
            "swap_accepted": gettext("%(cover)s takes a watch that nobody had"),
            "swap_declined": gettext("%(cover)s does not take the watch"),
            "swap_withdrawn": gettext("%(cover)s does not take the watch after all"),
        }[kind] % facts
    return {
        "swap_set": gettext("%(cover)s takes the watch of %(away)s"),
        "swap_asked": gettext("Shall %(cover)s take the watch of %(away)s?"),
        "swap_accepted": gettext("Agreed: %(cover)s takes the watch of %(away)s"),
        "swap_declined": gettext("Declined: the watch stays with %(away)s"),
        "swap_withdrawn": gettext("Taken back: the watch stays with %(away)s"),
    }[kind] % facts


def _swap_times(data: dict[str, Any], language: str, zone: str) -> list[str]:
    """When; in an exchange each half with who watches then. What is told from before there were any has no word of
    it."""
    own = _times(data["starts_at"], data["ends_at"], zone)
    if not data.get("in_return"):
        return [own]
    both = [isolate(data[who].get(language, "")) for who in ("cover", "away")]
    start, end = data["in_return"]
    spans = [own, _times(start, end, zone)]
    return [
        gettext("%(name)s watches: %(times)s") % {"name": name, "times": times}
        for name, times in zip(both, spans, strict=True)
    ]


def _times(start: str, end: str, zone: str) -> str:
    local = ZoneInfo(zone)
    begins, stops = (datetime.fromisoformat(each).astimezone(local) for each in (start, end))
    facts = {
        "from_date": date_format(begins, "l j F"),
        "from_time": isolate(f"{begins:%H:%M}"),
        "until_date": date_format(stops, "l j F"),
        "until_time": isolate(f"{stops:%H:%M}"),
        "zone": isolate(zone_name(local, begins)),
    }
    if begins.date() == stops.date():
        return gettext("%(from_date)s, %(from_time)s to %(until_time)s, %(zone)s") % facts
    return (
        gettext("%(from_date)s, %(from_time)s to %(until_date)s, %(until_time)s, %(zone)s") % facts
    )
