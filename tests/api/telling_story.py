"""How somebody is told elsewhere than in the desk, through the API."""

from __future__ import annotations

import pytest

from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address, Notification
from crisisdesk.notifications.transports.carriers import CARRIERS
from tests.api.caller import Caller
from tests.factories.notifications import FakeCarrier


def told_elsewhere(lead: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address from its code to its removal, a test, and a given-up mail sent again."""
    slack = FakeCarrier()
    monkeypatch.setitem(CARRIERS, Transport.SLACK, slack)
    wanted = {"transport": "slack", "value": "U1", "label": "On call"}
    made = lead.does("post", "transports/addresses/", wanted)
    assert (made["state"], made["shown"]) == ("waits", "U1")
    path = f"transports/addresses/{made['id']}/"
    code = slack.parcels[0].rendered.subject[:6]
    assert lead.does("post", f"{path}confirm/", {"code": code})["state"] == "ready"
    assert lead.does("post", f"{path}test/") == {"answer": "ok"}
    Address.objects.filter(pk=made["id"]).update(code_expires_at=None)
    lead.does("post", f"{path}code/")
    ways = {way["transport"]: way for way in lead.get("transports/")["results"]}
    assert [one["test_answer"] for one in ways["slack"]["addresses"]] == ["ok"]
    assert ways["slack"]["entry"]["label"] == "Name" and ways["email"]["entry"] is None
    lead.does("post", f"{path}remove/")
    assert lead.does("post", "transports/test/") == {"answer": ""}
    Notification.objects.filter(transport="email", recipient=lead.user).update(state="failed")
    (lost, *_) = lead.get("given-up/")["results"]
    assert (lost["transport"], lost["recipient"]) == ("email", lead.user.pk)
    assert lead.does("post", "given-up/again/", {"messages": [lost["id"]]}) == {"count": 1}
