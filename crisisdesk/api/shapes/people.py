"""People, brands, channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.utils.translation import get_language

from crisisdesk.incidents.queries.listing import names_of

if TYPE_CHECKING:
    from crisisdesk.organisation.models import (
        Brand,
        BrandLanguage,
        Channel,
        OfficialAccount,
        User,
    )

Names = Mapping[int, str]


class Person(TypedDict):
    """Somebody, by the name that the reader's language writes."""

    id: int
    name: str


class Role(TypedDict):
    """What a person may do for a brand."""

    brand: str
    role: str


class Me(TypedDict):
    """The person who asks, and what this way in may do."""

    id: int
    email: str
    full_name: str
    name: str
    title: str
    phone: str
    language: str
    reads: list[str]
    zone: str
    scope: str
    roles: list[Role]


class Colleague(TypedDict):
    """A person whom the asker may know of."""

    id: int
    email: str
    full_name: str
    name: str
    title: str
    phone: str
    language: str
    reads: list[str]
    zone: str
    is_active: bool
    roles: list[Role]


class BrandRow(TypedDict):
    """A brand in a list."""

    id: int
    key: str
    name: str
    names: dict[str, str]
    zone: str
    languages: list[str]


class Approvers(TypedDict):
    """Who approves words of a brand in one language, and who is asked next."""

    language: str
    approver: Person | None
    deputy: Person | None
    zone: str


class Account(TypedDict):
    """An account that is really ours."""

    id: int
    channel: str
    handle: str
    url: str
    contact_url: str
    contact_line: dict[str, str]
    owner: Person | None
    backup_owner: Person | None
    last_access_test: datetime | None
    access_worked: bool | None
    version: int


class BrandDetail(BrandRow):
    """A brand with its people and accounts."""

    aliases: list[str]
    digit_style: str
    week_start: int
    weekend: list[int]
    marking: dict[str, str]
    approvers: list[Approvers]
    accounts: list[Account]
    version: int


class ChannelShape(TypedDict):
    """A channel with its limits and its ways, and the day they were checked."""

    key: str
    name: str
    names: dict[str, str]
    limit: int | None
    counting: str
    link_length: int | None
    visible: int | None
    comment_controls: dict[str, str]
    private_route: dict[str, str]
    impersonation_route: dict[str, str]
    impersonation_url: str
    source: str
    checked_on: date | None


def person(names: Names, pk: int | None) -> Person | None:
    """Return the person, or None where there is none."""
    return None if pk is None else {"id": pk, "name": names.get(pk, "")}


def people(rows: Iterable[Any], *fields: str) -> dict[int, str]:
    """Return the names of everybody these rows point at, in one query."""
    return names_of(getattr(row, f"{name}_id") for row in rows for name in fields)


def me(user: User, scope: str) -> Me:
    """Return the asker."""
    return {**_known(user), "scope": scope}  # type: ignore[typeddict-item]


def colleague(user: User) -> Colleague:
    """Return somebody else; their roles must be read ahead (`memberships__brand`)."""
    return {**_known(user), "is_active": user.is_active}  # type: ignore[typeddict-item]


def _known(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "email": user.email,
        "full_name": user.full_name,
        "name": user.name_in(get_language() or "en"),
        "title": user.title,
        "phone": user.phone,
        "language": user.language,
        "reads": user.reads,
        "zone": user.zone,
        "roles": [
            {"brand": membership.brand.key, "role": membership.role}
            for membership in user.memberships.all()
        ],
    }


def brand_row(brand: Brand) -> BrandRow:
    """Return a brand for a list."""
    return {
        "id": brand.pk,
        "key": brand.key,
        "name": brand.name_in(get_language() or "en"),
        "names": brand.names,
        "zone": brand.zone,
        "languages": brand.languages,
    }


def brand_detail(
    brand: Brand, languages: list[BrandLanguage], accounts: list[OfficialAccount]
) -> BrandDetail:
    """Return a brand with its people and accounts."""
    names = people(languages, "approver", "deputy") | people(accounts, "owner", "backup_owner")
    return {
        **brand_row(brand),
        "aliases": brand.aliases,
        "digit_style": brand.digit_style,
        "week_start": brand.week_start,
        "weekend": brand.weekend,
        "marking": brand.marking,
        "approvers": [
            {
                "language": row.language,
                "approver": person(names, row.approver_id),
                "deputy": person(names, row.deputy_id),
                "zone": row.zone,
            }
            for row in languages
        ],
        "accounts": [_account(row, names) for row in accounts],
        "version": brand.version,
    }


def _account(row: OfficialAccount, names: Names) -> Account:
    return {
        "id": row.pk,
        "channel": row.channel.key,
        "handle": row.handle,
        "url": row.url,
        "contact_url": row.contact_url,
        "contact_line": row.contact_line,
        "owner": person(names, row.owner_id),
        "backup_owner": person(names, row.backup_owner_id),
        "last_access_test": row.last_access_test,
        "access_worked": row.access_worked,
        "version": row.version,
    }


def channel(row: Channel) -> ChannelShape:
    """Return a channel."""
    return {
        "key": row.key,
        "name": row.name_in(get_language() or "en"),
        "names": row.names,
        "limit": row.limit,
        "counting": row.counting,
        "link_length": row.link_length,
        "visible": row.visible,
        "comment_controls": row.comment_controls,
        "private_route": row.private_route,
        "impersonation_route": row.impersonation_route,
        "impersonation_url": row.impersonation_url,
        "source": row.source,
        "checked_on": row.checked_on,
    }
