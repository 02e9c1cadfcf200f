"""The only ways from one status to another, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crisisdesk.incidents.enums import (
    DeadlineState,
    ItemState,
    Phase,
    PublicationState,
    RevisionState,
    Severity,
    Stage,
    Status,
)
from crisisdesk.incidents.models import (
    ActionItem,
    Deadline,
    Incident,
    Postmortem,
    Publication,
    RegulatorClock,
    StatementRevision,
)
from crisisdesk.incidents.queries.checklist import counted

ALLOWED: dict[Status, tuple[Status, ...]] = {
    Status.DECLARED: (Status.ACTIVE, Status.CANCELLED),
    Status.ACTIVE: (Status.CONTAINED, Status.RESOLVED, Status.CANCELLED),
    Status.CONTAINED: (Status.ACTIVE, Status.RESOLVED, Status.CANCELLED),
    Status.RESOLVED: (Status.ACTIVE, Status.CLOSED),
    Status.CLOSED: (Status.ACTIVE,),
    Status.CANCELLED: (Status.ACTIVE,),
}
NEXT: dict[Status, Status | None] = {
    Status.DECLARED: Status.ACTIVE,
    Status.ACTIVE: Status.CONTAINED,
    Status.CONTAINED: Status.RESOLVED,
    Status.RESOLVED: Status.CLOSED,
    Status.CLOSED: None,
    Status.CANCELLED: None,
}
ORDER = {status: place for place, status in enumerate(NEXT)}


@dataclass(frozen=True)
class Reason:
    """One thing that stands in the way (`blocks`) or that the lead should know before pressing."""

    code: str
    blocks: bool = True
    params: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the shape that pages and API show."""
        return {"code": self.code, "blocks": self.blocks, "params": self.params}


def can_move_to(incident: Incident, to: Status) -> list[Reason]:
    """Return what stands in the way of this move, to be shown before the button is pressed; empty means free."""
    if to not in ALLOWED[Status(incident.status)]:
        return [Reason("transition_not_allowed", params={"from": incident.status, "to": to})]
    if to == Status.CONTAINED:
        return _before_contained(incident)
    if to == Status.RESOLVED:
        return _before_resolved(incident)
    if to == Status.CLOSED:
        return _before_closed(incident)
    return []


def _before_contained(incident: Incident) -> list[Reason]:
    reasons = []
    todo = (
        counted(incident)
        .filter(phase=Phase.FIRST_15_MINUTES, required=True, state=ItemState.TODO)
        .count()
    )
    if todo:
        reasons.append(Reason("first_items_open", blocks=False, params={"count": todo}))
    if not Publication.objects.filter(incident=incident, state=PublicationState.PUBLISHED).exists():
        reasons.append(Reason("nothing_published", blocks=False))
    return reasons


def _before_resolved(incident: Incident) -> list[Reason]:
    reasons = []
    waiting = StatementRevision.objects.filter(
        statement__incident=incident, state=RevisionState.IN_REVIEW
    ).count()
    if waiting:
        reasons.append(Reason("words_in_review", params={"count": waiting}))
    if incident.severity in (Severity.SEV1, Severity.SEV2):
        said = Publication.objects.filter(
            incident=incident, state=PublicationState.PUBLISHED, statement__stage=Stage.RESOLUTION
        ).exists()
        if not said:
            reasons.append(Reason("resolution_not_said", blocks=False))
    late = Deadline.objects.filter(
        incident=incident, state=DeadlineState.RUNNING, kind="closing_line"
    ).count()
    if late:
        reasons.append(Reason("closing_lines_open", blocks=False, params={"count": late}))
    return reasons


def _unsent_notices(incident: Incident) -> list[Reason]:
    """A duty to tell an authority outlives the response; the lead sees it before closing (domain.md 4A)."""
    count = RegulatorClock.objects.filter(incident=incident, applies=True, notices=None).count()
    return [Reason("notices_unsent", blocks=False, params={"count": count})] if count else []


def _before_closed(incident: Incident) -> list[Reason]:
    """To close: SEV1–2 a final post-mortem and a prevention action; SEV3 three lines; SEV4 one line (issue, part 7)."""
    review = Postmortem.objects.filter(incident=incident).first()
    reasons = _unsent_notices(incident)
    if incident.severity in (Severity.SEV1, Severity.SEV2):
        if review is None or not review.is_final:
            reasons.append(Reason("postmortem_not_final"))
        if not ActionItem.objects.filter(incident=incident, is_prevention=True).exists():
            reasons.append(Reason("prevention_missing"))
    elif incident.severity == Severity.SEV3:
        for name in ("summary", "cause", "changes"):
            said = review is not None and bool(getattr(review, name).strip())
            if name == "cause" and review is not None and not review.cause_known:
                said = True  # "not known" is an answer
            if not said:
                reasons.append(Reason("line_missing", params={"line": name}))
    elif not incident.closing_line.strip():
        reasons.append(Reason("closing_line_missing"))
    return reasons
