"""Webhooks: endpoints of a person's own programs, which prove themselves before they are told anything."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from crisisdesk.core import outbound
from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.core.jobs import after_commit
from crisisdesk.notifications import registry
from crisisdesk.notifications.domain.inbox import Reader, require_write
from crisisdesk.notifications.domain.outbox import WAKE_UP
from crisisdesk.notifications.enums import State, Transport
from crisisdesk.notifications.models import Address, Notification
from crisisdesk.notifications.queries.webhooks import webhooks_of
from crisisdesk.notifications.rules import signing
from crisisdesk.notifications.transports import webhook
from crisisdesk.notifications.transports.carrying import Refused

MOST_WEBHOOKS = 10
_LONGEST = 2000
_CHALLENGE = 24


@dataclass(frozen=True)
class NewSecret:
    """An endpoint and the secret just made for it; the page shows it this once."""

    address: Address
    secret: str


def add_webhook(*, url: str, label: str, actor: Reader, at: datetime) -> NewSecret:
    """The actor has an endpoint with a secret of its own; nothing is sent there before it has proven itself.

    Raises Invalid at `url`: "webhook_url" for what is no https address, "address_private" for one in our own network,
    "host_unknown", "webhook_exists", "webhooks_too_many".
    """
    require_write(actor)
    url = _clean(url)
    with transaction.atomic():
        people = get_user_model()._default_manager
        people.select_for_update(of=("self",)).get(pk=actor.id)
        own = webhooks_of(actor.user)
        if own.filter(value=url).exists():
            raise Invalid("webhook_exists", field="url")
        if own.count() >= MOST_WEBHOOKS:
            raise Invalid("webhooks_too_many", field="url", most=MOST_WEBHOOKS)
        made = Address.objects.create(
            user_id=actor.id,
            transport=Transport.WEBHOOK,
            value=url,
            label=label.strip(),
            secret=signing.new_secret(),
            created_at=at,
        )
    return NewSecret(made, made.secret)


def prove_webhook(*, address_id: int, actor: Reader, at: datetime) -> str:
    """The endpoint says a challenge back, and is told of news from now on, also after it was gone; returns its answer.

    Asks outside any transaction. Raises NotVisible for an endpoint of somebody else, Invalid: "address_private",
    "webhook_silent" when nobody answers, "webhook_unproven" when the challenge does not come back.
    """
    require_write(actor)
    address = _own(address_id, actor)
    challenge = secrets.token_urlsafe(_CHALLENGE)
    key = f"challenge-{address.pk}-{int(at.timestamp())}"
    body = {"id": key, "type": "webhook.challenge", "challenge": challenge}
    try:
        answer = webhook.post(address, body, key=key, at=at)
    except Refused as error:
        if error.answer == "private_address":
            raise Invalid("address_private") from error
        raise Invalid("webhook_silent", answer=error.answer) from error
    said = webhook.said_by(answer)
    given = str(answer.json().get("challenge", "")) or answer.words.strip()
    if not answer.is_good or not hmac.compare_digest(given.encode(), challenge.encode()):
        raise Invalid("webhook_unproven", answer=said)
    Address.objects.filter(pk=address.pk, removed_at=None).update(
        verified_at=at, off_at=None, off_reason=""
    )
    return said


@transaction.atomic
def rotate_secret(*, address_id: int, both: bool, actor: Reader, at: datetime) -> NewSecret:
    """The endpoint has a new secret. With `both` the old one signs beside it for a day, else it ends at once. Raises
    NotVisible for an endpoint of somebody else.
    """
    require_write(actor)
    address = _own(address_id, actor, lock=True)
    address.previous_secret = address.secret if both else ""
    address.previous_until = at + signing.BOTH_SIGN if both else None
    address.secret = signing.new_secret()
    address.save(update_fields=["secret", "previous_secret", "previous_until"])
    return NewSecret(address, address.secret)


@transaction.atomic
def send_again(*, notification_id: int, actor: Reader, at: datetime) -> None:
    """The same message goes out once more under the same webhook-id, with every attempt anew.

    Raises NotVisible for a message of somebody else or of what the actor may no longer see, Invalid("webhook_off")
    when nothing may be sent there, Invalid("still_on_its_way") while it waits.
    """
    require_write(actor)
    row = (
        Notification.objects.select_for_update(of=("self",))
        .select_related("address")
        .filter(pk=notification_id, transport=Transport.WEBHOOK, recipient_id=actor.id)
        .first()
    )
    if row is None or row.address is None or row.address.removed_at is not None:
        raise NotVisible
    if not registry.allowed(row.topic, {(actor.id, row.topic_id)}, {actor.id: actor.user}):
        raise NotVisible
    if not row.address.is_usable:
        raise Invalid("webhook_off")
    if row.state in (State.PENDING, State.SENDING):
        raise Invalid("still_on_its_way")
    row.state, row.next_attempt_at, row.attempts, row.sent_at = State.PENDING, at, 0, None
    row.save(update_fields=["state", "next_attempt_at", "attempts", "sent_at"])
    after_commit(WAKE_UP)


def _own(address_id: int, actor: Reader, *, lock: bool = False) -> Address:
    rows = webhooks_of(actor.user).filter(pk=address_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible
    return found


def _clean(url: str) -> str:
    """Return the address, or raise why news may not go there."""
    url = url.strip()
    try:
        parts = outbound.look(url)
    except outbound.Refused as error:
        code = "address_private" if error.reason == "private_address" else "webhook_url"
        raise Invalid(code, field="url") from error
    except outbound.Unanswered as error:
        raise Invalid("host_unknown", field="url") from error
    named = parts.hostname in settings.OUTBOUND_PRIVATE_HOSTS
    if len(url) > _LONGEST or (parts.scheme != "https" and not named):
        raise Invalid("webhook_url", field="url")
    return url
