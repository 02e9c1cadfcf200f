"""A person's addresses: added, confirmed with a code that only the other side saw, tested, removed.

Codes are secrets: the carrier sends them at once, they never enter the outbox, and only a keyed hash
of one is kept. What is sent here goes out outside any transaction.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from crisisdesk.core import languages
from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.notifications.domain.inbox import Reader, require_write
from crisisdesk.notifications.domain.settling import switch_off
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address
from crisisdesk.notifications.queries.addresses import addresses_of
from crisisdesk.notifications.registry import Rendered
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.notifications.transports.carrying import (
    ANSWER,
    Carrier,
    Parcel,
    Refused,
    Unreachable,
)

logger = logging.getLogger(__name__)

PAGE = "/settings/transports/"
MOST_ADDRESSES = 20
LONGEST = 2000
CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=15)
CODE_PAUSE = timedelta(minutes=1)
CODE_DAY = timedelta(days=1)
MOST_TRIES = 5
MOST_CODES = 10  # a person within CODE_DAY, over all their addresses
_SAID = 300  # characters of an answer that a sentence quotes


def add_address(
    *, transport: str, value: str, actor: Reader, at: datetime, label: str = ""
) -> Address:
    """The actor has this address, and the code that confirms it has been sent there.

    Nothing is written unless the other side took the code. Raises Invalid: "transport_unknown" for a
    way in which nothing is typed, "transport_not_set_up", "address_form" at `value`,
    "address_exists", "addresses_too_many", "codes_too_many", "code_not_sent" with the answer.
    """
    require_write(actor)
    carrier = _typed(transport)
    _require_set_up(carrier)
    address = Address(
        user_id=actor.id,
        transport=transport,
        value=_clean(carrier, value),
        label=label.strip()[:80],
        created_at=at,
    )
    _require_room(actor, address)
    if carrier.proves_itself:
        address.verified_at = at
    else:
        _require_codes_left(actor, at=at)
        _give_code(address, carrier, actor, at=at)
    with transaction.atomic():
        _lock(actor)
        _require_room(actor, address)
        address.save()
    return address


def send_code(*, address_id: int, actor: Reader, at: datetime) -> Address:
    """A new code has been sent to this address; the one before it counts no more.

    Also for an address that the other side had switched off. Raises NotVisible, Invalid:
    "transport_not_set_up", "code_too_soon", "codes_too_many", "code_not_sent" with the answer.
    """
    require_write(actor)
    address = _own(address_id, actor)
    carrier = _typed(address.transport)
    _require_set_up(carrier)
    if address.code_expires_at and at < address.code_expires_at - CODE_LIFE + CODE_PAUSE:
        raise Invalid("code_too_soon")
    _require_codes_left(actor, at=at)
    _give_code(address, carrier, actor, at=at)
    address.save(update_fields=["code_hash", "code_expires_at", "code_attempts", "codes_sent"])
    return address


def confirm_address(*, address_id: int, code: str, actor: Reader, at: datetime) -> Address:
    """The actor has read the code there, so news goes there from now on.

    A wrong code is counted, and nothing else is written. Raises NotVisible, Invalid at `code`:
    "code_expired" (also where none was sent), "code_wrong", "code_tries_spent" after MOST_TRIES.
    """
    require_write(actor)
    with transaction.atomic():
        address = _own(address_id, actor, lock=True)
        if not address.code_hash or not address.code_expires_at or at >= address.code_expires_at:
            raise Invalid("code_expired", field="code")
        if address.code_attempts >= MOST_TRIES:
            raise Invalid("code_tries_spent", field="code")
        is_right = hmac.compare_digest(address.code_hash, _hash(address, _digits(code)))
        if is_right:
            address.code_hash, address.code_attempts = "", 0
            address.verified_at, address.off_at, address.off_reason = at, None, ""
        else:
            address.code_attempts += 1
        address.save()
    if not is_right:
        raise Invalid("code_wrong", field="code")
    return address


def remove_address(*, address_id: int, actor: Reader, at: datetime) -> None:
    """Nothing is sent there any more, and what the address held is forgotten. What was sent there stays
    in the log. Raises NotVisible for an address of somebody else.
    """
    require_write(actor)
    with transaction.atomic():
        _forget(addresses_of(actor.user).filter(pk=_own(address_id, actor, lock=True).pk), at=at)


def forget_addresses(user: Any, *, at: datetime) -> None:
    """Remove every address of somebody who leaves the desk for good; the caller has asked whether it
    may.
    """
    _forget(addresses_of(user), at=at)


def _forget(rows: QuerySet[Address], *, at: datetime) -> None:
    nothing = dict.fromkeys(
        ("value", "label", "secret", "previous_secret", "code_hash", "test_answer", "off_reason"),
        "",
    )
    rows.update(removed_at=at, keys={}, **nothing)


def send_test(*, actor: Reader, at: datetime, address_id: int | None = None) -> str:
    """A message of no consequence has been sent to this address, or to the actor's own mail; returns
    what the other side said. The answer is kept with the address, good or bad.

    Raises NotVisible, Invalid: "address_unverified", "transport_not_set_up", "test_refused" with the
    answer.
    """
    require_write(actor)
    address = None if address_id is None else _own(address_id, actor)
    if address is not None and address.verified_at is None:
        raise Invalid("address_unverified")
    carrier = _carrier(address.transport if address else Transport.EMAIL)
    _require_set_up(carrier)
    with translation.override(actor.user.language):
        words = Rendered(
            subject=_("A test from the desk"),
            headline=_("A test from the desk"),
            lines=(_("This way works: news of your incidents can reach you here."),),
            action_label=_("How you are told"),
            path=PAGE,
            because=_("You asked for this test."),
        )
    try:
        answer = carrier.send(_parcel("test", words, address, actor, at=at))
    except (Refused, Unreachable) as error:
        said = str(error)
        _keep_answer(address, said, at=at)
        if address is not None and isinstance(error, Refused) and error.gone:
            switch_off(address.pk, reason=said, at=at)
        raise Invalid("test_refused", answer=said[:_SAID]) from error
    _keep_answer(address, answer, at=at)
    return answer


def _keep_answer(address: Address | None, answer: str, *, at: datetime) -> None:
    logger.info("A test by %s: %s", address.transport if address else Transport.EMAIL, answer)
    if address is not None:
        Address.objects.filter(pk=address.pk).update(
            tested_at=at, test_answer=answer[:ANSWER].replace("\0", "")
        )


def _give_code(address: Address, carrier: Carrier, actor: Reader, *, at: datetime) -> None:
    """Send a code to the address and put its hash on the row, which the caller saves."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    with translation.override(actor.user.language):
        told = _("%(code)s is the code for this address.") % {"code": code}
        words = Rendered(
            subject=told,
            headline=told,
            lines=(
                _("Enter it under Settings, How you are told, within 15 minutes."),
                _("If you did not ask for it, there is nothing to do."),
            ),
            action_label=_("How you are told"),
            path=PAGE,
            because=_("Somebody gave this address so that the desk tells them here."),
        )
    try:
        carrier.send(_parcel("code", words, address, actor, at=at))
    except (Refused, Unreachable) as error:
        raise Invalid("code_not_sent", field="value", answer=str(error)[:_SAID]) from error
    last = address.code_expires_at
    address.codes_sent = 1 if last is None or last < at - CODE_DAY else address.codes_sent + 1
    address.code_hash, address.code_attempts = _hash(address, code), 0
    address.code_expires_at = at + CODE_LIFE


