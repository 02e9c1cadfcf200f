"""Incidents in a list: filtered, newest first, in pages that cost the same however many exist."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from crisisdesk.core.errors import Invalid
from crisisdesk.incidents.enums import ENDED_STATUSES, OPEN_STATUSES, DeadlineState
from crisisdesk.incidents.models import Deadline, Incident, RoleAssignment
from crisisdesk.incidents.queries.visibility import visible_to
from crisisdesk.organisation.models import NAMED, User
from crisisdesk.organisation.queries.search import matching

if TYPE_CHECKING:
    from collections.abc import Collection

PAGE = 50
MOST = 200
_HEAD = (
    "id", "reference", "title", "title_language", "severity", "status", "is_drill",
    "is_restricted", "self_disclosed", "brand_id", "brand__key", "brand__name", "brand__names",
    "lead_id", "opened_at", "detected_at", "last_event_at", "last_number", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What to show; what is left empty does not narrow the list. `is_open`: work goes on."""

    statuses: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    brand_id: int | None = None
    is_open: bool | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """The running deadline due first, or late longest; without an owner nobody has it."""

    kind: str
    label: Mapping[str, str]
    started_at: datetime
    due_at: datetime
    role: str
    owner_id: int | None
    owner_name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One incident as lists show it; names are in the reader's language."""

    id: int
    reference: str
    title: str
    title_language: str
    severity: str
    status: str
    is_drill: bool
    is_restricted: bool
    self_disclosed: bool
    brand_id: int
    brand_key: str
    brand_name: str
    lead_id: int | None
    lead_name: str
    opened_at: datetime
    detected_at: datetime
    last_event_at: datetime | None
    last_number: int
    version: int
    at_risk: AtRisk | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, newest first; `next_cursor` is what to ask for next, empty at the end."""

    rows: list[Row]
    next_cursor: str


def page(user: User, filters: ListFilters, cursor: str = "", limit: int = PAGE) -> Page:
    """Return the next incidents that the person may see, in three queries whatever their number.

    Raises Invalid("cursor_wrong") for a cursor that this list did not give.
    """
    limit = max(1, min(limit, MOST))
    rows = filtered(visible_to(user), filters)
    if cursor:
        opened_at, pk = read_cursor(cursor)
        # The first half is what the index walks along; the second decides between equal moments.
        later = Q(opened_at__lt=opened_at) | Q(pk__lt=pk)
        rows = rows.filter(Q(opened_at__lte=opened_at) & later)
    found = list(rows.order_by("-opened_at", "-pk").values(*_HEAD)[: limit + 1])
    shown = found[:limit]
    more = len(found) > limit
    return Page(_rows(shown), write_cursor(shown[-1]["opened_at"], shown[-1]["id"]) if more else "")


def rows_of(incident_ids: Collection[int]) -> list[Row]:
    """Return these incidents as rows, newest first; the caller has asked who may see them."""
    found = Incident.objects.filter(pk__in=incident_ids).order_by("-opened_at", "-pk")
    return _rows(list(found.values(*_HEAD)))


def filtered(rows: QuerySet[Incident], filters: ListFilters) -> QuerySet[Incident]:
    """Return those of the incidents that the filters ask for."""
    if filters.statuses:
        rows = rows.filter(status__in=filters.statuses)
    if filters.severities:
        rows = rows.filter(severity__in=filters.severities)
    if filters.brand_id is not None:
        rows = rows.filter(brand_id=filters.brand_id)
    if filters.is_open is not None:
        rows = rows.filter(status__in=OPEN_STATUSES if filters.is_open else ENDED_STATUSES)
    if filters.words.strip():
        rows = rows.filter(matching(filters.words))
    return rows


def write_cursor(moment: datetime, pk: int) -> str:
    """Return the place after which the next page starts, safe in an address."""
    return base64.urlsafe_b64encode(f"{moment.isoformat()}|{pk}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """Return the place that a cursor names, or raise Invalid("cursor_wrong")."""
    try:
        moment, pk = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("|")
        place = datetime.fromisoformat(moment), int(pk)
    except (ValueError, binascii.Error):
        raise Invalid("cursor_wrong", field="cursor") from None
    if place[0].tzinfo is None or place[1] >= 2**63:
        raise Invalid("cursor_wrong", field="cursor")
    return place


def _rows(found: Sequence[dict[str, Any]]) -> list[Row]:
    risks = _at_risk([row["id"] for row in found])
    holders = [risk["holder"] for risk in risks.values()]
    people = names_of([row["lead_id"] for row in found] + holders)
    language = get_language() or "en"
    rows = []
    for row in found:
        brand_names = row.pop("brand__names")
        rows.append(
            Row(
                brand_key=row.pop("brand__key"),
                brand_name=brand_names.get(language) or row.pop("brand__name"),
                lead_name=people.get(row["lead_id"], ""),
                at_risk=_risk(risks.get(row["id"]), people),
                **{name: row[name] for name in _HEAD if not name.startswith("brand__")},
            )
        )
    return rows


def _risk(found: dict[str, Any] | None, people: Mapping[int, str]) -> AtRisk | None:
    if found is None:
        return None
    return AtRisk(
        kind=found["kind"],
        label=found["label"],
        started_at=found["started_at"],
        due_at=found["due_at"],
        role=found["role"],
        owner_id=found["holder"],
        owner_name=people.get(found["holder"], ""),
    )


def _at_risk(incident_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the running deadline of each incident that is due first, with whoever has it."""
    first = (
        Deadline.objects.filter(incident__in=incident_ids, state=DeadlineState.RUNNING)
        .order_by("incident_id", "due_at", "pk")
        .distinct("incident_id")
    )
    rows = Deadline.objects.filter(pk__in=first.values("pk")).annotate(holder=holder_of_deadline())
    fields = ("incident_id", "kind", "label", "started_at", "due_at", "role", "holder")
    return {row["incident_id"]: row for row in rows.values(*fields)}


def holder_of_deadline() -> Coalesce:
    """Return the expression for whoever has a deadline: its owner, or the holder of its role."""
    holders = RoleAssignment.objects.filter(
        incident=OuterRef("incident"), role=OuterRef("role"), to_at=None
    )
    first = Subquery(holders.order_by("from_at", "pk").values("user_id")[:1])
    return Coalesce(F("owner_id"), first, output_field=BigIntegerField())


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return how the reader's language writes these people's names, in one query."""
    language = get_language() or "en"
    wanted = {pk for pk in user_ids if pk is not None}
    if not wanted:
        return {}
    people = User.objects.filter(pk__in=wanted).only("pk", *NAMED)
    return {person.pk: person.name_in(language) for person in people.order_by()}
