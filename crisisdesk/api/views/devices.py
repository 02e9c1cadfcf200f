"""Browsers that show the asker's news while the desk is closed."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import devices as shapes
from crisisdesk.notifications.domain import devices
from crisisdesk.notifications.queries.devices import devices_of
from crisisdesk.notifications.transports import sealing


@read("Read the desk's key for browser news", answer=shapes.PushKey)
def read_push_key(call: Call) -> shapes.PushKey:
    """What a browser wants as applicationServerKey; empty when the desk has none."""
    return {"key": sealing.public_key()}


@read("List your browsers", answer=shapes.Device, many=True)
def list_devices(call: Call) -> Page:
    """The newest first; one that ended says since when."""
    return {"results": [shapes.device(one) for one in devices_of(call.user)], "next": None}


class Subscription(Input):
    """What PushManager.subscribe() gave, and a name for the device."""

    endpoint = serializers.CharField(max_length=2000)
    p256dh = serializers.CharField(max_length=200)
    auth = serializers.CharField(max_length=100)
    label = serializers.CharField(max_length=80)  # type: ignore[assignment]


@write(
    "Show news in a browser",
    answer=shapes.Device,
    status=201,
    body=Subscription,
    refuses=(
        "push_not_set_up",
        "push_host_unknown",
        "push_keys_wrong",
        "devices_too_many",
    ),
)
def add_device(call: Call) -> shapes.Device:
    """The browser belongs to the asker from now on, whoever had it before."""
    return shapes.device(devices.subscribe(**call.body, actor=call.actor, at=call.at))


class Endpoint(Input):
    """The browser's address at its push service."""

    endpoint = serializers.CharField(max_length=2000)


@write("Show no news in a browser any more", body=Endpoint)
def remove_device(call: Call) -> None:
    """One that never did is left as it is."""
    devices.unsubscribe(**call.body, actor=call.actor, at=call.at)


ROUTES = {
    "devices/": endpoint(get=list_devices, post=add_device),
    "devices/key/": endpoint(get=read_push_key),
    "devices/remove/": endpoint(post=remove_device),
}
