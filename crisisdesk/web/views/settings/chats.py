"""How the chats are connected: what is set, and the addresses to paste over there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.views.decorators.http import require_safe

from crisisdesk.notifications.transports.asking import ByService
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.web.views.settings.frame import page, require_admin, settings_view

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.web.requests import PersonRequest


@settings_view
@require_safe
def chats(request: PersonRequest) -> HttpResponse:
    """Each service with the settings that are missing; no secret is ever shown, only whether it is there."""
    require_admin(request)
    services = [
        {"transport": transport, "missing": carrier.missing(), "needs": carrier.needs}
        for transport, carrier in CARRIERS.items()
        if isinstance(carrier, ByService)
    ]
    shown = {
        "services": services,
        "slack_signs": bool(settings.SLACK_SIGNING_SECRET),
        "mattermost_tokens": len(settings.MATTERMOST_COMMAND_TOKENS),
        "addresses": {
            name: settings.BASE_URL + reverse(f"chat:{name.replace('_', '-')}")
            for name in ("slack_command", "slack_press", "mattermost_command")
        },
    }
    return page(request, "chats", "settings-chats", shown)
