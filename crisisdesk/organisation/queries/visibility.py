"""What a person may see of the organisation.

Every read starts here; what is not in these sets does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    ApiToken,
    Brand,
    Channel,
    Membership,
    OfficialAccount,
    User,
)
from crisisdesk.organisation.queries.roles import roles_anywhere

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def brands_visible_to(user: User | AnonymousUser) -> QuerySet[Brand]:
    """Return the brands for which the person holds any role."""
    if not isinstance(user, User) or not user.is_active:
        return Brand.objects.none()
    return Brand.objects.filter(
        pk__in=Membership.objects.filter(user_id=user.pk).values("brand_id")
    )


def brands_administered_by(user: User | AnonymousUser) -> QuerySet[Brand]:
    """Return the brands the person is admin of."""
    if not isinstance(user, User) or not user.is_active:
        return Brand.objects.none()
    mine = Membership.objects.filter(user_id=user.pk, role=Role.ADMIN)
    return Brand.objects.filter(pk__in=mine.values("brand_id"))


def people_visible_to(user: User | AnonymousUser) -> QuerySet[User]:
    """Return the person, those who share a brand with them and, for an admin, people who have no
    brand yet."""
    if not isinstance(user, User) or not user.is_active:
        return User.objects.none()
    brands = Membership.objects.filter(user_id=user.pk).values("brand_id")
    colleagues = Membership.objects.filter(brand_id__in=brands).values("user_id")
    seen = Q(pk=user.pk) | Q(pk__in=colleagues)
    if Role.ADMIN in roles_anywhere(user):
        seen |= ~Q(pk__in=Membership.objects.values("user_id"))
    return User.objects.filter(seen)


def accounts_visible_to(user: User | AnonymousUser) -> QuerySet[OfficialAccount]:
    """Return the official accounts of the brands the person may see."""
    return OfficialAccount.objects.filter(brand__in=brands_visible_to(user))


def channels_visible_to(user: User | AnonymousUser) -> QuerySet[Channel]:
    """Return the channels, for whoever has a brand."""
    return Channel.objects.all() if brands_visible_to(user).exists() else Channel.objects.none()


def tokens_visible_to(user: User | AnonymousUser) -> QuerySet[ApiToken]:
    """Return the person's own API tokens; nobody else's are shown to anyone."""
    if not isinstance(user, User) or not user.is_active:
        return ApiToken.objects.none()
    return ApiToken.objects.filter(user_id=user.pk)
