"""The row as it stands, for whoever was refused because somebody else changed it first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crisisdesk.api.shapes import (
    checklist,
    deadlines,
    incidents,
    plans,
    record,
    regulators,
    review,
    review_dates,
    rota,
    words,
)
from crisisdesk.core import clock
from crisisdesk.incidents.models import (
    ActionItem,
    AnnouncementPlan,
    ChecklistItem,
    Deadline,
    Fact,
    Incident,
    PlanPoint,
    PlanText,
    Postmortem,
    Question,
    RegulatorClock,
    ScreeningQuestion,
    StatementLanguage,
    StatementRevision,
)
from crisisdesk.incidents.queries.regulators import regulators_of
from crisisdesk.organisation.models import BrandCalendar, Rota
from playbooks.models import ReviewDate


def _words(row: StatementLanguage) -> Mapping[str, Any]:
    # The clock decides only which claims on a channel still hold.
    return words.words_of(row.statement.incident, row, at=clock.now())


def _regulator(row: RegulatorClock) -> Mapping[str, Any]:
    rows = regulators_of(row.incident)
    return regulators.regulators([each for each in rows if each.clock.pk == row.pk])[0]


def _calendar(row: BrandCalendar) -> Mapping[str, Any]:
    brand = row.brand
    return rota.calendar_days(row, week_start=brand.week_start, weekend=brand.weekend, days=[])


_SHAPES: dict[type, Callable[[Any], Mapping[str, Any]]] = {
    AnnouncementPlan: plans.head,
    PlanPoint: plans.point,
    PlanText: plans.text,
    Incident: incidents.head,
    ChecklistItem: lambda row: checklist.items(row.incident, [row])[0],
    Deadline: deadlines.standing,
    ScreeningQuestion: lambda row: checklist.screening([row])[0],
    Fact: lambda row: record.facts([row])[0],
    Question: lambda row: record.questions([row])[0],
    RegulatorClock: _regulator,
    StatementLanguage: _words,
    StatementRevision: lambda row: _words(
        StatementLanguage.objects.select_related("statement__incident").get(
            pk=row.statement_language_id
        )
    ),
    Postmortem: review.postmortem,
    ReviewDate: review_dates.review_date,
    Rota: rota.needed,
    BrandCalendar: _calendar,
    ActionItem: lambda row: review.actions([row])[0],
}


def current_of(row: Any) -> Mapping[str, Any] | None:
    """Return the row in the shape in which the API answers with it."""
    return None if row is None else _SHAPES[type(row)](row)
