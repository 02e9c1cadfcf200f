"""Asking a new colleague in.

The link is a secret: it is handed to the caller once and kept as a hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.organisation.domain import cleaning
from crisisdesk.organisation.domain.locking import brand_for_update
from crisisdesk.organisation.domain.people import new_person
from crisisdesk.organisation.domain.secrets import digest, new_secret
from crisisdesk.organisation.models import Invitation, Membership, User
from crisisdesk.organisation.rules import require

if TYPE_CHECKING:
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor

OPEN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class NewInvitation:
    """An invitation just made; `secret` belongs into the mailed link and nowhere else."""

    invitation: Invitation
    secret: str


@transaction.atomic
def invite_person(
    *,
    brand_id: int,
    email: str,
    full_name: str,
    role: str,
    language: str,
    actor: Actor,
    at: datetime,
) -> NewInvitation:
    """A link waits for this address; it replaces an earlier one to the same address for the same
    brand.

    Raises Invalid("email_invalid" | "name_missing" | "role_unknown" | "language_unknown" |
    "already_has_role").
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.invite", brand.pk)
    email = cleaning.clean_email(email)
    wanted = cleaning.clean_role(role)
    if Membership.objects.filter(brand=brand, role=wanted, user__email=email).exists():
        raise Invalid("already_has_role", field="email", email=email)
    full_name = cleaning.clean_name(full_name)
    language = cleaning.clean_language(language)
    waiting = Invitation.objects.filter(brand=brand, email=email, used_at=None, withdrawn_at=None)
    waiting.update(withdrawn_at=at)
    secret, hashed = new_secret()
    invitation = Invitation.objects.create(
        email=email,
        full_name=full_name,
        language=language,
        brand=brand,
        role=wanted,
        digest=hashed,
        invited_by=actor.user,
        created_at=at,
        expires_at=at + OPEN_FOR,
    )
    return NewInvitation(invitation, secret)


@transaction.atomic
def withdraw_invitation(*, invitation_id: int, actor: Actor, at: datetime) -> Invitation:
    """The link opens nothing any more. Raises Invalid("link_used") when somebody came in by it."""
    row = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation_id).first()
    if row is None:
        raise NotVisible
    require(actor, "organisation.invite", row.brand_id)
    if row.used_at:
        raise Invalid("link_used")
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    return row


def open_invitation(secret: str, *, at: datetime) -> Invitation:
    """Return the invitation this secret opens.

    Raises Invalid("link_wrong" | "link_used" | "link_expired").
    """
    row = (
        Invitation.objects.select_related("brand", "invited_by")
        .filter(digest=digest(secret))
        .first()
    )
    if row is None or row.withdrawn_at:
        raise Invalid("link_wrong")
    if row.used_at:
        raise Invalid("link_used")
    if row.expires_at <= at:
        raise Invalid("link_expired")
    return row


@transaction.atomic
def accept_invitation(
    secret: str, *, full_name: str, password: str, zone: str, actor: Actor | None, at: datetime
) -> User:
    """The invited person has an account and the role; who has an account already takes the role
    signed in as it.

    Raises what `open_invitation` raises, Invalid("sign_in_first" | "name_missing" |
    "password_missing" |
    "zone_unknown").
    """
    Invitation.objects.select_for_update(of=("self",)).filter(digest=digest(secret)).first()
    invitation = open_invitation(secret, at=at)
    person = User.objects.filter(email=invitation.email).first()
    if person is not None and (actor is None or actor.id != person.pk):
        raise Invalid("sign_in_first", email=invitation.email)
    if person is None:
        if not password:
            raise Invalid("password_missing", field="password")
        person = new_person(
            email=invitation.email,
            full_name=full_name,
            password=password,
            language=invitation.language,
            zone=zone,
            at=at,
        )
    Membership.objects.get_or_create(
        user=person, brand=invitation.brand, role=invitation.role, defaults={"created_at": at}
    )
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    return person
