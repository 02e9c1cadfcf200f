"""What came of the reminders: the sinks' log held against the rows of the desk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import OuterRef, Subquery

from benchmarks.faults.rows import KEY
from crisisdesk.incidents.models import Deadline
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address, Delivery, Notification

Way = tuple[int, int, int | None]  # which deadline, for whom, at which address (None: their mail)

# Between the other side's yes and our commit lies one round trip to the database; on a busy machine a killed
# worker may have been kept from it for a moment.
WINDOW = 1.0


@dataclass
class Result:
    """The figures of one run. `window` are doubles whose worker was killed between acceptance and commit."""

    due: int
    rows: int
    sent: int
    distinct: int
    doubled: int = 0
    latest: float = 0.0
    raw_latest: float = 0.0
    window: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Reminders that did not arrive somewhere."""
        return self.due - self.distinct

    @property
    def is_good(self) -> bool:
        """Whether the ledger has one row for each, nothing was lost, and nothing doubled outside the named window."""
        return self.rows == self.due and self.lost == 0 and self.doubled == len(self.window)

    def line(self) -> str:
        """The one line at the end."""
        return (
            f"due={self.due} sent={self.sent} distinct={self.distinct} lost={self.lost} "
            f"doubled={self.doubled - len(self.window)} latest_lateness_s={self.latest:.0f}"
        )


def taken(log: Path, *, after: int = 0) -> dict[int, list[float]]:
    """Return when the sinks took each row of the outbox, by its id."""
    found: dict[int, list[float]] = defaultdict(list)
    for line in log.read_text()[after:].splitlines():
        moment, row = line.split()
        found[int(row)].append(float(moment))
    return found


def wanted() -> dict[Way, float]:
    """Return what must arrive, read from the deadlines and not from the outbox: each reminder at its owner, by mail and
    at each of their addresses; and when it falls due."""
    places: dict[int, list[int | None]] = defaultdict(lambda: [None])
    for user, address in Address.objects.values_list("user", "pk"):
        places[user].append(address)
    return {
        (pk, owner, place): due_at.timestamp()
        for pk, owner, due_at in Deadline.objects.filter(key=KEY).values_list(
            "pk", "owner", "due_at"
        )
        for place in places[owner]
    }


def ledger() -> dict[int, Way]:
    """Return which reminder each row of the outbox carries out of the desk, to whom and where."""
    rows = Notification.objects.filter(kind="reminder_due").exclude(transport=Transport.INBOX)
    return {
        pk: (deadline, person, place)
        for pk, deadline, person, place in rows.values_list(
            "pk", "data__deadline", "recipient", "address"
        )
    }


def count(
    log: Path,
    *,
    whole_at: float,
    kills: Sequence[float],
    away: Sequence[tuple[float, float]],
) -> Result:
    """Hold what the sinks took against every reminder of the bench."""
    due = wanted()
    rows = {pk: way for pk, way in ledger().items() if way in due}
    times: dict[Way, list[tuple[float, int]]] = defaultdict(list)
    for pk, moments in taken(log).items():
        if pk in rows:
            times[rows[pk]] += [(moment, pk) for moment in moments]
    result = Result(len(due), len(rows), sum(map(len, times.values())), len(times))
    for way, came in times.items():
        came.sort()
        result.latest = max(result.latest, came[0][0] - max(due[way], whole_at))
        result.raw_latest = max(result.raw_latest, came[0][0] - due[way])
        for (first, pk), (_, again) in zip(came, came[1:], strict=False):
            result.doubled += 1
            if pk == again and _killed_then(first, kills, away):
                result.window.append(f"{'hook' if way[2] else 'mail'} {pk}")
    return result


def missing(log: Path) -> Counter[tuple[str, str, str]]:
    """Return why what nobody took was not sent, as far as the ledger knows: its way, its state, the last answer."""
    came, due = taken(log), wanted()
    lost = [pk for pk, way in ledger().items() if way in due and pk not in came]
    last = Delivery.objects.filter(notification=OuterRef("pk")).order_by("-pk").values("answer")[:1]
    rows = Notification.objects.filter(pk__in=lost).annotate(last=Subquery(last))
    return Counter(rows.values_list("transport", "state", "last"))


def _killed_then(
    taken_at: float, kills: Sequence[float], away: Sequence[tuple[float, float]]
) -> bool:
    """Whether a worker was killed between the moment a message was taken and the moment its result could be kept."""
    until = taken_at + WINDOW
    for stopped, back in away:
        if stopped <= until and taken_at <= back:
            until = back + WINDOW
    return any(taken_at - 0.05 <= kill <= until for kill in kills)
