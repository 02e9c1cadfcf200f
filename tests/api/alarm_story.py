"""What people do with the alarms of a deadline, through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.api.caller import Caller
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON


def alarms(desk: Desk, room: str, due: list[dict[str, Any]], lead: Caller, staff: Caller) -> None:
    """Be left alone, say who has it, see who is called next, ask for an update and answer."""
    mine = next(row for row in due if row["owner"] and row["owner"]["id"] == desk.lead.pk)
    deadline = f"{room}deadlines/{mine['id']}/"
    assert lead.get(deadline)["state"] == "running"
    silent = lead.does(
        "post",
        f"{deadline}snooze/",
        {"until": (NOON + timedelta(minutes=30)).isoformat(), "was": None},
    )
    assert silent["silent_until"] and silent["state"] == "running"
    known = lead.get(f"{deadline}receipts/")["results"]
    assert [one["kind"] for one in known] == ["deadline_snoozed"]
    knew = lead.get(f"{room}timeline/1/receipts/")
    assert knew["kind"] == "declared" and knew["receipts"][0]["why"]
    taken = staff.does("post", f"{deadline}acknowledge/", {})
    assert taken["acknowledged_by"]["id"] == desk.staff.pk
    calls = lead.get(f"{deadline}calls/")
    assert calls["silenced"][0]["person"]["id"] == desk.lead.pk and calls["calls"]
    asked = f"{room}update-requests/"
    Caller(desk.executive).does("post", asked, {"question": "Is it over?"})
    assert lead.get(asked)["requests"][0]["question"] == "Is it over?"
    assert lead.does("post", f"{asked}answer/", {"text": "Not yet."})["requests"] == []
    assert lead.does("post", f"{deadline}waive/", {"reason": "Too early"})["state"] == "waived"
