"""Who gets in, and what they find: strangers nothing, read tokens no writing, nobody nothing."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from crisisdesk.incidents.domain import roles
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.tokens import create_token
from tests.api.caller import ROOT, Caller, state
from tests.api.room import Full, body_of, make_full, query_of
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON

# What everybody who is signed in may do, because it is about themselves.
OWN = {
    "get_me", "change_me", "list_users", "mark_all_read", "list_transports", "add_address", "test_my_mail",
    "add_webhook", "add_device", "remove_device", "read_push_key",
    "read_choices", "choose_news", "read_quiet_hours", "set_quiet_hours",
    "read_morning", "set_morning",
}  # fmt: skip


@pytest.fixture
def full(desk: Desk) -> Full:
    """A room in which every kind of row exists."""
    return make_full(desk)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """A hundred refusals a test are expected."""
    logging.getLogger("django.request").setLevel(logging.ERROR)


def crawl(caller: Caller, desk: Desk, full: Full) -> list[tuple[str, int, Any]]:
    """Ask for everything that the description offers and return what came."""
    found = []
    for each in full.operations():
        body = body_of(each.name, desk) if each.writes else None
        response = caller.call(each.method, each.path + query_of(each.name), body)
        found.append((each.name, response.status_code, response))
    return found


def test_a_stranger_finds_nothing(desk: Desk, full: Full, stranger: Caller) -> None:
    before = state()
    for name, status, response in crawl(stranger, desk, full):
        if name in OWN:
            continue
        body = response.json()
        if status == 200:
            assert body == {"results": [], "next": None}, name
        elif name in ("open_incident", "open_plan"):
            assert (status, body["code"]) == (422, "no_such_brand")
        elif name == "make_calendar":
            assert (status, body["code"]) == (422, "no_such_incident")
        elif name == "name_stand_in":
            assert (status, body["code"]) == (422, "no_such_person")
        else:
            assert (status, response.json()["fields"].keys() <= {"brand"}) == (404, True), name
    now = state()
    own = {
        "organisation.User",
        *(f"notifications.{each}" for each in ("MorningTime", "Preference", "QuietHours")),
    }
    assert {name for name in now if now[name] != before[name]} == own
    assert [person["id"] for person in stranger.get("users/")["results"]] == [desk.stranger.pk]


def test_a_restricted_incident_is_hidden_from_the_administrator(desk: Desk, full: Full) -> None:
    roles.restrict(incident_id=full.incident.pk, restricted=True, actor=desk.actor("lead"), at=NOON)
    admin = Caller(desk.admin)
    for each in full.operations():
        if each.path.startswith("incidents/CD-"):
            body = body_of(each.name, desk) if each.writes else None
            assert admin.call(each.method, each.path, body).status_code == 404, each.name
    assert admin.get("incidents/")["results"] == admin.get("deadlines/")["results"] == []


def test_a_read_token_writes_nothing(desk: Desk, full: Full) -> None:
    reader = Caller(desk.lead, scope="read")
    before = state()
    for each in full.operations():
        if not each.writes:
            continue
        response = reader.call(each.method, each.path, body_of(each.name, desk))
        assert (response.status_code, response.json()["code"]) == (403, "read_only_token")
    assert state() == before
    assert reader.get("me/")["scope"] == "read"
    assert len(reader.get("incidents/")["results"]) == 1


def test_nobody_gets_nothing(desk: Desk, full: Full) -> None:
    client = APIClient()
    before = state()
    for each in full.operations():
        response = getattr(client, each.method)(ROOT + each.path, format="json")
        assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")
        assert response.headers["WWW-Authenticate"] == "Token"
    assert state() == before


def test_every_role_reads_without_a_fault(desk: Desk, full: Full) -> None:
    for name in ("observer", "executive", "staff", "approver", "lead", "admin"):
        caller = Caller(getattr(desk, name))
        for each in full.operations():
            if not each.writes:
                response = caller.call(each.method, each.path + query_of(each.name))
                seen_by = {
                    "download_report": (),
                    "list_webhook_messages": ("lead",),
                    "list_given_up": ("staff", "lead", "admin"),  # this room's staff leads, too
                }
                absent = name not in seen_by.get(each.name, (name,))
                assert response.status_code == (404 if absent else 200), (name, each.name)


@pytest.mark.parametrize(
    "header",
    ["Token", "Token x y", "Token wrong", "Bearer 123", "Token \xff\xfe", "Token " + "é" * 64],
)
def test_a_wrong_token_is_refused(desk: Desk, header: str) -> None:
    response = APIClient().get(f"{ROOT}me/", headers={"Authorization": header})
    assert (response.status_code, response.json()["code"]) == (401, "token_wrong")


def test_expired_revoked_and_left(
    desk: Desk, lead: Caller, at_noon: time_machine.Traveller
) -> None:
    until = NOON + timedelta(minutes=5)
    token = create_token(
        user_id=desk.lead.pk, name="t", scope="read", expires_at=until, actor=SYSTEM, at=NOON
    )
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token.secret}")
    assert client.get(f"{ROOT}me/").status_code == 200
    at_noon.shift(timedelta(minutes=5))
    response = client.get(f"{ROOT}me/")
    assert (response.status_code, response.json()["code"]) == (401, "token_expired")
    desk.lead.is_active = False
    desk.lead.save()
    assert lead.call("get", "me/").json()["code"] == "token_wrong"


def test_a_session_needs_the_forms_token(desk: Desk) -> None:
    incident = make_incident(desk)
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(desk.lead)
    path = f"{ROOT}incidents/{incident.reference}/notes/"
    before = state()
    response = client.post(path, {"text": "T"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "form_expired")
    assert state() == before
    client.get("/api/v1/docs/")
    secret = next(value for name, value in client.cookies.items() if name.startswith("desk_csrf"))
    response = client.post(
        path, {"text": "T"}, format="json", headers={"X-CSRFToken": secret.value}
    )
    assert response.status_code == 201
    assert response.json()["source"] == "api"


def test_refusals_speak_the_readers_language(desk: Desk) -> None:
    desk.lead.language = "ar"
    desk.lead.save()
    caller = Caller(desk.lead)
    response = caller.call("get", "incidents/CD-1999-0001/")
    assert response.status_code == 404
    assert response.headers["Content-Language"] == "ar"


def test_an_address_that_is_none(lead: Caller, desk: Desk) -> None:
    response = lead.client.get(f"{ROOT}nothing/here/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert APIClient().get(f"{ROOT}nothing/").status_code == 401
    response = lead.client.delete(f"{ROOT}me/")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert lead.client.options(f"{ROOT}me/").status_code == 405
