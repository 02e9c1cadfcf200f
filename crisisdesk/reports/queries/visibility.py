"""What you may not see does not exist (law 6): a report is seen by those who see its incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from crisisdesk.incidents.queries import visibility as incidents
from crisisdesk.reports.models import RenderedReport

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User


def visible_to(user: User) -> QuerySet[RenderedReport]:
    """Return the reports on incidents that the person may see, newest first, with what a list shows
    of each.
    """
    rows = RenderedReport.objects.filter(incident__in=incidents.visible_to(user))
    return rows.select_related("incident", "incident__brand", "file", "requested_by").order_by(
        "-requested_at", "-pk"
    )
