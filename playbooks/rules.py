"""Who may do what on the shelf; docs/who-may-what.md is the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import brand_roles

if TYPE_CHECKING:
    from crisisdesk.organisation.domain.actors import Actor
    from crisisdesk.organisation.models import BrandLanguage


def may_load_shelf(actor: Actor) -> bool:
    """Only the desk itself loads the files: a management command, never a page."""
    return actor.is_system and actor.may_write


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
