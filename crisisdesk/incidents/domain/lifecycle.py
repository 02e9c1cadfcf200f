"""Status, severity and title of an incident."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotReady, Stale
from crisisdesk.core.languages import fold, guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import deadlines, opening, replanning, timeline, transitions
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import (
    CancelReason,
    DeadlineKind,
    EventKind,
    PublicationState,
    Severity,
    Status,
)
from crisisdesk.incidents.models import Evidence, Incident, Publication
from crisisdesk.incidents.queries.visibility import visible_to
from crisisdesk.organisation.domain.actors import Actor

_STAMPS = {
    Status.ACTIVE: "activated_at",
    Status.CONTAINED: "contained_at",
    Status.RESOLVED: "resolved_at",
    Status.CLOSED: "closed_at",
}
_GRAVITY = {severity: place for place, severity in enumerate(Severity)}


@transaction.atomic
def change_status(
    *, incident_id: int, to: Status, actor: Actor, at: datetime, expected: str = "", note: str = ""
) -> Incident:
    """Move the incident along the table, end the deadlines whose life ends there, and record it.

    `expected` is the status the person saw. Raises Stale, Invalid("transition_not_allowed") or
    NotReady("not_ready", reasons) with everything that stands in the way.
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "change_status", incident)
    if expected and expected != incident.status:
        raise Stale("status_changed", current=incident, status=incident.status)
    if incident.status in (Status.CLOSED, Status.CANCELLED):
        raise Invalid("reopen_needs_reason", field="reason")
    if to == Status.CANCELLED:
        raise Invalid("cancel_needs_reason", field="reason")
    reasons = transitions.can_move_to(incident, to)
    if any(reason.code == "transition_not_allowed" for reason in reasons):
        raise Invalid("transition_not_allowed", field="to", **{"from": incident.status, "to": to})
    blocking = [reason.as_dict() for reason in reasons if reason.blocks]
    if blocking:
        raise NotReady("not_ready", reasons=blocking, to=to)
    _move(incident, to, actor=actor, at=at, note=note)
    return incident


def _move(incident: Incident, to: Status, *, actor: Actor, at: datetime, note: str = "") -> None:
    before = Status(incident.status)
    set_status(incident, to, at=at)
    met: list[dict[str, Any]] = []
    if before == Status.DECLARED:
        met = deadlines.meet(
            deadlines.running(incident, kinds=[DeadlineKind.ACTIVATION]), met_at=at
        )
    ended = deadlines.end_for_status(incident, to, at=at)
    if to == Status.RESOLVED:
        replanning.run_clocks(incident, "resolved", at=at)
    texts = {"note": timeline.Text(note.strip(), guess_language(note))} if note.strip() else {}
    told = timeline.Draft(
        EventKind.STATUS_CHANGED, data={"from": before, "to": to, "met": met, **ended}, texts=texts
    )
    drafts = [told, *replanning.after_status(incident, at=at)]
    timeline.record_many(incident, drafts, actor=actor, at=at)


def set_status(incident: Incident, to: Status, *, at: datetime) -> None:
    """Write the status with the moment it was first reached; the caller holds the lock and records it."""
    changed = {"status": to, "version": incident.version + 1}
    stamp = _STAMPS.get(to)
    if stamp and (stamp in ("resolved_at", "closed_at") or getattr(incident, stamp) is None):
        changed[stamp] = at
    Incident.objects.filter(pk=incident.pk).update(**changed)
    for name, value in changed.items():
        setattr(incident, name, value)


def activate_on_first_act(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Move declared to active: the first tick or publication shows that the team responds (issue, part 2)."""
    if incident.status == Status.DECLARED:
        _move(incident, Status.ACTIVE, actor=actor, at=at)


@transaction.atomic
def change_severity(
    *, incident_id: int, to: str, actor: Actor, at: datetime, expected: str = "", reason: str = ""
) -> Incident:
    """Set the severity in one press and re-plan running clocks, from and to in one event.

    A reason may be left out when raising. Raises Stale, Invalid("severity_unknown" | "reason_missing").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "change_severity", incident)
    require_open(incident)
    if to not in _GRAVITY:
        raise Invalid("severity_unknown", field="severity", value=to)
    if expected and expected != incident.severity:
        raise Stale("severity_changed", current=incident, severity=incident.severity)
    before = incident.severity
    if before == to:
        return incident
    if _GRAVITY[Severity(to)] > _GRAVITY[Severity(before)] and not reason.strip():
        raise Invalid("reason_missing", field="reason")
    incident.severity = to
    incident.version += 1
    Incident.objects.filter(pk=incident.pk).update(severity=to, version=incident.version)
    texts = (
        {"reason": timeline.Text(reason.strip(), guess_language(reason))} if reason.strip() else {}
    )
    told = timeline.Draft(EventKind.SEVERITY_CHANGED, data={"from": before, "to": to}, texts=texts)
    drafts = [told, *replanning.replan(incident, "severity", at=at)]
    timeline.record_many(incident, drafts, actor=actor, at=at)
    return incident


