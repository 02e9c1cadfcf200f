"""The first step of every command: lock the incident, always it before anything else, so commands cannot deadlock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries.visibility import visible_to

if TYPE_CHECKING:
    from crisisdesk.organisation.domain.actors import Actor


def incident_for_update(key: int | str, *, actor: Actor) -> Incident:
    """Return the incident of this id or reference under its row lock, or raise NotVisible when the actor may not see
    it.

    Only the incident's own row is locked (`of=self`), so brands and people stay free.
    """
    rows = Incident.objects.all() if actor.user is None else visible_to(actor.user)
    named = {"pk": key} if isinstance(key, int) else {"reference": key}
    incident = rows.select_for_update(of=("self",)).filter(**named).first()
    if incident is None:
        raise NotVisible
    return incident


def require_open(incident: Incident) -> None:
    """Return if work goes on, or raise Invalid("incident_ended")."""
    if not incident.is_open:
        raise Invalid("incident_ended", status=incident.status)
