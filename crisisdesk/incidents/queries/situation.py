"""What the conditions of a plan are read against, and what makes a part of it needed or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crisisdesk.incidents.models import ChecklistItem, Incident, ScreeningQuestion, Statement
from playbooks.domain.conditions import Ground, Situation, When, reasons


def questions_of(incident: Incident) -> list[ScreeningQuestion]:
    """Return the questions that shape this incident's plan, in their order, with who answered; a plan that asks
    nothing costs no query."""
    if not incident.plan.get("asks"):
        return []
    return list(
        ScreeningQuestion.objects.filter(incident=incident)
        .select_related("answered_by")
        .order_by("position", "pk")
    )


def situation_of(incident: Incident, questions: Iterable[ScreeningQuestion]) -> Situation:
    """Return what conditions read, from the incident as it stands and the answers given."""
    rows = list(questions)
    return Situation(
        severity=incident.severity,
        status=incident.status,
        channels=tuple(incident.channels),
        languages=tuple(incident.languages),
        answers={row.key: row.answer for row in rows},
        unknown={row.key: row.unknown for row in rows},
    )


def why(
    row: ChecklistItem | Statement | Mapping[str, Any], situation: Situation
) -> tuple[Ground, ...]:
    """Return every part of the row's condition with whether it holds; an item's channel is one of them."""
    found = reasons(When.read(_data(row)), situation)
    if isinstance(row, ChecklistItem) and row.channel:
        found += reasons(When(channels=(row.channel,)), situation)
    return found


def needed(row: ChecklistItem | Statement | Mapping[str, Any], situation: Situation) -> bool:
    """Whether this part of the plan is needed as things stand."""
    return all(reason.holds for reason in why(row, situation))


def _data(row: ChecklistItem | Statement | Mapping[str, Any]) -> Mapping[str, Any]:
    return (row.get("when") if isinstance(row, Mapping) else row.when) or {}
