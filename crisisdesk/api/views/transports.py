"""How the asker is told: transports, addresses, codes, tests."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input, Text
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import transports as shapes
from crisisdesk.notifications.domain import addresses
from crisisdesk.notifications.domain.ways import ways_of

_CODE = ("transport_not_set_up", "codes_too_many", "code_not_sent")


@read("List the ways in which you are told", answer=shapes.TransportShape, many=True)
def list_transports(call: Call) -> Page:
    """Every transport of this desk, what it needs, and your addresses there."""
    return {"results": [shapes.transport(way) for way in ways_of(call.user)], "next": None}


class AddressWanted(Input):
    """Where you are reached by a transport whose `entry` says what is typed."""

    transport = serializers.CharField(max_length=20)
    value = Text(max_length=2000)
    label = Text(max_length=80, required=False, default="")  # type: ignore[assignment]


@write(
    "Add an address",
    answer=shapes.AddressShape,
    status=201,
    body=AddressWanted,
    secret=True,
    refuses=(
        "transport_unknown",
        "address_form",
        "service_unknown",
        "service_option",
        "address_exists",
        "addresses_too_many",
        *_CODE,
    ),
)
def add_address(call: Call) -> shapes.AddressShape:
    """A code is sent there; nothing is kept unless the other side took it."""
    return shapes.address(
        addresses.add_address(
            transport=call.body["transport"],
            value=call.body["value"],
            label=call.body["label"],
            actor=call.actor,
            at=call.at,
        )
    )


@write(
    "Send another code to an address",
    answer=shapes.AddressShape,
    secret=True,
    refuses=("code_too_soon", "transport_unknown", *_CODE),
)
def send_address_code(call: Call, address_id: int) -> shapes.AddressShape:
    """The code before it counts no more."""
    return shapes.address(addresses.send_code(address_id=address_id, actor=call.actor, at=call.at))


class CodeGiven(Input):
    """The code that was sent there."""

    code = Text(max_length=20)


@write(
    "Confirm an address",
    answer=shapes.AddressShape,
    body=CodeGiven,
    refuses=("code_wrong", "code_expired", "code_tries_spent"),
)
def confirm_address(call: Call, address_id: int) -> shapes.AddressShape:
    """News goes there from now on."""
    return shapes.address(
        addresses.confirm_address(
            address_id=address_id, code=call.body["code"], actor=call.actor, at=call.at
        )
    )


@write("Remove an address")
def remove_address(call: Call, address_id: int) -> None:
    """Nothing is sent there any more, and what it held is forgotten."""
    addresses.remove_address(address_id=address_id, actor=call.actor, at=call.at)


@write(
    "Send a test to an address",
    answer=shapes.TestAnswer,
    secret=True,
    refuses=("address_unverified", "transport_not_set_up", "test_refused"),
)
def test_address(call: Call, address_id: int) -> shapes.TestAnswer:
    """It goes out at once; the answer is the other side's own."""
    said = addresses.send_test(address_id=address_id, actor=call.actor, at=call.at)
    return {"answer": said}


@write(
    "Send a test to your own e-mail",
    answer=shapes.TestAnswer,
    secret=True,
    refuses=("test_refused",),
)
def test_my_mail(call: Call) -> shapes.TestAnswer:
    """It goes out at once; the answer is the mail server's own."""
    return {"answer": addresses.send_test(actor=call.actor, at=call.at)}


ROUTES = {
    "transports/": endpoint(get=list_transports),
    "transports/test/": endpoint(post=test_my_mail),
    "transports/addresses/": endpoint(post=add_address),
    "transports/addresses/<int:address_id>/code/": endpoint(post=send_address_code),
    "transports/addresses/<int:address_id>/confirm/": endpoint(post=confirm_address),
    "transports/addresses/<int:address_id>/remove/": endpoint(post=remove_address),
    "transports/addresses/<int:address_id>/test/": endpoint(post=test_address),
}
