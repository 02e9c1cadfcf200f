"""People, brands, roles and accounts for tests, made plainly and at a fixed hour."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.account.models import EmailAddress

from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    Brand,
    BrandLanguage,
    Channel,
    Membership,
    OfficialAccount,
    User,
)

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
PASSWORD = "a-quiet-harbour-42"  # noqa: S105 - for tests only


def make_user(name: str = "sara", **fields: Any) -> User:
    """Return a person `<name>@desk.test` who reads all three languages and has a verified
    address."""
    values: dict[str, Any] = {
        "email": f"{name}@desk.test",
        "full_name": name.replace("-", " ").title(),
        "reads": ["en", "ar", "he"],
        "zone": "Asia/Dubai",
        "date_joined": NOON,
    } | fields
    password = values.pop("password", PASSWORD)
    user = User(**values)
    user.set_password(password)
    user.search_text = user.searchable()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_brand(key: str = "nour-home", **fields: Any) -> Brand:
    """Return a brand that speaks all three languages, with a row for the approvers of each."""
    values: dict[str, Any] = {
        "name": key.replace("-", " ").title(),
        "languages": ["en", "ar", "he"],
        "zone": "Asia/Dubai",
        "created_at": NOON,
    } | fields
    brand = Brand(key=key, **values)
    brand.search_text = brand.searchable()
    brand.save()
    BrandLanguage.objects.bulk_create(
        [BrandLanguage(brand=brand, language=code) for code in brand.languages]
    )
    return brand


def join(user: User, brand: Brand, *roles: Role | str) -> User:
    """Give the person these roles for the brand and return the person."""
    Membership.objects.bulk_create(
        [Membership(user=user, brand=brand, role=role, created_at=NOON) for role in roles]
    )
    return user


def make_member(brand: Brand, role: Role | str, name: str = "", **fields: Any) -> User:
    """Return a new person who holds the role for the brand, named after it unless told
    otherwise."""
    return join(make_user(name or str(role), **fields), brand, role)


def make_channel(key: str = "x", **fields: Any) -> Channel:
    """Return a channel with its names in three languages."""
    values: dict[str, Any] = {
        "names": {"en": key.title(), "ar": key.title(), "he": key.title()},
        "limit": 280,
        "counting": "plain",
    } | fields
    return Channel.objects.create(key=key, **values)


def make_account(
    brand: Brand, channel: Channel, handle: str = "@NourHome", **fields: Any
) -> OfficialAccount:
    """Return an official account of the brand on the channel."""
    return OfficialAccount.objects.create(brand=brand, channel=channel, handle=handle, **fields)


def web(user: User) -> Actor:
    """Return the person acting in the browser."""
    return Actor(user, "web")
