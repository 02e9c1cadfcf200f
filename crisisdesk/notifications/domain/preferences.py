"""What a person wants by mail."""

from __future__ import annotations

from crisisdesk.notifications.domain.inbox import Reader, require_write
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Preference
from crisisdesk.notifications.models.preference import EVERY_KIND


def choose_email(enabled: bool, *, actor: Reader, kind: str = EVERY_KIND) -> None:
    """The actor gets mail for this kind of news, or none; urgent news is mailed all the same."""
    require_write(actor)
    Preference.objects.update_or_create(
        user_id=actor.id, kind=kind, transport=Transport.EMAIL, defaults={"enabled": enabled}
    )
