"""What the auditor found, as far as the reader may know which incident it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F

from crisisdesk.incidents.models import Finding
from crisisdesk.incidents.queries.visibility import visible_to

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User

SHOWN_FOR = timedelta(days=7)
MOST = 50


@dataclass(frozen=True)
class Found:
    """One finding; without a reference it concerns no single incident, or one that the reader may not see."""

    kind: str
    count: int
    since: datetime | None
    found_at: datetime
    repaired_at: datetime | None
    gone_at: datetime | None
    reference: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Any, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is still so."""
        return self.gone_at is None


def recent(user: User, at: datetime) -> list[Found]:
    """Return what is open, then what was over within a week, the newest first, in two queries."""
    rows = list(
        Finding.objects.filter(seen_at__gt=at - SHOWN_FOR)
        .select_related("incident", "deadline")
        .order_by(F("gone_at").desc(nulls_first=True), "-seen_at", "-pk")[:MOST]
    )
    named = {row.incident_id for row in rows if row.incident_id}
    seen = (
        set(visible_to(user).filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    )
    return [_found(row, row.incident_id in seen) for row in rows]


def open_counts() -> dict[str, int]:
    """Return what is not as it must be now, as rows by kind, in one query."""
    counted: dict[str, int] = {}
    for kind, count in (
        Finding.objects.filter(gone_at=None).order_by("kind").values_list("kind", "count")
    ):
        counted[kind] = counted.get(kind, 0) + count
    return counted


def _found(row: Finding, is_visible: bool) -> Found:
    return Found(
        kind=row.kind,
        count=row.count,
        since=row.since,
        found_at=row.found_at,
        repaired_at=row.repaired_at,
        gone_at=row.gone_at,
        reference=row.incident.reference if row.incident and is_visible else "",
        label=row.deadline.label if row.deadline and is_visible else {},
        faults=tuple(row.faults) if is_visible else (),
    )
