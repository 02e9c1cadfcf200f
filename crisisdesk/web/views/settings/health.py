"""Is the desk well: which hands move, what waits, what the auditor found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.queries import findings
from crisisdesk.notifications.queries import heartbeat, outbox
from crisisdesk.web.views.settings.frame import may_see_health, page, settings_view

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.web.requests import PersonRequest


@settings_view
@require_safe
def health(request: PersonRequest) -> HttpResponse:
    """One look: the hands, the worker processes, the outbox, the findings of a week."""
    if not may_see_health(request.user):
        raise NotVisible
    at = clock.now()
    shown = {
        "hands": heartbeat.hands(at),
        "workers": heartbeat.workers(at),
        "outbox": outbox.figures(at),
        "findings": findings.recent(request.user, at),
    }
    return page(request, "health", "settings-health", shown)
