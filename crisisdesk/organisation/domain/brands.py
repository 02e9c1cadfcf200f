"""Brands, their languages, and who approves words in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify

from crisisdesk.core.errors import Invalid, Stale
from crisisdesk.organisation.domain import cleaning
from crisisdesk.organisation.domain.duties import APPROVING_ROLES
from crisisdesk.organisation.domain.locking import brand_for_update
from crisisdesk.organisation.enums import DigitStyle, Role
from crisisdesk.organisation.models import Brand, BrandLanguage, Membership, User
from crisisdesk.organisation.rules import require

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor

WEEKDAYS = range(1, 8)


@dataclass(frozen=True)
class BrandDetails:
    """Everything a person may say about a brand."""

    name: str
    languages: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    zone: str = "UTC"
    colour: str = ""
    digit_style: str = DigitStyle.LATIN
    week_start: int | None = None  # None: as it stands; the calendar is changed by its own command
    weekend: tuple[int, ...] | None = None
    marking: Mapping[str, str] = field(default_factory=dict)
    contact_email: str = ""


@transaction.atomic
def create_brand(*, key: str, details: BrandDetails, actor: Actor, at: datetime) -> Brand:
    """A new brand stands with its languages, and whoever made it is its admin.

    Raises Invalid("key_invalid" | "key_taken") and what `change_brand` raises.
    """
    require(actor, "organisation.create_brand", None)
    brand = new_brand(key=key, details=details, at=at)
    if actor.user is not None:
        Membership.objects.create(user=actor.user, brand=brand, role=Role.ADMIN, created_at=at)
    return brand


def new_brand(*, key: str, details: BrandDetails, at: datetime) -> Brand:
    """Write a brand inside the caller's command, which has asked who may."""
    key = key.strip()
    if not key or key != slugify(key):
        raise Invalid("key_invalid", field="key")
    if Brand.objects.filter(key=key).exists():
        raise Invalid("key_taken", field="key", key=key)
    brand = Brand(key=key, created_at=at)
    _fill(brand, details)
    brand.save()
    _keep_languages(brand)
    return brand


@transaction.atomic
def change_brand(
    *, brand_id: int, details: BrandDetails, version: int, actor: Actor, at: datetime
) -> Brand:
    """The brand is as described; a language taken out loses its approver and deputy.

    Raises Stale when somebody saved first, Invalid("name_missing" | "languages_missing" |
    "language_unknown" |
    "zone_unknown" | "colour_invalid" | "digit_style_unknown" | "weekday_unknown" |
    "email_invalid").
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.change_brand", brand.pk)
    if brand.version != version:
        raise Stale(current=brand)
    _fill(brand, details)
    brand.version += 1
    brand.save()
    _keep_languages(brand)
    return brand


@transaction.atomic
def set_brand_approvers(
    *,
    brand_id: int,
    language: str,
    approver_id: int | None,
    deputy_id: int | None,
    actor: Actor,
    at: datetime,
    zone: str | None = None,
) -> BrandLanguage:
    """These two people approve the brand's words in this language; None leaves the place empty.

    `zone` says where the language's readers live: empty is the brand's own, None changes nothing.

    Raises Invalid("language_not_of_brand" | "same_person" | "approver_without_role" |
    "does_not_read").
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.set_approvers", brand.pk)
    row = BrandLanguage.objects.filter(brand=brand, language=language).first()
    if row is None:
        raise Invalid("language_not_of_brand", field="language", language=language)
    if approver_id is not None and approver_id == deputy_id:
        raise Invalid("same_person", field="deputy")
    row.approver = _approver(brand, language, approver_id, field="approver")
    row.deputy = _approver(brand, language, deputy_id, field="deputy")
    if zone is not None:
        row.zone = cleaning.clean_zone(zone) if zone else ""
    row.save(update_fields=["approver", "deputy", "zone"])
    return row


def _approver(brand: Brand, language: str, user_id: int | None, *, field: str) -> User | None:
    if user_id is None:
        return None
    person = User.objects.filter(
        pk=user_id, is_active=True, memberships__brand=brand, memberships__role__in=APPROVING_ROLES
    ).first()
    if person is None:
        raise Invalid("approver_without_role", field=field)
    if not person.can_read(language):
        raise Invalid("does_not_read", field=field, language=language, name=person.full_name)
    return person


def _fill(brand: Brand, details: BrandDetails) -> None:
    languages = cleaning.clean_languages(details.languages, field="languages")
    if not languages:
        raise Invalid("languages_missing", field="languages")
    if details.digit_style not in DigitStyle.values:
        raise Invalid("digit_style_unknown", field="digit_style")
    week_start = brand.week_start if details.week_start is None else details.week_start
    weekend = brand.weekend if details.weekend is None else details.weekend
    if not {week_start, *weekend} <= set(WEEKDAYS):
        raise Invalid("weekday_unknown", field="weekend")
    brand.name = cleaning.clean_name(details.name, field="name")
    brand.names = cleaning.clean_words(details.names, field="names")
    brand.aliases = [alias.strip() for alias in details.aliases if alias.strip()]
    brand.zone = cleaning.clean_zone(details.zone)
    brand.colour = cleaning.clean_colour(details.colour)
    brand.languages = languages
    brand.digit_style = details.digit_style
    brand.week_start = week_start
    brand.weekend = sorted(set(weekend))
    brand.marking = cleaning.clean_words(details.marking, field="marking")
    email = details.contact_email.strip()
    brand.contact_email = cleaning.clean_email(email, field="contact_email") if email else ""
    brand.search_text = brand.searchable()


def _keep_languages(brand: Brand) -> None:
    """Give every language of the brand its row, and take the rows of languages it no longer
    speaks."""
    rows = BrandLanguage.objects.filter(brand=brand)
    rows.exclude(language__in=brand.languages).delete()
    known = set(rows.values_list("language", flat=True))
    BrandLanguage.objects.bulk_create(
        [BrandLanguage(brand=brand, language=code) for code in brand.languages if code not in known]
    )
