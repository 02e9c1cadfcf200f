"""Which hands are silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

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
    last = dict(Heartbeat.objects.filter(name__in=Hand.values).values_list("name", "at"))
    return [
        Silence(hand, last.get(hand))
        for hand in Hand.values
        if hand not in last or at - last[hand] > after
    ]


def banner_words(at: datetime) -> BannerWords | None:
    """Return what every page has to say about silent hands, or None while all is well."""
    silent = late(at)
    if not silent:
        return None
    known = [silence.since for silence in silent if silence.since]
    since = min(known) if len(known) == len(silent) else None
    return BannerWords(since=since, hands=tuple(silence.hand for silence in silent))


def ages(at: datetime) -> dict[str, float | None]:
    """Return the seconds since each hand's last sign of life (for /readyz and doctor)."""
    last = dict(Heartbeat.objects.filter(name__in=Hand.values).values_list("name", "at"))
    return {
        hand: (at - last[hand]).total_seconds() if hand in last else None for hand in Hand.values
    }
