"""The page that the next person needs: what we said, what we promised, what is late, what waits for whom."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents.enums import IncidentRole, PublicationState, RevisionState
from crisisdesk.incidents.models import (
    Commitment,
    Fact,
    Incident,
    Publication,
    Question,
    StatementRevision,
)
from crisisdesk.incidents.queries import duty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.incidents.queries.desk import Promise
    from crisisdesk.incidents.queries.head import Head
    from crisisdesk.organisation.models import User

MOST = 12
MOST_FACTS = 40


def page_of(incident: Incident, promises: Iterable[Promise], *, at: datetime) -> dict[str, Any]:
    """Return the page as plain data, so that it is kept as it was when it was offered; five queries
    besides the clocks that run.

    `number` is the timeline's end at that moment: what has happened since can be counted.
    """
    late = [promise for promise in promises if promise.deadline.due_at <= at]
    coming = [promise for promise in promises if promise.deadline.due_at > at]
    return {
        "made_at": at.isoformat(),
        "number": incident.last_number,
        "said": _said(incident),
        "promised": _promised(incident),
        "late": [_promise(promise) for promise in late[:MOST]],
        "late_count": len(late),
        "next": [_promise(promise) for promise in coming[:MOST]],
        "next_count": len(coming),
        "waiting": _waiting(incident),
        "asked": _asked(incident),
        "facts": [
            {"text": row.text, "language": row.language, "known": row.is_known}
            for row in _facts(incident)
        ],
        "avoid": {
            language: incident.plan.get("avoid", {}).get(language, [])
            for language in incident.languages
        },
        "trap": incident.plan.get("trap", {}),
    }


def roles_to_give(incident: Incident, head: Head, user: User, *, any_role: bool) -> list[str]:
    """Return the roles this person may hand over: their own, or, for a lead, all that somebody holds.

    A role that is already being handed over is left out: it waits for its receiver.
    """
    found = {role for role, holder in duty.holder_ids(incident) if any_role or holder == user.pk}
    found -= {offer.role for offer in head.handovers}
    return [role for role in IncidentRole.values if role in found]


def _names(person: User | None) -> dict[str, str]:
    """The name in every script, because the page may be read in another language than it was made in."""
    return {language: person.name_in(language) for language in LANGUAGES} if person else {}


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "label": promise.deadline.label,
        "due_at": promise.deadline.due_at.isoformat(),
        "holders": [_names(holder) for holder in promise.holders],
    }


def _promised(incident: Incident) -> list[dict[str, Any]]:
    rows = Commitment.objects.filter(incident=incident, kept_at=None).order_by("due_at", "pk")
    return [
        {
            "text": row.text,
            "language": row.language,
            "due_at": row.due_at.isoformat(),
            "is_next_update": row.is_next_update,
        }
        for row in rows[:MOST]
    ]


def _said(incident: Incident) -> list[dict[str, Any]]:
    """The last public word in each language, with where and when it went out."""
    rows = (
        Publication.objects.filter(incident=incident, state=PublicationState.PUBLISHED)
        .exclude(statement__audience="staff")
        .select_related("revision", "statement")
        .order_by("-published_at", "-pk")
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
                "places": [],
                "revision": row.revision_id,
            },
        )
        if entry["revision"] == row.revision_id:
            entry["places"].append({"channel": row.channel, "url": row.url})
    return list(found.values())


def _waiting(incident: Incident) -> list[dict[str, Any]]:
    """Words that wait for somebody's yes."""
    rows = (
        StatementRevision.objects.filter(
            statement__incident=incident, state=RevisionState.IN_REVIEW
        )
        .select_related("asked", "deputy", "statement")
        .order_by("submitted_at", "pk")
    )
    return [
        {
            "stage": row.statement.stage,
            "language": row.language,
            "who": _names(row.deputy if row.deputy_asked_at else row.asked),
            "since": row.submitted_at.isoformat() if row.submitted_at else "",
        }
        for row in rows[:MOST]
    ]


def _asked(incident: Incident) -> list[dict[str, Any]]:
    """Questions that nobody has answered, those asked most first."""
    rows = Question.objects.filter(incident=incident, answered_at=None, times_asked__gt=0)
    return [
        {
            "text": row.text,
            "language": row.language,
            "asker": row.asker,
            "times": row.times_asked,
            "since": row.asked_at.isoformat(),
        }
        for row in rows.order_by("-times_asked", "pk")[:MOST]
    ]


def _facts(incident: Incident) -> list[Fact]:
    rows = Fact.objects.filter(incident=incident, is_withdrawn=False)
    return list(rows.order_by("-is_known", "pk")[:MOST_FACTS])
