"""Sending once more what was given up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.core.jobs import after_commit
from crisisdesk.notifications.domain.inbox import Reader, require_write
from crisisdesk.notifications.domain.outbox import WAKE_UP
from crisisdesk.notifications.enums import State
from crisisdesk.notifications.models import Notification
from crisisdesk.notifications.queries.given_up import given_up


@transaction.atomic
def send_again(notification_ids: Collection[int], *, actor: Reader, at: datetime) -> int:
    """These messages are tried from the start, under the same key; returns how many.

    The caller has asked whether the actor may. A message that somebody else sent again meanwhile is
    left as it is. Raises NotVisible where none was given up that the actor may see,
    Invalid("address_gone") where one was for an address that is switched off or removed.
    """
    require_write(actor)
    rows = list(
        given_up(actor.user)
        .filter(pk__in=notification_ids)
        .select_related("address")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    if not rows:
        raise NotVisible
    if any(row.address is not None and not row.address.is_usable for row in rows):
        raise Invalid("address_gone")
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.PENDING, attempts=0, next_attempt_at=at, held=""
    )
    after_commit(WAKE_UP)
    return len(rows)
