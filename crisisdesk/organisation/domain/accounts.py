"""Our own accounts: which are really ours, who can open them, and when somebody last tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.core.errors import Invalid, Stale
from crisisdesk.organisation.domain import cleaning
from crisisdesk.organisation.domain.locking import account_for_update, brand_for_update
from crisisdesk.organisation.models import Brand, Channel, OfficialAccount, User
from crisisdesk.organisation.rules import require

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor


@dataclass(frozen=True)
class AccountDetails:
    """Everything a person may say about an official account."""

    channel: str
    handle: str
    url: str = ""
    contact_url: str = ""
    contact_line: Mapping[str, str] = field(default_factory=dict)
    owner_id: int | None = None
    backup_owner_id: int | None = None


@transaction.atomic
def add_official_account(
    *, brand_id: int, details: AccountDetails, actor: Actor, at: datetime
) -> OfficialAccount:
    """The brand has this account on the channel.

    Raises Invalid("channel_unknown" | "handle_missing" | "account_exists" | "link_invalid" |
    "same_person" |
    "not_a_member").
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.save_account", brand.pk)
    account = OfficialAccount(brand=brand)
    _fill(account, brand, details)
    account.save()
    return account


@transaction.atomic
def save_official_account(
    *, account_id: int, details: AccountDetails, version: int, actor: Actor, at: datetime
) -> OfficialAccount:
    """The account is as described.

    Raises Stale when somebody saved first, and what `add_official_account` raises.
    """
    account = account_for_update(account_id, actor=actor)
    require(actor, "organisation.save_account", account.brand_id)
    if account.version != version:
        raise Stale(current=account)
    _fill(account, account.brand, details)
    account.version += 1
    account.save()
    return account


@transaction.atomic
def record_access_test(
    *, account_id: int, worked: bool, actor: Actor, at: datetime
) -> OfficialAccount:
    """It is on record that somebody tried to open the account just now, and whether they got in."""
    account = account_for_update(account_id, actor=actor)
    require(actor, "organisation.test_access", account.brand_id)
    account.last_access_test = at
    account.access_worked = worked
    account.save(update_fields=["last_access_test", "access_worked"])
    return account


def _fill(account: OfficialAccount, brand: Brand, details: AccountDetails) -> None:
    channel = Channel.objects.filter(key=details.channel).first()
    if channel is None:
        raise Invalid("channel_unknown", field="channel", channel=details.channel)
    handle = details.handle.strip()
    if not handle:
        raise Invalid("handle_missing", field="handle")
    same = OfficialAccount.objects.filter(brand=brand, channel=channel, handle__iexact=handle)
    if same.exclude(pk=account.pk).exists():
        raise Invalid("account_exists", field="handle", handle=handle)
    if details.owner_id is not None and details.owner_id == details.backup_owner_id:
        raise Invalid("same_person", field="backup_owner")
    account.channel = channel
    account.handle = handle
    account.url = cleaning.clean_link(details.url, field="url")
    account.contact_url = cleaning.clean_link(details.contact_url, field="contact_url")
    account.contact_line = cleaning.clean_words(details.contact_line, field="contact_line")
    account.owner = _member(brand, details.owner_id, field="owner")
    account.backup_owner = _member(brand, details.backup_owner_id, field="backup_owner")


def _member(brand: Brand, user_id: int | None, *, field: str) -> User | None:
    if user_id is None:
        return None
    person = User.objects.filter(pk=user_id, is_active=True, memberships__brand=brand).first()
    if person is None:
        raise Invalid("not_a_member", field=field)
    return person
