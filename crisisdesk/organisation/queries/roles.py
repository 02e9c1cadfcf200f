"""Which roles a person holds."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from crisisdesk.core.queries.compiled import compiled
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import BrandLanguage, Membership, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

_CACHE, _READ = "_roles_by_brand", "_roles_read"
NO_ROLES: frozenset[Role] = frozenset()
_ROW = JSONObject(brand="brand_id", role="role")


def with_roles(users: QuerySet[User]) -> QuerySet[User]:
    """Return these people together with the roles they hold at this moment."""
    return users.annotate(**{_READ: compiled(User, _held)})


def _held() -> ArraySubquery:
    held = Membership.objects.filter(user=OuterRef("pk")).order_by()
    return ArraySubquery(held.values(row=_ROW))


def remember_roles(user: User, *, as_read: bool = False) -> None:
    """Let this user object keep its roles once read; `as_read`: those that were read with the person.

    Only for an object that lives as long as one request: elsewhere a role taken away must count at
    once. A request that changes something does not use what was read before it had its lock.
    """
    read: list[dict[str, Any]] | None = getattr(user, _READ, None) if as_read else None
    setattr(user, _CACHE, None if read is None else _by_brand(read))


def roles_by_brand(user: User | AnonymousUser) -> dict[int, frozenset[Role]]:
    """Return every role of the person, by brand id; nothing for who is signed out or
    deactivated."""
    if not isinstance(user, User) or not user.is_active:
        return {}
    kept: dict[int, frozenset[Role]] | None = getattr(user, _CACHE, None)
    if kept is not None:
        return kept
    roles = _by_brand(Membership.objects.filter(user_id=user.pk).order_by().values("brand", "role"))
    if hasattr(user, _CACHE):
        setattr(user, _CACHE, roles)
    return roles


def _by_brand(rows: Iterable[Mapping[str, Any]]) -> dict[int, frozenset[Role]]:
    found: dict[int, set[Role]] = defaultdict(set)
    for row in rows:
        found[row["brand"]].add(Role(row["role"]))
    return {brand_id: frozenset(held) for brand_id, held in found.items()}


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
