"""What came of the reminders: the sink's log held against the rows of the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults.rows import KEY
from crisisdesk.incidents.models import Deadline
from crisisdesk.notifications.models import Notification

# Between the server's "250" and our commit lies one round trip to the database; on a busy machine a killed
# worker may have been kept from it for a moment.
WINDOW = 1.0


@dataclass
class Result:
    """The figures of one run. `window` are doubles whose worker was killed between acceptance and commit."""

    due: int
    sent: int
    distinct: int
    doubled: int
    latest: float
    raw_latest: float
    window: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Reminders that nobody got."""
        return self.due - self.distinct

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost and nothing doubled outside the named window."""
        return self.lost == 0 and self.doubled == len(self.window)

    def line(self) -> str:
        """The one line at the end."""
        return (
            f"due={self.due} sent={self.sent} distinct={self.distinct} lost={self.lost} "
            f"doubled={self.doubled - len(self.window)} latest_lateness_s={self.latest:.0f}"
        )


def taken(log: Path, *, after: int = 0) -> dict[int, list[float]]:
    """Return when the sink took each notification, by its id, which is the third part of its Message-ID."""
    found: dict[int, list[float]] = defaultdict(list)
    for line in log.read_text()[after:].splitlines():
        moment, name = line.split()
        found[int(name.split(".")[2])].append(float(moment))
    return found


def count(
    log: Path,
    *,
    whole_at: float,
    kills: Sequence[float],
    away: Sequence[tuple[float, float]],
) -> Result:
    """Hold what the sink took against every deadline of the bench."""
    due = dict(Deadline.objects.filter(key=KEY).values_list("pk", "due_at"))
    of_deadline = {
        pk: deadline
        for pk, deadline in Notification.objects.filter(
            kind="reminder_due", transport="email"
        ).values_list("pk", "data__deadline")
        if deadline in due
    }
    times: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for pk, moments in taken(log).items():
        if pk in of_deadline:
            times[of_deadline[pk]] += [(moment, pk) for moment in moments]
    result = Result(len(due), sum(map(len, times.values())), len(times), 0, 0.0, 0.0)
    for deadline, came in times.items():
        came.sort()
        at = due[deadline].timestamp()
        result.latest = max(result.latest, came[0][0] - max(at, whole_at))
        result.raw_latest = max(result.raw_latest, came[0][0] - at)
        for (first, pk), (_, again) in zip(came, came[1:], strict=False):
            result.doubled += 1
            if pk == again and _killed_then(first, kills, away):
                result.window.append(str(pk))
    return result


def _killed_then(
    taken_at: float, kills: Sequence[float], away: Sequence[tuple[float, float]]
) -> bool:
    """Whether a worker was killed between the moment the mail was taken and the moment its result could be kept."""
    until = taken_at + WINDOW
    for stopped, back in away:
        if stopped <= until and taken_at <= back:
            until = back + WINDOW
    return any(taken_at - 0.05 <= kill <= until for kill in kills)
