"""What a person chose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Max

from crisisdesk.notifications.enums import MorningState, Transport
from crisisdesk.notifications.models import Address, Morning, MorningTime, Preference, QuietHours
from crisisdesk.notifications.models.morning import EIGHT
from crisisdesk.notifications.models.preference import EVERY_KIND


def ways_of(user: Any) -> list[str]:
    """Return by which ways this person can be told, besides the inbox: e-mail, and where they have a verified
    address."""
    usable = Address.objects.filter(
        user_id=user.pk, verified_at__isnull=False, off_at=None, removed_at=None
    )
    found = {Transport.EMAIL.value, *usable.values_list("transport", flat=True)}
    return [way for way in Transport.values if way in found]


def choices_of(user: Any, kinds: Iterable[str], ways: Sequence[str]) -> dict[str, list[str]]:
    """Return by which of these ways each kind of news reaches the person; by every one until they choose."""
    rows = Preference.objects.filter(user_id=user.pk, transport__in=ways)
    chosen = {(row.kind, row.transport): row.enabled for row in rows}
    return {
        str(kind): [
            str(way)
            for way in ways
            if chosen.get((str(kind), way), chosen.get((EVERY_KIND, way), True))
        ]
        for kind in kinds
    }


def quiet_rows(*user_ids: int) -> list[QuietHours]:
    """Return the quiet hours of these people, in the order of the week."""
    return list(QuietHours.objects.filter(user__in=user_ids).order_by("user_id", "weekday"))


def morning_of(user: Any) -> MorningTime:
    """Return when this person wants the morning's digest: at eight, until they choose."""
    return MorningTime.objects.filter(user_id=user.pk).first() or MorningTime(user_id=user.pk)


def morning_minutes(user_ids: Collection[int]) -> dict[int, int]:
    """Return at which minute of their day each of these people wants the digest; one query."""
    chosen = MorningTime.objects.filter(user__in=user_ids).values_list("user_id", "minute")
    return dict.fromkeys(user_ids, EIGHT) | dict(chosen)


def last_days(user_ids: Collection[int]) -> dict[int, date]:
    """Return the day of the last morning that is over of those of these people who had one; one query."""
    over = Morning.objects.filter(user__in=user_ids).exclude(state=MorningState.PENDING)
    return dict(over.order_by().values_list("user_id").annotate(Max("day")))


def last_morning(user: Any) -> Morning | None:
    """Return the last morning of this person that is over."""
    return Morning.objects.filter(user_id=user.pk).exclude(state=MorningState.PENDING).first()