@transaction.atomic
def change_title(
    *, incident_id: int, title: str, version: int, actor: Actor, at: datetime
) -> Incident:
    """Give the incident another title. Raises Stale when somebody changed the incident's head first, title_missing."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "change_title", incident)
    require_open(incident)
    words = " ".join(title.split())[:200]
    if not words:
        raise Invalid("title_missing", field="title")
    if version != incident.version:
        raise Stale("stale", current=incident)
    before, before_language = incident.title, incident.title_language
    incident.title, incident.title_language, incident.version = (
        words,
        guess_language(words),
        version + 1,
    )
    incident.search_text = fold(" ".join([incident.reference, words, incident.brand.search_text]))
    incident.save(update_fields=["title", "title_language", "version", "search_text"])
    timeline.record(
        incident,
        EventKind.TITLE_CHANGED,
        actor=actor,
        at=at,
        texts={
            "before": timeline.Text(before, before_language),
            "title": timeline.Text(words, incident.title_language),
        },
    )
    return incident


@transaction.atomic
def cancel_incident(
    *,
    incident_id: int,
    reason: CancelReason,
    line: str,
    actor: Actor,
    at: datetime,
    same_matter_as: int | None = None,
) -> Incident:
    """End it as a false alarm or as the same matter as another; one line, no post-mortem.

    A duplicate's notes and evidence are linked to the other incident, so that nothing is lost. Raises
    Invalid("line_missing_cancel"), ("same_matter_missing" | "same_matter_itself"), transition_not_allowed.
    """
    # Two incidents are locked in id order, or two people merging both ways would wait for each other.
    for pk in sorted({incident_id, same_matter_as or incident_id}):
        locked = incident_for_update(pk, actor=actor)
        if pk == incident_id:
            incident = locked
        else:
            other = locked
    rules.require(actor, "cancel", incident)
    if Status.CANCELLED not in transitions.ALLOWED[Status(incident.status)]:
        raise Invalid(
            "transition_not_allowed",
            field="to",
            **{"from": incident.status, "to": Status.CANCELLED},
        )
    if not line.strip():
        raise Invalid("line_missing_cancel", field="line")
    if reason == CancelReason.SAME_MATTER:
        if same_matter_as is None:
            raise Invalid("same_matter_missing", field="same_matter_as")
        if same_matter_as == incident_id:
            raise Invalid("same_matter_itself", field="same_matter_as")
        _link_duplicate(incident, other, actor=actor, at=at)
        incident.same_matter_as = other
    incident.cancel_reason, incident.closing_line = reason, line.strip()
    incident.save(update_fields=["cancel_reason", "closing_line", "same_matter_as"])
    deadlines.end_for_status(incident, Status.CANCELLED, at=at)
    set_status(incident, Status.CANCELLED, at=at)
    timeline.record(
        incident,
        EventKind.CANCELLED,
        actor=actor,
        at=at,
        data={
            "reason": reason,
            "same_matter_as": incident.same_matter_as.reference
            if incident.same_matter_as
            else None,
            "published": published_words(incident),
        },
        texts={"line": timeline.Text(line.strip(), guess_language(line))},
    )
    return incident


def published_words(incident: Incident) -> int:
    """Return how many texts of this incident are already public: a false alarm that spoke needs a public word too."""
    return Publication.objects.filter(incident=incident, state=PublicationState.PUBLISHED).count()


def _link_duplicate(incident: Incident, other: Incident, *, actor: Actor, at: datetime) -> None:
    rules.require(actor, "work", other)
    files = Evidence.objects.filter(incident=incident)
    Evidence.objects.bulk_create(
        Evidence(
            incident=other,
            file_id=row.file_id,
            name=row.name,
            url=row.url,
            added_by_id=row.added_by_id,
            added_at=row.added_at,
            linked_from=row,
        )
        for row in files
    )
    timeline.record(
        other,
        EventKind.LINKED,
        actor=actor,
        at=at,
        data={
            "reference": incident.reference,
            "up_to": incident.last_number,
            "evidence": len(files),
        },
        texts={"title": timeline.Text(incident.title, incident.title_language)},
    )


@transaction.atomic
def reopen_incident(*, incident_id: int, reason: str, actor: Actor, at: datetime) -> Incident:
    """Let work go on after closing, cancelling or resolving; needs a reason. Raises Invalid("reason_missing")."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "reopen", incident)
    if incident.status not in (Status.CLOSED, Status.CANCELLED, Status.RESOLVED):
        raise Invalid("not_ended", status=incident.status)
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    before = incident.status
    set_status(incident, Status.ACTIVE, at=at)
    Incident.objects.filter(pk=incident.pk).update(
        cancel_reason="", same_matter_as=None, closed_at=None, resolved_at=None
    )
    told = timeline.Draft(
        EventKind.REOPENED,
        data={"from": before},
        texts={"reason": timeline.Text(reason.strip(), guess_language(reason))},
    )
    drafts = [told, *replanning.after_status(incident, at=at)]
    timeline.record_many(incident, drafts, actor=actor, at=at)
    return incident


@transaction.atomic
def set_closing_line(
    *, incident_id: int, line: str, version: int, actor: Actor, at: datetime
) -> Incident:
    """Keep the one line that a SEV4 incident closes with. Raises Stale, Invalid("line_missing")."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "write_postmortem", incident)
    if not line.strip():
        raise Invalid("line_missing", field="line", line="closing_line")
    if version != incident.version:
        raise Stale("stale", current=incident)
    incident.closing_line, incident.version = line.strip(), version + 1
    incident.save(update_fields=["closing_line", "version"])
    timeline.record(
        incident,
        EventKind.POSTMORTEM_SAVED,
        actor=actor,
        at=at,
        data={"fields": ["closing_line"]},
        texts={"closing_line": timeline.Text(line.strip(), guess_language(line))},
    )
    return incident


def recent_of_brand(actor: Actor, brand_id: int, *, at: datetime) -> list[Incident]:
    """Return this brand's incidents of the last 72 hours that the person may see: join before opening anyway."""
    if actor.user is None:
        return []
    rows = visible_to(actor.user).filter(brand=brand_id, opened_at__gte=at - opening.RECENT)
    return list(
        rows.exclude(status=Status.CANCELLED).select_related("lead").order_by("-opened_at")[:5]
    )
