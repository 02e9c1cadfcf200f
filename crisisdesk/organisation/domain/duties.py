"""What still rests on a person: taking them away must name someone else first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from crisisdesk.core.errors import Invalid
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import BrandLanguage, Membership, OfficialAccount

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User

APPROVING_ROLES = frozenset({Role.APPROVER, Role.LEAD})


def require_no_duty(person: User) -> None:
    """Return if no brand rests on the person.

    Raises Invalid("still_responsible") while they approve, deputise or keep an account, and
    Invalid("last_admin").
    """
    require_not_approving(person)
    account = (
        OfficialAccount.objects.filter(Q(owner=person) | Q(backup_owner=person))
        .select_related("brand")
        .first()
    )
    if account:
        raise Invalid(
            "still_responsible", duty="account", brand=account.brand.name, account=account.handle
        )
    for membership in Membership.objects.filter(user=person, role=Role.ADMIN).select_related(
        "brand"
    ):
        require_another_admin(membership)


def require_not_approving(
    person: User, *, brand_id: int | None = None, languages: frozenset[str] | None = None
) -> None:
    """Return unless the person is approver or deputy (of this brand, of these languages where
    given).

    Raises Invalid("still_responsible").
    """
    rows = BrandLanguage.objects.filter(Q(approver=person) | Q(deputy=person)).select_related(
        "brand"
    )
    if brand_id is not None:
        rows = rows.filter(brand_id=brand_id)
    if languages is not None:
        rows = rows.filter(language__in=languages)
    row = rows.first()
    if row:
        raise Invalid(
            "still_responsible", duty="approval", brand=row.brand.name, language=row.language
        )


def require_another_admin(membership: Membership) -> None:
    """Return if the brand keeps an active admin without this membership.

    Raises Invalid("last_admin").
    """
    others = Membership.objects.filter(
        brand_id=membership.brand_id, role=Role.ADMIN, user__is_active=True
    ).exclude(user_id=membership.user_id)
    if not others.exists():
        raise Invalid("last_admin", brand=membership.brand.name)
