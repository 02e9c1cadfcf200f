"""Deadlines of all incidents narrow by the same as the page does."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from crisisdesk.incidents.models import Incident
from tests.api.caller import Caller
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON


def test_the_list_is_narrowed_and_goes_on_by_cursor(
    desk: Desk, lead: Caller, incident: Incident, at_noon: time_machine.Traveller
) -> None:
    quiet = make_incident(desk, severity="sev4", seen="Quiet one")
    every = lead.get("deadlines/", limit=200)["results"]
    assert {row["incident"] for row in every} == {incident.reference, quiet.reference}
    grave = lead.get("deadlines/", limit=200, severity="sev2")["results"]
    assert {row["severity"] for row in grave} == {"sev2"}
    holding = lead.get("deadlines/", limit=200, kind="holding")["results"]
    assert {row["kind"] for row in holding} == {"holding"}
    assert {row["brand"]["key"] for row in holding} == {desk.brand.key}
    assert lead.get("deadlines/", brand="nowhere")["results"] == []
    assert lead.get("deadlines/", late=True)["results"] == []
    at_noon.shift(timedelta(minutes=20))
    late = lead.get("deadlines/", late=True, limit=200)["results"]
    assert late and all(row["due_at"] < "2026-11-18T12:20:01Z" for row in late)
    assert late == lead.get("deadlines/", limit=200)["results"][: len(late)]
    first = lead.get("deadlines/", limit=10)
    second = lead.get("deadlines/", limit=10, cursor=first["next"])
    assert first["results"] + second["results"] == lead.get("deadlines/", limit=20)["results"]


def test_whoever_has_it_is_named_and_a_stranger_finds_nothing(
    desk: Desk, lead: Caller, stranger: Caller, incident: Incident
) -> None:
    row = next(one for one in lead.get("deadlines/", limit=200)["results"] if one["holders"])
    assert row["owner"] == row["holders"][0]
    assert stranger.get("deadlines/")["results"] == []
    assert stranger.get("deadlines/", brand=desk.brand.key)["results"] == []
    assert NOON.isoformat().startswith(row["started_at"][:10])
