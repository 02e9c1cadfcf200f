"""Who may do what on the shelf; docs/who-may-what.md is the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.core.errors import NotAllowed
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import brand_roles
from crisisdesk.organisation.rules import require_write

if TYPE_CHECKING:
    from crisisdesk.organisation.domain.actors import Actor
    from crisisdesk.organisation.models import BrandLanguage, User


def may_load_shelf(actor: Actor) -> bool:
    """Only the desk itself loads the files: a management command, never a page."""
    return actor.is_system and actor.may_write


def may_write(actor: Actor, brand_id: int | None) -> bool:
    """Whether the person writes this brand's playbooks: its PR leads do; shared ones come from the files alone."""
    if actor.user is None or brand_id is None:
        return False
    return actor.may_write and Role.LEAD in brand_roles(actor.user, brand_id)


def require_writer(actor: Actor, brand_id: int | None) -> User:
    """Return who writes, or raise NotAllowed("read_only_token" | "shared_playbook" | "not_allowed")."""
    require_write(actor)
    if actor.user is None or not may_write(actor, brand_id):
        raise NotAllowed("shared_playbook" if brand_id is None else "not_allowed")
    return actor.user


def is_signatory(actor: Actor, names: BrandLanguage | None) -> bool:
    """Whether the person is the brand's approver or deputy for the language, and still holds such a
    role.
    """
    if actor.user is None or names is None:
        return False
    if actor.id not in (names.approver_id, names.deputy_id):
        return False
    return bool(brand_roles(actor.user, names.brand_id) & {Role.APPROVER, Role.LEAD})


def reads(actor: Actor, language: str) -> bool:
    """Whether the person reads the language; nobody signs words they cannot read."""
    return actor.user is not None and language in actor.user.reads
