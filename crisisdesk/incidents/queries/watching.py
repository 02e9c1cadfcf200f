"""Who is on watch for an incident's brand, as its room may say it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crisisdesk.incidents.queries.visibility import may_see_many
from crisisdesk.organisation.queries.watch_ahead import WatchAhead, watch_ahead

if TYPE_CHECKING:
    from crisisdesk.incidents.models import Incident
    from crisisdesk.organisation.models import User


def watch_of(incident: Incident, user: User, *, at: datetime) -> WatchAhead | None:
    """Return who watches the incident's brand now and who comes next, or None where this is not to be said: it is over,
    the brand has no rota, or one of those named may not see it, so that no call reaches them; two queries, three for a
    restricted incident."""
    if not incident.is_open:
        return None
    found = watch_ahead(user, incident.brand_id, at=at)
    if found is None or not incident.is_restricted:
        return found
    named = {(person.pk, incident.pk) for person in (*found.people, *found.coming)}
    return found if named and may_see_many(named) == named else None
