"""Which hands are silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from crisisdesk.notifications.enums import Hand
from crisisdesk.notifications.models import Heartbeat, SweepTime

TOO_LONG = timedelta(seconds=120)
PATIENCE: dict[str, timedelta] = {
    Hand.AUDITOR: timedelta(minutes=5)
}  # it comes once a minute, and reads much
WORKERS = f"{Hand.WORKER}:"  # every worker process has a pulse of its own, named by its host


@dataclass(frozen=True)
class Silence:
    """A hand that has not moved; `since` is its last sign of life, None when there was none."""

    hand: str
    since: datetime | None


@dataclass(frozen=True)
class BannerWords:
    """What the banner says: which hands are silent, and whether reminders stand still, since when."""

    since: datetime | None
    hands: tuple[Silence, ...]

    @property
    def reminders_stand(self) -> bool:
        """Whether more than the auditor is silent."""
        return any(silence.hand != Hand.AUDITOR for silence in self.hands)


@dataclass(frozen=True)
class Pulse:
    """One worker process, or one hand: when it last moved, what it said, whether that is too long ago, and how many
    seconds its last sweep took."""

    name: str
    at: datetime | None
    detail: str
    is_late: bool
    took: float | None = None


def late(at: datetime) -> list[Silence]:
    """Return the hands that have been silent for too long, in the order in which work passes them."""
    return _late(dict(beats().values_list("name", "at")), at)


def hands(at: datetime) -> list[Pulse]:
    """Return every hand, silent or not, in the order in which work passes them."""
    rows = {row.name: row for row in beats()}
    took = dict(SweepTime.objects.values_list("name", "last_seconds"))
    return [_pulse(hand, rows.get(hand), at, took.get(hand)) for hand in Hand.values]


def workers(at: datetime) -> list[Pulse]:
    """Return every worker process that has a pulse, by name."""
    rows = Heartbeat.objects.filter(name__startswith=WORKERS).order_by("name")
    return [_pulse(row.name.removeprefix(WORKERS), row, at) for row in rows]


def _pulse(name: str, row: Heartbeat | None, at: datetime, took: float | None = None) -> Pulse:
    if row is None:
        return Pulse(name, None, "", is_late=True)
    return Pulse(
        name, row.at, row.detail, is_late=at - row.at > PATIENCE.get(name, TOO_LONG), took=took
    )


def beats() -> QuerySet[Heartbeat]:
    """Return the last sign of life of each hand."""
    return Heartbeat.objects.filter(name__in=Hand.values).order_by("name")


def banner_words(last: Mapping[str, datetime], at: datetime) -> BannerWords | None:
    """Return what every page has to say about silent hands, given each one's last sign of life, or
    None while all is well."""
    silent = _late(last, at)
    if not silent:
        return None
    standing = [silence for silence in silent if silence.hand != Hand.AUDITOR]
    known = [silence.since for silence in standing if silence.since]
    since = min(known) if known and len(known) == len(standing) else None
    return BannerWords(since=since, hands=tuple(silent))


def _late(last: Mapping[str, datetime], at: datetime) -> list[Silence]:
    return [
        Silence(hand, last.get(hand))
        for hand in Hand.values
        if hand not in last or at - last[hand] > PATIENCE.get(hand, TOO_LONG)
    ]
