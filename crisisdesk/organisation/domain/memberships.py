"""Giving a person a role for a brand, and taking it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.core.errors import Invalid
from crisisdesk.organisation.domain import cleaning
from crisisdesk.organisation.domain.duties import (
    APPROVING_ROLES,
    require_another_admin,
    require_not_approving,
)
from crisisdesk.organisation.domain.locking import brand_for_update, person_for_update
from crisisdesk.organisation.domain.stand_ins import end_without_ground
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Membership
from crisisdesk.organisation.rules import require

if TYPE_CHECKING:
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor


@transaction.atomic
def set_membership(
    *, user_id: int, brand_id: int, role: str, actor: Actor, at: datetime
) -> Membership:
    """The person holds this role for the brand from now on; giving it twice changes nothing.

    Raises Invalid("role_unknown" | "not_active").
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.set_membership", brand.pk)
    person = person_for_update(user_id, actor=actor)
    wanted = cleaning.clean_role(role)
    if not person.is_active:
        raise Invalid("not_active", field="user")
    membership, _ = Membership.objects.get_or_create(
        user=person, brand=brand, role=wanted, defaults={"created_at": at}
    )
    return membership


@transaction.atomic
def remove_membership(
    *, user_id: int, brand_id: int, role: str, actor: Actor, at: datetime
) -> None:
    """The person no longer holds this role for the brand.

    Raises Invalid("role_unknown" | "role_not_held" | "last_admin" | "still_responsible").
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.set_membership", brand.pk)
    person = person_for_update(user_id, actor=actor)
    held = {row.role: row for row in Membership.objects.filter(user=person, brand=brand)}
    unwanted = cleaning.clean_role(role)
    if unwanted not in held:
        raise Invalid("role_not_held", field="role", role=unwanted.value)
    if unwanted == Role.ADMIN:
        require_another_admin(held[unwanted])
    if not APPROVING_ROLES & (held.keys() - {unwanted}):
        require_not_approving(person, brand_id=brand.pk)
    held[unwanted].delete()
    end_without_ground(person, actor=actor, at=at)
