"""What the record itself suggests for a post-mortem: who writes it starts from facts, not from an empty page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language, gettext

from crisisdesk.core.formats import span
from crisisdesk.core.words import word
from crisisdesk.incidents.enums import (
    DeadlineKind,
    DeadlineState,
    EventKind,
    ItemState,
)
from crisisdesk.incidents.models import (
    ActionItem,
    ChecklistItem,
    Deadline,
    Incident,
    Postmortem,
    Publication,
    TimelineEvent,
)

_OPENED = "_opened_as"
MOST = 5
CLOCKS = (
    DeadlineKind.ACKNOWLEDGEMENT,
    DeadlineKind.HOLDING,
    DeadlineKind.INTERNAL_NOTE,
    DeadlineKind.POSTS_PAUSED,
    DeadlineKind.FAKE_REPORT,
    DeadlineKind.COMPLAINT_REPLY,
    DeadlineKind.UPDATE,
    DeadlineKind.CORRECTION,
    DeadlineKind.COMMITMENT,
)
_JUDGED = (DeadlineState.RUNNING, DeadlineState.MET, DeadlineState.MISSED)
# What a lesson's items went through here, the most telling first.
HERE = ("late", "skipped", "done")


@dataclass(frozen=True)
class Action:
    """A prevention action, and by how many days of the brand's calendar it is overdue."""

    row: ActionItem
    days_late: int


def with_review(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Return these incidents with the post-mortem of each as far as it is written, and what it was opened as."""
    declared = TimelineEvent.objects.filter(incident=OuterRef("pk"), kind=EventKind.DECLARED)
    opened = Subquery(declared.order_by("number").values("data__severity")[:1])
    people = ("postmortem__saved_by", "postmortem__finalised_by")
    return incidents.select_related(*people).annotate(**{_OPENED: opened})


def review_of(incident: Incident) -> Postmortem | None:
    """Return the post-mortem as far as it is written; no query for an incident read `with_review`."""
    return getattr(incident, "postmortem", None)


def actions_of(incident: Incident, rows: Iterable[ActionItem], *, at: datetime) -> list[Action]:
    """Return these actions of the incident, what is open first, each with how late it is."""
    today = at.astimezone(ZoneInfo(incident.brand.zone)).date()
    found = [Action(row, 0 if row.done_at else max(0, (today - row.due_date).days)) for row in rows]
    return sorted(found, key=lambda action: action.row.done_at is not None)


def suggestions(
    incident: Incident,
    *,
    deadlines: Iterable[Deadline],
    public: Sequence[Publication],
    at: datetime,
) -> dict[str, str]:
    """Return first words for summary, what went well and what went badly, in the reader's language, from the
    incident's deadlines and public words in their order.

    Lateness stands on roles, never on names.
    """
    language = (get_language() or "en")[:2]
    well: list[str] = []
    badly: list[str] = []
    for row in deadlines:
        if row.kind not in CLOCKS or row.state not in _JUDGED or row.missed_before_opening:
            continue
        what = row.label.get(language) or word("deadline", row.kind)
        if row.met_at and row.met_at <= row.due_at:
            taken = span((row.met_at - row.started_at).total_seconds())
            well.append(
                gettext("%(what)s: after %(span)s, in time.") % {"what": what, "span": taken}
            )
        elif row.met_at or (row.state == DeadlineState.RUNNING and row.due_at <= at):
            late = span(((row.met_at or at) - row.due_at).total_seconds())
            badly.append(
                gettext("%(what)s: %(span)s late, with the role “%(role)s”.")
                % {"what": what, "span": late, "role": word("duty", row.role)}
            )
        elif row.state == DeadlineState.MISSED:
            badly.append(gettext("%(what)s: never done.") % {"what": what})
    return {
        "summary": _summary(incident, public[0] if public else None),
        "went_well": "\n".join(list(dict.fromkeys(well))[:MOST]),
        "went_badly": "\n".join(list(dict.fromkeys(badly))[:MOST]),
    }


def _summary(incident: Incident, first: Publication | None) -> str:
    severity = str(_opened_as(incident) or incident.severity).upper()
    parts = [
        gettext("%(title)s. Opened as %(severity)s.")
        % {"title": incident.title.rstrip(" ."), "severity": severity}
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


def _opened_as(incident: Incident) -> str | None:
    if _OPENED not in incident.__dict__:
        rows = with_review(Incident.objects.filter(pk=incident.pk))
        incident.__dict__[_OPENED] = rows.values_list(_OPENED, flat=True)[0]
    found: str | None = incident.__dict__[_OPENED]
    return found


def lessons_here(
    incident: Incident, *, deadlines: Iterable[Deadline], at: datetime
) -> dict[str, str]:
    """Return the lessons this incident tested, with how: late, skipped or done; one query besides its deadlines.

    The order is that of `HERE`: what went wrong first. An item still to do in time has tested nothing yet.
    """
    due: dict[int, Deadline] = {
        row.subject_id: row
        for row in sorted(deadlines, key=lambda row: row.pk)
        if row.subject_kind == "item" and row.state != DeadlineState.CANCELLED
    }
    tested: dict[str, str] = {}
    for item in ChecklistItem.objects.filter(incident=incident, is_hidden=False).exclude(lesson=""):
        how = _how(item, due.get(item.pk), at=at)
        known = tested.get(item.lesson)
        if how and (known is None or HERE.index(how) < HERE.index(known)):
            tested[item.lesson] = how
    return dict(sorted(tested.items(), key=lambda pair: HERE.index(pair[1])))


def _how(item: ChecklistItem, deadline: Deadline | None, *, at: datetime) -> str:
    if item.state == ItemState.SKIPPED:
        return "skipped"
    due_at = deadline.due_at if deadline else None
    if due_at and (item.done_at or at) > due_at:
        return "late"
    return "done" if item.state == ItemState.DONE or item.times_done else ""
