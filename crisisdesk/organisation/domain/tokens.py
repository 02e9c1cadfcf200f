"""Keys to the API: named, scoped, shown once, kept as a hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.organisation.domain import cleaning
from crisisdesk.organisation.enums import TokenScope
from crisisdesk.organisation.models import ApiToken, User
from crisisdesk.organisation.queries.visibility import tokens_visible_to
from crisisdesk.organisation.rules import require_write

if TYPE_CHECKING:
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor


@dataclass(frozen=True)
class NewToken:
    """A token just made; `secret` is nowhere else and cannot be had again."""

    token: ApiToken
    secret: str


@transaction.atomic
def create_token(
    *,
    user_id: int,
    name: str,
    scope: str,
    actor: Actor,
    at: datetime,
    expires_at: datetime | None = None,
) -> NewToken:
    """The person has a new token; only they (or the desk's own command) may make it.

    Raises NotVisible for anybody else, Invalid("name_missing" | "scope_unknown" | "not_active").
    """
    require_write(actor)
    if not actor.is_system and actor.id != user_id:
        raise NotVisible
    person = User.objects.select_for_update(of=("self",)).filter(pk=user_id).first()
    if person is None:
        raise NotVisible
    if not person.is_active:
        raise Invalid("not_active", field="user")
    if scope not in TokenScope.values:
        raise Invalid("scope_unknown", field="scope", scope=scope)
    digest, secret = get_digest_token()
    token = ApiToken(
        user=person,
        name=cleaning.clean_name(name, field="name"),
        scope=scope,
        digest=digest,
        token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH],
        created=at,
        expiry=expires_at,
    )
    token.save(force_insert=True)
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(*, token_key: str, actor: Actor, at: datetime) -> None:
    """The token opens nothing any more.

    Raises NotVisible for a token that is not the actor's own.
    """
    require_write(actor)
    own = ApiToken.objects.all() if actor.user is None else tokens_visible_to(actor.user)
    gone, _ = own.filter(token_key=token_key).delete()
    if not gone:
        raise NotVisible
