"""Which hands are silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from crisisdesk.notifications.enums import Hand
from crisisdesk.notifications.models import Heartbeat

TOO_LONG = timedelta(seconds=120)


@dataclass(frozen=True)
class Silence:
    """A hand that has not moved; `since` is its last sign of life, None when there was none."""

    hand: str
    since: datetime | None


@dataclass(frozen=True)
class BannerWords:
    """What the banner says: reminders have not run since, and which hands are silent."""

    since: datetime | None
    hands: tuple[str, ...]


def late(at: datetime, *, after: timedelta = TOO_LONG) -> list[Silence]:
    """Return the hands that have been silent for longer than `after`, in the order in which work
    passes them.
    """
    return _late(dict(beats().values_list("name", "at")), at, after)


def beats() -> QuerySet[Heartbeat]:
    """Return the last sign of life of each hand."""
    return Heartbeat.objects.filter(name__in=Hand.values).order_by("name")


def banner_words(last: Mapping[str, datetime], at: datetime) -> BannerWords | None:
    """Return what every page has to say about silent hands, given each one's last sign of life, or
    None while all is well."""
    silent = _late(last, at, TOO_LONG)
    if not silent:
        return None
    known = [silence.since for silence in silent if silence.since]
    since = min(known) if len(known) == len(silent) else None
    return BannerWords(since=since, hands=tuple(silence.hand for silence in silent))


def _late(last: Mapping[str, datetime], at: datetime, after: timedelta) -> list[Silence]:
    return [
        Silence(hand, last.get(hand))
        for hand in Hand.values
        if hand not in last or at - last[hand] > after
    ]


def ages(at: datetime) -> dict[str, float | None]:
    """Return the seconds since each hand's last sign of life (for /readyz and doctor)."""
    last = dict(beats().values_list("name", "at"))
    return {
        hand: (at - last[hand]).total_seconds() if hand in last else None for hand in Hand.values
    }
