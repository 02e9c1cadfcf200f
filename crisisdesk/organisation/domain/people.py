"""People come, pause and leave. Nobody is ever deleted: what they did keeps its author."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from crisisdesk.core.errors import Invalid, NotAllowed
from crisisdesk.notifications.domain.addresses import forget_addresses
from crisisdesk.organisation.domain import cleaning
from crisisdesk.organisation.domain.duties import require_no_duty
from crisisdesk.organisation.domain.locking import person_for_update
from crisisdesk.organisation.domain.stand_ins import end_without_ground
from crisisdesk.organisation.models import ApiToken, Invitation, Membership, SignInLink, User
from crisisdesk.organisation.rules import allows, require, require_write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor


@transaction.atomic
def create_user(
    *,
    email: str,
    full_name: str,
    actor: Actor,
    at: datetime,
    password: str = "",
    language: str = "en",
    reads: Iterable[str] | None = None,
    zone: str = "UTC",
    title: str = "",
    phone: str = "",
    name_en: str = "",
    name_ar: str = "",
    name_he: str = "",
) -> User:
    """Add a person whose address counts as verified; without a password they sign in by mail or set
    one by reset.

    Raises Invalid("email_invalid" | "email_taken" | "name_missing" | "language_unknown" |
    "zone_unknown").
    """
    require(actor, "organisation.invite", None)
    person = new_person(
        email=email,
        full_name=full_name,
        password=password,
        language=language,
        reads=reads,
        zone=zone,
        at=at,
    )
    person.title, person.phone = title.strip(), phone.strip()
    person.name_en, person.name_ar, person.name_he = (
        name_en.strip(),
        name_ar.strip(),
        name_he.strip(),
    )
    person.search_text = person.searchable()
    person.save()
    return person


def new_person(
    *,
    email: str,
    full_name: str,
    password: str,
    language: str,
    zone: str,
    at: datetime,
    reads: Iterable[str] | None = None,
) -> User:
    """Write a person and their verified e-mail row inside the caller's command, which has asked who
    may."""
    email = cleaning.clean_email(email)
    if (
        User.objects.filter(email=email).exists()
        or EmailAddress.objects.filter(email=email).exists()
    ):
        raise Invalid("email_taken", field="email", email=email)
    language = cleaning.clean_language(language)
    person = User(
        email=email,
        full_name=cleaning.clean_name(full_name),
        language=language,
        reads=cleaning.clean_languages([language] if reads is None else reads, field="reads"),
        zone=cleaning.clean_zone(zone),
        date_joined=at,
    )
    # None makes the password unusable: an empty one must never open a door.
    person.set_password(password or None)
    person.search_text = person.searchable()
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


@transaction.atomic
def deactivate_user(*, user_id: int, actor: Actor, at: datetime) -> User:
    """Sign the person out of everything for now: no sign-in, no tokens in use, no messages; roles
    are kept.

    Raises NotAllowed("own_account"), Invalid("still_responsible").
    """
    person = person_for_update(user_id, actor=actor)
    _require_admin_of(person, "organisation.deactivate", actor=actor)
    require_no_duty(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_without_ground(person, actor=actor, at=at)
    return person


@transaction.atomic
def reactivate_user(*, user_id: int, actor: Actor, at: datetime) -> User:
    """Let a deactivated person sign in again.

    Raises Invalid("anonymised") for somebody who has left for good.
    """
    person = person_for_update(user_id, actor=actor)
    _require_admin_of(person, "organisation.deactivate", actor=actor)
    if person.is_anonymised:
        raise Invalid("anonymised")
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


@transaction.atomic
def anonymise_user(*, user_id: int, actor: Actor, at: datetime) -> User:
    """Remove a leaver's personal data and every way in; what they did stays, by a former team
    member.

    Raises NotAllowed("own_account"), Invalid("still_responsible" | "anonymised").
    """
    person = person_for_update(user_id, actor=actor)
    _require_admin_of(person, "organisation.anonymise", actor=actor)
    if person.is_anonymised:
        raise Invalid("anonymised")
    require_no_duty(person)
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    ApiToken.objects.filter(user=person).delete()
    SignInLink.objects.filter(user=person).delete()
    Invitation.objects.filter(email=person.email).delete()
    Membership.objects.filter(user=person).delete()
    forget_addresses(person, at=at)
    person.email = f"former-{person.pk}@invalid.invalid"
    person.full_name = person.name_en = person.name_ar = person.name_he = ""
    person.title = person.phone = person.search_text = ""
    person.reads = []
    person.is_active = person.is_staff = person.is_superuser = False
    person.anonymised_at = at
    person.set_unusable_password()
    person.save()
    end_without_ground(person, actor=actor, at=at)
    return person


def _require_admin_of(person: User, permission: str, *, actor: Actor) -> None:
    """Only who is admin of every brand the person belongs to may shut the door; nobody their
    own."""
    require_write(actor)
    if actor.id == person.pk:
        raise NotAllowed("own_account")
    brands: set[int | None] = set(person.memberships.values_list("brand_id", flat=True)) or {None}
    allowed = {brand_id for brand_id in brands if allows(actor.user, permission, brand_id)}
    if not allowed:
        raise NotAllowed("not_allowed", permission=permission)
    if allowed != brands:
        raise NotAllowed("admin_elsewhere")
