"""What a person chose."""

from __future__ import annotations

from typing import Any

from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Preference
from crisisdesk.notifications.models.preference import EVERY_KIND


def wants_email(user: Any, kind: str = EVERY_KIND) -> bool:
    """Whether this person gets mail that is not urgent; yes until they choose otherwise."""
    choices = dict(
        Preference.objects.filter(
            user_id=user.pk, transport=Transport.EMAIL, kind__in={kind, EVERY_KIND}
        ).values_list("kind", "enabled")
    )
    return choices.get(kind, choices.get(EVERY_KIND, True))
