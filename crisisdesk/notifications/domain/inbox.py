"""Reading the inbox; each person reads only their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from crisisdesk.core.errors import NotAllowed, NotVisible
from crisisdesk.notifications.enums import State
from crisisdesk.notifications.models import Notification
from crisisdesk.notifications.queries import inbox


class Reader(Protocol):
    """Whoever acts: an organisation Actor."""

    @property
    def id(self) -> Any: ...

    @property
    def user(self) -> Any: ...

    @property
    def may_write(self) -> bool: ...


def open_page(*, actor: Reader, before: int | None = None, limit: int = inbox.PAGE) -> inbox.Page:
    """Return a page of the actor's inbox; what they may no longer see is withheld from now on."""
    page = inbox.page(actor.user, before=before, limit=limit)
    if page.refused:
        Notification.objects.filter(pk__in=page.refused).update(state=State.WITHHELD)
    return page


def require_write(actor: Reader) -> None:
    """Return if the actor's way in may change anything at all, or raise
    NotAllowed("read_only_token").
    """
    if not actor.may_write:
        raise NotAllowed("read_only_token")


def mark_read(notification_id: int, *, actor: Reader, at: datetime) -> None:
    """The line is read; the first reading counts. Raises NotVisible for a line of somebody else,
    NotAllowed for a read token.
    """
    require_write(actor)
    row = inbox.mine(actor.user).filter(pk=notification_id)
    if not row.exists():
        raise NotVisible()
    row.filter(read_at__isnull=True).update(read_at=at)


def mark_all_read(*, actor: Reader, at: datetime, up_to: int | None = None) -> int:
    """Every line up to the newest one the actor saw is read; what came meanwhile stays unread.
    Returns how many.
    """
    require_write(actor)
    rows = inbox.mine(actor.user).filter(read_at__isnull=True)
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    return rows.update(read_at=at)
