"""What the record itself suggests for a post-mortem: who writes it starts from facts, not from an empty page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language, gettext

from crisisdesk.core.formats import span
from crisisdesk.core.words import word
from crisisdesk.incidents.enums import DeadlineState, PublicationState
from crisisdesk.incidents.models import ChecklistItem, Deadline, Incident, Postmortem, Publication

MOST = 5
CLOCKS = (
    "acknowledgement",
    "holding",
    "internal_note",
    "posts_paused",
    "fake_report",
    "complaint_reply",
    "update",
)


def suggestions(incident: Incident, *, at: datetime) -> dict[str, str]:
    """Return first words for summary, what went well and what went badly, in the reader's language.

    Lateness stands on roles, never on names.
    """
    language = (get_language() or "en")[:2]
    ended = Deadline.objects.filter(
        incident=incident, kind__in=CLOCKS, missed_before_opening=False
    ).exclude(state__in=(DeadlineState.CANCELLED, DeadlineState.RUNNING, DeadlineState.WAIVED))
    well, badly = [], []
    for row in ended.order_by("due_at"):
        label = row.label.get(language) or word("deadline", row.kind)
        if row.met_at and row.met_at <= row.due_at:
            early = span((row.met_at - row.started_at).total_seconds())
            well.append(
                gettext("%(what)s: after %(span)s, in time.") % {"what": label, "span": early}
            )
        elif row.met_at:
            late = span((row.met_at - row.due_at).total_seconds())
            badly.append(
                gettext("%(what)s: %(span)s late, with the role “%(role)s”.")
                % {"what": label, "span": late, "role": word("duty", row.role)}
            )
        else:
            badly.append(gettext("%(what)s: never done.") % {"what": label})
    return {
        "summary": _summary(incident),
        "went_well": "\n".join(well[:MOST]),
        "went_badly": "\n".join(badly[:MOST]),
    }


def _summary(incident: Incident) -> str:
    first = (
        Publication.objects.filter(incident=incident, state=PublicationState.PUBLISHED)
        .exclude(statement__audience="staff")
        .order_by("published_at")
        .first()
    )
    parts = [
        gettext("%(title)s. Opened as %(severity)s.")
        % {"title": incident.title, "severity": incident.severity.upper()}
    ]
    if first and first.published_at:
        length = span((first.published_at - incident.detected_at).total_seconds())
        parts.append(
            gettext("First public word after %(span)s, on %(channel)s.")
            % {"span": length, "channel": word("channel", first.channel)}
        )
    if incident.resolved_at:
        length = span((incident.resolved_at - incident.detected_at).total_seconds())
        parts.append(gettext("Resolved after %(span)s.") % {"span": length})
    return " ".join(parts)


def suggested_lessons(incident: Incident) -> list[str]:
    """Return the lessons that items of this incident rest on, those of late or skipped items first."""
    items = (
        ChecklistItem.objects.filter(incident=incident)
        .exclude(lesson="")
        .order_by("state", "position")
    )
    return list(dict.fromkeys(reversed([item.lesson for item in items])))


def review_of(incident: Incident) -> Postmortem | None:
    """Return the post-mortem as far as it is written."""
    return (
        Postmortem.objects.filter(incident=incident)
        .select_related("saved_by", "finalised_by")
        .first()
    )
