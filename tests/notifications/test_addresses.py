"""An address is added, confirmed with a code that only the other side saw, tested and removed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from crisisdesk.core.errors import DomainError, Invalid, NotAllowed, NotVisible
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.notifications.domain import addresses
from crisisdesk.notifications.domain.ways import shown_value, ways_of
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address, Notification
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.notifications.transports.carrying import Parcel, Refused, Unreachable
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.domain.people import anonymise_user
from crisisdesk.organisation.enums import Role, TokenScope
from crisisdesk.organisation.models import User
from tests.factories.notifications import FakeCarrier, make_address, tell
from tests.factories.notifications import message as news
from tests.factories.organisation import NOON, make_brand, make_member
from tests.peers import Mailbox

MINUTE = timedelta(minutes=1)


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> FakeCarrier:
    """Slack as the tests have it."""
    made = FakeCarrier()
    monkeypatch.setitem(CARRIERS, Transport.SLACK, made)
    return made


def add(person: User, value: str = "U1", at=NOON, **given: object) -> Address:
    """Add an address for Slack."""
    return addresses.add_address(
        transport="slack", value=value, actor=Actor(person), at=at, **given
    )


def code_in(parcel: Parcel) -> str:
    """The code that the other side received."""
    (found,) = re.findall(r"\d{6}", parcel.rendered.subject)
    return str(found)


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 10**6:06}"


def refuses(code: str, act) -> DomainError:
    """Run the act, which must be refused so and write nothing."""
    before = list(Address.objects.order_by("pk").values())
    with pytest.raises(DomainError) as caught:
        act()
    assert caught.value.code == code
    assert list(Address.objects.order_by("pk").values()) == before
    return caught.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_sent_at_once_in_the_readers_language_and_never_by_the_outbox(
    sara: User, slack: FakeCarrier, language: str
) -> None:
    sara.language = language
    made = add(sara, " U1 ", label=" On call ")
    (parcel,) = slack.parcels
    code = code_in(parcel)
    assert (made.value, made.label, made.verified_at) == ("U1", "On call", None)
    assert (parcel.kind, parcel.is_test, parcel.language) == ("code", True, language)
    assert parcel.address == made and parcel.key.startswith("code-")
    assert code not in str(list(Address.objects.values()))
    assert not Notification.objects.exists()
    tell([news(sara)])
    assert not Notification.objects.filter(transport="slack").exists()


def test_the_code_confirms_in_whichever_digits_and_counts_once(
    nadia: User, slack: FakeCarrier
) -> None:
    made = add(nadia)
    code = code_in(slack.parcels[0])
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    typed = f" {arabic[:3]} {arabic[3:]} "

    def confirm(given: str) -> Address:
        return addresses.confirm_address(
            address_id=made.pk, code=given, actor=Actor(nadia), at=NOON + MINUTE
        )

    assert confirm(typed).verified_at == NOON + MINUTE
    refuses("code_expired", lambda: confirm(code))
    tell([news(nadia)])
    assert Notification.objects.get(transport="slack").address_id == made.pk


def test_a_wrong_code_is_counted_and_five_spend_the_right_one(
    sara: User, slack: FakeCarrier
) -> None:
    made = add(sara)
    code = code_in(slack.parcels[0])

    def confirm(given: str, at=NOON) -> Address:
        return addresses.confirm_address(address_id=made.pk, code=given, actor=Actor(sara), at=at)

    for number in range(addresses.MOST_TRIES):
        with pytest.raises(Invalid, match="code_wrong"):
            confirm(wrong(code))
        made.refresh_from_db()
        assert (made.code_attempts, made.verified_at) == (number + 1, None)
    refuses("code_tries_spent", lambda: confirm(code))
    addresses.send_code(address_id=made.pk, actor=Actor(sara), at=NOON + MINUTE)
    fresh = code_in(slack.parcels[1])
    late = NOON + MINUTE + addresses.CODE_LIFE
    refuses("code_expired", lambda: confirm(fresh, late))
    assert confirm(fresh, late - timedelta(seconds=1)).verified_at


def test_a_code_of_one_address_opens_no_other(
    sara: User, slack: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses.secrets, "randbelow", lambda most: 42)
    first, second = add(sara, "U1"), add(sara, "U2")
    assert code_in(slack.parcels[0]) == "000042"
    assert first.code_hash != second.code_hash


@pytest.mark.parametrize("error", [Refused("not_in_channel", again=False), Unreachable("away")])
def test_an_address_that_takes_no_code_is_not_kept(
    sara: User, slack: FakeCarrier, error: Exception
) -> None:
    def answer(parcel: Parcel) -> str:
        raise error

    slack.answer = answer
    refused = refuses("code_not_sent", lambda: add(sara))
    assert (refused.field, refused.params) == ("value", {"answer": str(error)})


def test_what_is_refused(sara: User, slack: FakeCarrier) -> None:
    assert refuses("address_form", lambda: add(sara, "two words")).field == "value"
    assert refuses("address_form", lambda: add(sara, "x" * 2001)).field == "value"
    assert refuses("address_form", lambda: add(sara, "a\0b")).field == "value"
    made = add(sara)
    assert refuses("address_exists", lambda: add(sara)).field == "value"
    again = {"address_id": made.pk, "actor": Actor(sara)}
    refuses("code_too_soon", lambda: addresses.send_code(at=NOON + MINUTE / 2, **again))
    refuses("address_unverified", lambda: addresses.send_test(at=NOON, **again))
    slack.is_there = False
    refuses("transport_not_set_up", lambda: add(sara, "U2"))
    refuses("transport_not_set_up", lambda: addresses.send_code(at=NOON + MINUTE, **again))
    slack.entry = None
    refuses("transport_unknown", lambda: add(sara, "U2"))
    for transport in ("pigeon", "inbox", "email"):
        refuses(
            "transport_unknown",
            lambda transport=transport: addresses.add_address(
                transport=transport, value="x", actor=Actor(sara), at=NOON
            ),
        )
    reader = Actor(sara, scope=TokenScope.READ)
    with pytest.raises(NotAllowed, match="read_only_token"):
        addresses.remove_address(address_id=made.pk, actor=reader, at=NOON)


def test_codes_are_counted_by_the_day_and_removing_gives_none_back(
    sara: User, nadia: User, slack: FakeCarrier
) -> None:
    for number in range(addresses.MOST_CODES):
        made = add(sara, f"U{number}")
        addresses.remove_address(address_id=made.pk, actor=Actor(sara), at=NOON)
    refuses("codes_too_many", lambda: add(sara))
    assert add(nadia).value == "U1"
    assert add(sara, at=NOON + addresses.CODE_DAY + addresses.CODE_LIFE).value == "U1"


def test_no_more_than_twenty_addresses(sara: User, slack: FakeCarrier) -> None:
    for number in range(addresses.MOST_ADDRESSES):
        make_address(sara, "slack", f"V{number}")
    refuses("addresses_too_many", lambda: add(sara))


def test_a_stranger_finds_no_address(sara: User, dana: User, slack: FakeCarrier) -> None:
    theirs = {"address_id": make_address(sara, "slack").pk, "actor": Actor(dana), "at": NOON}
    for act in (
        addresses.send_code,
        addresses.send_test,
        addresses.remove_address,
        lambda **given: addresses.confirm_address(code="000000", **given),
    ):
        with pytest.raises(NotVisible):
            act(**theirs)
    assert slack.parcels == []


def test_a_test_goes_out_at_once_and_its_answer_is_kept(sara: User, slack: FakeCarrier) -> None:
    made = make_address(sara, "slack")
    given = {"address_id": made.pk, "actor": Actor(sara)}
    slack.answer = lambda parcel: "200 ok"
    assert addresses.send_test(at=NOON, **given) == "200 ok"
    made.refresh_from_db()
    assert (made.tested_at, made.test_answer, made.off_at) == (NOON, "200 ok", None)

    def gone(parcel: Parcel) -> str:
        raise Refused("410 archived", gone=True)

    slack.answer = gone
    with pytest.raises(Invalid, match="test_refused") as caught:
        addresses.send_test(at=NOON + MINUTE, **given)
    assert caught.value.params == {"answer": "410 archived"}
    made.refresh_from_db()
    assert (made.test_answer, made.off_reason) == ("410 archived", "410 archived")
    assert not Notification.objects.exists()


def test_an_address_that_was_switched_off_is_confirmed_anew(sara: User, slack: FakeCarrier) -> None:
    made = make_address(sara, "slack", off_at=NOON, off_reason="410")
    given = {"address_id": made.pk, "actor": Actor(sara)}
    addresses.send_code(at=NOON, **given)
    addresses.confirm_address(code=code_in(slack.parcels[0]), at=NOON, **given)
    made.refresh_from_db()
    assert (made.off_at, made.off_reason, made.is_usable) == (None, "", True)


def test_a_test_of_ones_own_mail_shows_the_servers_answer(sara: User, smtp_mail: Mailbox) -> None:
    assert addresses.send_test(actor=Actor(sara), at=NOON) == "250 OK"
    (letter,) = smtp_mail.wait(1)
    assert (letter["To"], letter["Subject"]) == (sara.email, "A test from the desk")
    smtp_mail.refuse = lambda envelope: "550 5.7.1 not from you"
    with pytest.raises(Invalid, match="test_refused") as caught:
        addresses.send_test(actor=Actor(sara), at=NOON)
    assert caught.value.params == {"answer": "550 5.7.1 not from you"}


def test_what_was_removed_is_forgotten_and_may_be_added_again(
    sara: User, slack: FakeCarrier
) -> None:
    made = make_address(
        sara, "slack", label="On call", secret="s", keys={"a": "b"}, test_answer="ok"
    )
    addresses.remove_address(address_id=made.pk, actor=Actor(sara), at=NOON)
    made.refresh_from_db()
    held = (made.value, made.label, made.secret, made.keys, made.test_answer)
    assert (held, made.removed_at) == (("", "", "", {}, ""), NOON)
    with pytest.raises(NotVisible):
        addresses.remove_address(address_id=made.pk, actor=Actor(sara), at=NOON)
    assert add(sara).pk != made.pk


def test_a_transport_that_proves_itself_needs_no_code(sara: User, slack: FakeCarrier) -> None:
    slack.proves_itself = True
    assert add(sara).is_usable
    assert slack.parcels == []


def test_who_is_anonymised_has_no_address_left(db: None) -> None:
    brand = make_brand()
    admin, leaver = make_member(brand, Role.ADMIN), make_member(brand, Role.STAFF)
    made = make_address(leaver, "sms", "+97317000000")
    anonymise_user(user_id=leaver.pk, actor=Actor(admin), at=NOON)
    made.refresh_from_db()
    assert (made.value, made.removed_at) == ("", NOON)


def test_ways_tell_what_is_needed_and_keep_keys_to_themselves(
    sara: User, slack: FakeCarrier
) -> None:
    make_address(sara, "slack", "https://hooks.slack.test/services/T0/B0/secretABCD")
    make_address(sara, "slack", "U2", removed_at=NOON)
    mail, *others = ways_of(sara)
    way = next(way for way in others if way.transport == Transport.SLACK)
    assert (mail.transport, mail.entry, mail.is_set_up) == ("email", None, True)
    assert (way.transport, way.needs, way.is_set_up) == ("slack", "Nothing.", True)
    (place,) = way.places
    assert (place.shown, place.state) == ("https://hooks.slack.test/…ABCD", "ready")
    assert shown_value("+97317000000") == "+97317000000"
    assert shown_value("https://[bad") == "x:///…[bad"
