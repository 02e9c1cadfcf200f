"""What could not be delivered, for those who look after the desk."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from crisisdesk.core.errors import NotVisible
from crisisdesk.notifications.domain import resending
from crisisdesk.notifications.queries import given_up
from crisisdesk.organisation.rules import allows

if TYPE_CHECKING:
    from crisisdesk.organisation.domain.actors import Actor
    from crisisdesk.organisation.models import User

_PERMISSION = "organisation.send_again"


def list_given_up(
    user: User, *, before: int | None = None, limit: int = given_up.PAGE
) -> given_up.Page:
    """Return what was given up, to administrators and PR leads; each sees only what tells of what they
    may see. Raises NotVisible for all others.
    """
    if not allows(user, _PERMISSION, None):
        raise NotVisible
    return given_up.page(user, before=before, limit=limit)


def send_again(notification_ids: Collection[int], *, actor: Actor, at: datetime) -> int:
    """These messages go out once more, tried from the start; returns how many.

    Raises NotVisible for who looks after no brand and for what they may not see,
    NotAllowed("read_only_token"), Invalid("address_gone").
    """
    if not allows(actor.user, _PERMISSION, None):
        raise NotVisible
    return resending.send_again(notification_ids, actor=actor, at=at)
