"""When the watch of a brand passes to others while an incident is open, both hear of it, once (law 4).

The change itself is a row of the timeline: that it stands there is what keeps a second sweep silent.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.domain.audience import NAMED, ON_WATCH
from crisisdesk.incidents.enums import OPEN_STATUSES, EventKind
from crisisdesk.incidents.models import Incident, TimelineEvent
from crisisdesk.incidents.queries.visibility import may_see_many
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.models import Brand
from crisisdesk.organisation.queries.rota import people_by_id, rotas_of

if TYPE_CHECKING:
    from crisisdesk.core.watch import Change

logger = logging.getLogger(__name__)

# What nobody swept for longer than this is over: whoever watches now has long seen the room.
LOOKED_BACK = timedelta(hours=12)


def tell_changes(*, at: datetime) -> int:
    """Write the last change of watch into every open incident that was there before it, tell those who go and those
    who come, and return how many were written here. Safe in any number of workers at once."""
    open_rows = Incident.objects.filter(status__in=OPEN_STATUSES, is_drill=False)
    brands = Brand.objects.filter(pk__in=open_rows.values("brand_id"))
    since = at - LOOKED_BACK
    last: dict[int, Change] = {}
    for brand_id, rota in rotas_of(brands, start=since, end=at).items():
        found = list(rota.changes(since, at))
        if found:
            last[brand_id] = found[-1]
    wanted = open_rows.filter(brand_id__in=last).order_by("pk").values_list("pk", "brand_id")
    return sum(_tell_safely(pk, last[brand_id], at=at) for pk, brand_id in wanted)


def _tell_safely(incident_id: int, change: Change, *, at: datetime) -> int:
    try:
        return _tell(incident_id, change, at=at)
    except Exception:
        # One incident must not silence the others; the next sweep tries it again.
        logger.exception("change of watch in incident %s failed", incident_id)
        return 0


@transaction.atomic
def _tell(incident_id: int, change: Change, *, at: datetime) -> int:
    incident = (
        Incident.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=incident_id, status__in=OPEN_STATUSES, opened_at__lt=change.at)
        .first()
    )
    if incident is None:  # opened later, ended, or somebody works on it: the next sweep finds it
        return 0
    said = TimelineEvent.objects.filter(
        incident=incident, kind=EventKind.WATCH_CHANGED, occurred_at=change.at
    )
    if said.exists():
        return 0
    people = people_by_id(change.going | change.coming)
    seeing = {user for user, _incident in may_see_many([(pk, incident.pk) for pk in people])}
    # A restricted room is handed over only between two who both know of it; naming one would open a door.
    if incident.is_restricted and seeing != set(people):
        return 0
    names = {
        side: [people[pk].names() for pk in sorted(ids) if pk in people]
        for side, ids in (("from", change.going), ("to", change.coming))
    }
    coming = change.coming & seeing
    told = timeline.Draft(
        EventKind.WATCH_CHANGED,
        data={"from": names["from"], "to": names["to"]},
        occurred_at=change.at,
        tell=dict.fromkeys(sorted(seeing), NAMED) | dict.fromkeys(coming, ON_WATCH),
        called=coming,  # for those who go, it can wait
    )
    timeline.record_many(incident, [told], actor=SYSTEM, at=at)
    return 1