def _parcel(
    kind: str, words: Rendered, address: Address | None, actor: Reader, *, at: datetime
) -> Parcel:
    person = actor.user
    return Parcel(
        key=f"{kind}-{secrets.token_hex(8)}",
        address=address,
        person=person,
        rendered=words,
        language=person.language,
        direction=languages.direction(person.language),
        kind=kind,
        topic="desk",
        topic_id=0,
        number=None,
        created_at=at,
        at=at,
        attempt=1,
        is_test=True,
    )


def _carrier(transport: str) -> Carrier:
    found = CARRIERS.get(Transport(transport)) if transport in Transport.values else None
    if found is None:
        raise Invalid("transport_unknown", field="transport")
    return found


def _typed(transport: str) -> Carrier:
    """Return the carrier of a way in which a person types where they are reached."""
    found = _carrier(transport)
    if found.entry is None:
        raise Invalid("transport_unknown", field="transport")
    return found


def _require_set_up(carrier: Carrier) -> None:
    if not carrier.is_set_up():
        raise Invalid("transport_not_set_up", field="transport")


def _clean(carrier: Carrier, value: str) -> str:
    if "\0" in value or not 0 < len(value) <= LONGEST:
        raise Invalid("address_form", field="value")
    return carrier.clean(value)


def _require_room(actor: Reader, address: Address) -> None:
    own = addresses_of(actor.user)
    if own.filter(transport=address.transport, value=address.value).exists():
        raise Invalid("address_exists", field="value")
    if own.count() >= MOST_ADDRESSES:
        raise Invalid("addresses_too_many", field="value", most=MOST_ADDRESSES)


def _require_codes_left(actor: Reader, *, at: datetime) -> None:
    """Raise when the person asked for too many codes; removing an address gives none back."""
    lately = Address.objects.filter(user_id=actor.id, code_expires_at__gt=at - CODE_DAY)
    if (lately.aggregate(sent=Sum("codes_sent"))["sent"] or 0) >= MOST_CODES:
        raise Invalid("codes_too_many", field="value", most=MOST_CODES)


def _lock(actor: Reader) -> None:
    people = get_user_model()._default_manager
    people.select_for_update(of=("self",)).get(pk=actor.id)


def _own(address_id: int, actor: Reader, *, lock: bool = False) -> Address:
    rows = addresses_of(actor.user).filter(pk=address_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible
    return found


def _digits(code: str) -> str:
    """Return the code as it was sent, in whichever digits and with whatever spaces it was typed."""
    return "".join(str(int(letter)) for letter in code if letter.isdecimal())


def _hash(address: Address, code: str) -> str:
    """Return the keyed hash of a code, which is worth nothing for another address."""
    said = f"{address.user_id}:{address.transport}:{address.value}:{code}"
    return salted_hmac("crisisdesk.address.code", said, algorithm="sha256").hexdigest()
