"""A sign of life for the outside: when it stays away, somebody else raises the alarm."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings

from crisisdesk.core import outbound
from crisisdesk.notifications.queries import heartbeat

logger = logging.getLogger(__name__)


def tell(*, at: datetime) -> bool:
    """Ask the address in DEAD_MAN_URL if there is one and no hand is late; returns whether it answered well.

    Nothing here raises: an outside that is away must not stop the desk.
    """
    if not settings.DEAD_MAN_URL or heartbeat.late(at):
        return False
    try:
        answer = outbound.ask(settings.DEAD_MAN_URL)
    except (outbound.Refused, outbound.Unanswered) as error:
        logger.warning("The dead man's address was not told: %s", error)
        return False
    if not answer.is_good:
        logger.warning("The dead man's address answered %s", answer.status)
    return answer.is_good
