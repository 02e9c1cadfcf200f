"""The only ways from one status to another, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crisisdesk.incidents.enums import Severity, Status
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries.standing import Standing, standing_of

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
        return _before_contained(standing_of(incident))
    if to == Status.RESOLVED:
        return _before_resolved(incident, standing_of(incident))
    if to == Status.CLOSED:
        return _before_closed(incident, standing_of(incident))
    return []


def _before_contained(stands: Standing) -> list[Reason]:
    reasons = []
    if stands.first_items:
        params = {"count": stands.first_items}
        reasons.append(Reason("first_items_open", blocks=False, params=params))
    if not stands.is_published:
        reasons.append(Reason("nothing_published", blocks=False))
    return reasons


def _before_resolved(incident: Incident, stands: Standing) -> list[Reason]:
    reasons = []
    if stands.in_review:
        reasons.append(Reason("words_in_review", params={"count": stands.in_review}))
    is_grave = incident.severity in (Severity.SEV1, Severity.SEV2)
    if is_grave and not stands.is_resolution_said:
        reasons.append(Reason("resolution_not_said", blocks=False))
    if stands.closing_lines:
        params = {"count": stands.closing_lines}
        reasons.append(Reason("closing_lines_open", blocks=False, params=params))
    return reasons


def _before_closed(incident: Incident, stands: Standing) -> list[Reason]:
    """To close: SEV1–2 a final post-mortem and a prevention action; SEV3 three lines; SEV4 one line (issue, part 7).

    A duty to tell an authority outlives the response; the lead sees it before closing (domain.md 4A).
    """
    reasons = []
    if stands.notices:
        reasons.append(Reason("notices_unsent", blocks=False, params={"count": stands.notices}))
    review = stands.review or {}
    if incident.severity in (Severity.SEV1, Severity.SEV2):
        if not review.get("is_final"):
            reasons.append(Reason("postmortem_not_final"))
        if not stands.has_prevention:
            reasons.append(Reason("prevention_missing"))
    elif incident.severity == Severity.SEV3:
        for name in ("summary", "cause", "changes"):
            said = bool(review.get(name, "").strip())
            if name == "cause" and review and not review["cause_known"]:
                said = True  # "not known" is an answer
            if not said:
                reasons.append(Reason("line_missing", params={"line": name}))
    elif not incident.closing_line.strip():
        reasons.append(Reason("closing_line_missing"))
    return reasons
