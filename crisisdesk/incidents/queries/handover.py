"""The page that the next person needs: what we said, what we promised, what is late, what waits for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crisisdesk.incidents.enums import PublicationState, RevisionState
from crisisdesk.incidents.models import (
    Commitment,
    Fact,
    Incident,
    Publication,
    Question,
    StatementRevision,
)
from crisisdesk.incidents.queries.desk import running_promises

MOST = 12


def page_of(incident: Incident, *, at: datetime) -> dict[str, Any]:
    """Return the page as plain data, so that it can be kept as it was when it was offered; seven queries."""
    promises = running_promises([incident])
    return {
        "made_at": at.isoformat(),
        "said": _said(incident),
        "promised": [
            {"text": row.text, "language": row.language, "due_at": row.due_at.isoformat()}
            for row in Commitment.objects.filter(incident=incident, kept_at=None).order_by(
                "due_at"
            )[:MOST]
        ],
        "late": [
            {
                "label": promise.deadline.label,
                "due_at": promise.deadline.due_at.isoformat(),
                "holders": [holder.full_name for holder in promise.holders],
            }
            for promise in promises
            if promise.deadline.due_at <= at
        ][:MOST],
        "next": [
            {
                "label": promise.deadline.label,
                "due_at": promise.deadline.due_at.isoformat(),
                "holders": [holder.full_name for holder in promise.holders],
            }
            for promise in promises
            if promise.deadline.due_at > at
        ][:MOST],
        "waiting": _waiting(incident),
        "asked": [
            {"text": row.text, "language": row.language, "times": row.times_asked}
            for row in Question.objects.filter(incident=incident, answered_at=None).order_by(
                "-times_asked"
            )[:MOST]
        ],
        "facts": [
            {"text": row.text, "language": row.language, "known": row.is_known}
            for row in Fact.objects.filter(incident=incident, is_withdrawn=False).order_by("pk")[
                :40
            ]
        ],
        "avoid": {
            language: incident.plan.get("avoid", {}).get(language, [])
            for language in incident.languages
        },
        "trap": incident.plan.get("trap", {}),
    }


def _said(incident: Incident) -> list[dict[str, Any]]:
    """The last public word in each language, with where and when it went out."""
    rows = (
        Publication.objects.filter(incident=incident, state=PublicationState.PUBLISHED)
        .exclude(statement__audience="staff")
        .select_related("revision", "statement")
        .order_by("-published_at")
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows[:60]:
        entry = found.setdefault(
            row.language,
            {
                "language": row.language,
                "text": row.revision.text,
                "stage": row.statement.stage,
                "at": row.published_at.isoformat() if row.published_at else "",
                "channels": [],
                "revision": row.revision_id,
            },
        )
        if entry["revision"] == row.revision_id and row.channel not in entry["channels"]:
            entry["channels"].append(row.channel)
    return list(found.values())


def _waiting(incident: Incident) -> list[dict[str, Any]]:
    """Words that wait for somebody's yes."""
    rows = (
        StatementRevision.objects.filter(
            statement__incident=incident, state=RevisionState.IN_REVIEW
        )
        .select_related("asked", "statement")
        .order_by("submitted_at")
    )
    return [
        {
            "stage": row.statement.stage,
            "language": row.language,
            "name": row.asked.full_name if row.asked else "",
            "since": row.submitted_at.isoformat() if row.submitted_at else "",
        }
        for row in rows
    ]
