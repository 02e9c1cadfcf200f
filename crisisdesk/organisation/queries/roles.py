"""Which roles a person holds."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import BrandLanguage, Membership, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

_CACHE = "_roles_by_brand"
NO_ROLES: frozenset[Role] = frozenset()


def remember_roles(user: User) -> None:
    """Let this user object keep its roles once read.

    Only for an object that lives as long as one request: elsewhere a role taken away must count at
    once.
    """
    setattr(user, _CACHE, None)


def roles_by_brand(user: User | AnonymousUser) -> dict[int, frozenset[Role]]:
    """Return every role of the person, by brand id; nothing for who is signed out or
    deactivated."""
    if not isinstance(user, User) or not user.is_active:
        return {}
    kept: dict[int, frozenset[Role]] | None = getattr(user, _CACHE, None)
    if kept is not None:
        return kept
    found: dict[int, set[Role]] = defaultdict(set)
    for brand_id, role in Membership.objects.filter(user_id=user.pk).values_list(
        "brand_id", "role"
    ):
        found[brand_id].add(Role(role))
    roles = {brand_id: frozenset(held) for brand_id, held in found.items()}
    if hasattr(user, _CACHE):
        setattr(user, _CACHE, roles)
    return roles


def brand_roles(user: User | AnonymousUser, brand_id: int) -> frozenset[Role]:
    """Return the person's roles for this brand."""
    return roles_by_brand(user).get(brand_id, NO_ROLES)


def roles_anywhere(user: User | AnonymousUser) -> frozenset[Role]:
    """Return the roles the person holds for at least one brand."""
    return frozenset().union(*roles_by_brand(user).values())


def brands_with_role(user: User | AnonymousUser, *wanted: Role) -> list[int]:
    """Return the ids of the brands where the person holds one of these roles."""
    return sorted(brand_id for brand_id, held in roles_by_brand(user).items() if held & set(wanted))


def people_with_role(brand_id: int, *wanted: Role) -> list[User]:
    """Return the active people who hold one of these roles for the brand, in the order of their
    names."""
    return list(
        User.objects.filter(
            is_active=True, memberships__brand_id=brand_id, memberships__role__in=wanted
        )
        .distinct()
        .order_by("full_name", "pk")
    )


def language_approvers(brand_id: int) -> dict[str, BrandLanguage]:
    """Return who approves and who deputises for the brand, by language."""
    rows = BrandLanguage.objects.filter(brand_id=brand_id).select_related("approver", "deputy")
    return {row.language: row for row in rows}
