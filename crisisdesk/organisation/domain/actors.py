"""Who acts, and through which door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisisdesk.organisation.enums import Source, TokenScope

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User


@dataclass(frozen=True)
class Actor:
    """A person, or the desk itself where `user` is None, with the edge they came through and what
    it lets them do."""

    user: User | None
    source: str = Source.WEB
    scope: str = TokenScope.WRITE

    @property
    def id(self) -> int | None:
        """The person's id; None for the desk itself."""
        return None if self.user is None else self.user.pk

    @property
    def is_system(self) -> bool:
        """Whether the desk itself acts: a sweep or a management command."""
        return self.user is None

    @property
    def may_write(self) -> bool:
        """Whether this way in may change anything: not with a read token, not for a deactivated
        person."""
        return self.scope == TokenScope.WRITE and (self.user is None or self.user.is_active)


SYSTEM = Actor(user=None, source=Source.TASK)
