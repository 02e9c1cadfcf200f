"""Browsers that show news while the desk is closed: each subscribes itself, with its person's word."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.domain.inbox import Reader, require_write
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address
from crisisdesk.notifications.queries.devices import devices_of
from crisisdesk.notifications.transports import push, sealing

MOST_DEVICES = 10
_LONGEST = 2000


def subscribe(
    *, endpoint: str, p256dh: str, auth: str, label: str, actor: Reader, at: datetime
) -> Address:
    """This browser shows the actor's news from now on, and nobody else's: it belongs to who uses it now.

    Only the browser itself could have this address from its push service, so no code is sent. Raises Invalid:
    "push_not_set_up", "push_host_unknown" for what is no push service of a browser, "push_keys_wrong",
    "devices_too_many".
    """
    require_write(actor)
    if not sealing.public_key():
        raise Invalid("push_not_set_up")
    if len(endpoint) > _LONGEST or not push.is_known(endpoint):
        raise Invalid("push_host_unknown")
    try:
        sealing.read_keys(p256dh, auth)
    except sealing.BadKeys as error:
        raise Invalid("push_keys_wrong") from error
    with transaction.atomic():
        people = get_user_model()._default_manager
        people.select_for_update(of=("self",)).get(pk=actor.id)
        here = Address.objects.filter(transport=Transport.PUSH, value=endpoint, removed_at=None)
        here.exclude(user_id=actor.id).update(removed_at=at, value="", keys={})
        own = here.filter(user_id=actor.id).first()
        if own is None:
            if devices_of(actor.user).count() >= MOST_DEVICES:
                raise Invalid("devices_too_many", most=MOST_DEVICES)
            own = Address(user_id=actor.id, transport=Transport.PUSH, value=endpoint, created_at=at)
        own.keys = {"p256dh": p256dh, "auth": auth, "desk": sealing.public_key()}
        own.label, own.verified_at, own.off_at, own.off_reason = label[:80], at, None, ""
        own.save()
    return own


def unsubscribe(*, endpoint: str, actor: Reader, at: datetime) -> None:
    """This browser shows the actor no news any more; one that never did is left as it is."""
    require_write(actor)
    devices_of(actor.user).filter(value=endpoint).update(removed_at=at, value="", keys={})
