"""Who may change what in the organisation.

The same table decides in commands and hides buttons on pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from crisisdesk.core.errors import NotAllowed, NotVisible
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import brand_roles, roles_anywhere

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User

_ADMIN = frozenset({Role.ADMIN})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "organisation.create_brand": _ADMIN,
    "organisation.change_brand": _ADMIN,
    "organisation.set_approvers": _ADMIN,
    "organisation.invite": _ADMIN,
    "organisation.set_membership": _ADMIN,
    "organisation.deactivate": _ADMIN,
    "organisation.anonymise": _ADMIN,
    "organisation.save_account": _ADMIN,
    "organisation.test_access": frozenset({Role.ADMIN, Role.LEAD, Role.STAFF}),
    "organisation.read_mail": _ADMIN,
    "organisation.send_again": frozenset({Role.ADMIN, Role.LEAD}),
    "organisation.change_calendar": _ADMIN,
    "organisation.change_rota": frozenset({Role.ADMIN, Role.LEAD}),
    "organisation.swap_watch": frozenset(Role),
}


class Acting(Protocol):
    """What this table needs to know of whoever acts; `domain.actors.Actor` is one."""

    @property
    def user(self) -> User | None: ...

    @property
    def may_write(self) -> bool: ...


def allows(user: User | None, permission: str, brand_id: int | None) -> bool:
    """Whether the table gives the person this permission, for the brand or (None) for at least one
    brand.

    No person is the desk itself: its own commands and sweeps.
    """
    if user is None:
        return True
    held = roles_anywhere(user) if brand_id is None else brand_roles(user, brand_id)
    return bool(held & PERMISSIONS[permission])


def require(actor: Acting, permission: str, brand_id: int | None) -> None:
    """Return if the actor may do this, or raise.

    Raises NotVisible where the person has no role on the brand, NotAllowed("read_only_token") and
    NotAllowed("not_allowed") otherwise.
    """
    if actor.user is not None and brand_id is not None and not brand_roles(actor.user, brand_id):
        raise NotVisible
    require_write(actor)
    if not allows(actor.user, permission, brand_id):
        raise NotAllowed("not_allowed", permission=permission)


def require_write(actor: Acting) -> None:
    """Return if the actor's way in may change anything at all, or raise
    NotAllowed("read_only_token")."""
    if not actor.may_write:
        raise NotAllowed("read_only_token")
