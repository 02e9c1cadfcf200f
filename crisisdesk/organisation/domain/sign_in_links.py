"""A way in when mail is down: a link that signs one person in, once, within a quarter of an
hour."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.organisation.domain.secrets import digest, new_secret
from crisisdesk.organisation.models import SignInLink, User

if TYPE_CHECKING:
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor

OPEN_FOR = timedelta(minutes=15)


@transaction.atomic
def make_sign_in_link(*, email: str, actor: Actor, at: datetime) -> str:
    """Return the secret of a fresh link for this person; only the desk's own command may make one.

    Raises NotVisible for an unknown address, Invalid("not_active").
    """
    if not actor.is_system:
        raise NotAllowed("not_allowed", permission="organisation.sign_in_link")
    person = User.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise NotVisible("person_unknown", email=email)
    if not person.is_active:
        raise Invalid("not_active", field="email")
    secret, hashed = new_secret()
    SignInLink.objects.create(user=person, digest=hashed, created_at=at, expires_at=at + OPEN_FOR)
    return secret


def open_sign_in_link(secret: str, *, at: datetime) -> SignInLink:
    """Return the link this secret opens.

    Raises Invalid("link_wrong" | "link_used" | "link_expired" | "not_active").
    """
    link = SignInLink.objects.select_related("user").filter(digest=digest(secret)).first()
    if link is None:
        raise Invalid("link_wrong")
    if link.used_at:
        raise Invalid("link_used")
    if link.expires_at <= at:
        raise Invalid("link_expired")
    if not link.user.is_active:
        raise Invalid("not_active")
    return link


@transaction.atomic
def use_sign_in_link(secret: str, *, at: datetime) -> User:
    """The link is spent; return whom to sign in. Raises what `open_sign_in_link` raises."""
    link = open_sign_in_link(secret, at=at)
    spent = SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at)
    if not spent:
        raise Invalid("link_used")
    return link.user
