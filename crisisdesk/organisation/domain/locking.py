"""Rows locked for a change, after a look at who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.core.errors import NotVisible
from crisisdesk.organisation.models import Brand, OfficialAccount, User
from crisisdesk.organisation.queries.visibility import (
    accounts_visible_to,
    brands_visible_to,
    people_visible_to,
)

if TYPE_CHECKING:
    from crisisdesk.organisation.domain.actors import Actor


def brand_for_update(brand_id: int, *, actor: Actor) -> Brand:
    """Return the brand, locked until the transaction ends. Raises NotVisible."""
    seen = Brand.objects.all() if actor.user is None else brands_visible_to(actor.user)
    brand = seen.select_for_update(of=("self",)).filter(pk=brand_id).first()
    if brand is None:
        raise NotVisible
    return brand


def person_for_update(user_id: int, *, actor: Actor) -> User:
    """Return the person, locked until the transaction ends. Raises NotVisible."""
    seen = User.objects.all() if actor.user is None else people_visible_to(actor.user)
    person = seen.select_for_update(of=("self",)).filter(pk=user_id).first()
    if person is None:
        raise NotVisible
    return person


def account_for_update(account_id: int, *, actor: Actor) -> OfficialAccount:
    """Return the official account, locked until the transaction ends. Raises NotVisible."""
    seen = OfficialAccount.objects.all() if actor.user is None else accounts_visible_to(actor.user)
    account = seen.select_for_update(of=("self",)).filter(pk=account_id).first()
    if account is None:
        raise NotVisible
    return account
