"""No edit is lost and no request runs twice: versions, If-Match, Idempotency-Key."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from crisisdesk.core.models import IdempotencyKey
from crisisdesk.incidents.models import Evidence, Incident, TimelineEvent
from tests.api.caller import Caller, state
from tests.factories.incidents import Desk

OPENING = {"seen": "S", "playbook": "fake-support-account", "severity": "sev2"}


@pytest.fixture
def fact(room: str, staff: Caller) -> str:
    """The address of a fact at version 1."""
    made = staff.does("post", f"{room}facts/", {"text": "F", "is_known": True})
    return f"{room}facts/{made['id']}/"


def test_a_stale_save_answers_with_the_row_as_it_stands(fact: str, staff: Caller) -> None:
    staff.does("patch", fact, {"text": "Theirs", "version": 1})
    found = staff.refused(409, "stale", "patch", fact, {"text": "Mine", "version": 1})
    assert (found["current"]["text"], found["current"]["version"]) == ("Theirs", 2)


def test_if_match_is_the_same_with_a_header(fact: str, staff: Caller) -> None:
    tag = staff.call("get", fact).headers["ETag"]
    assert tag == '"1"'
    response = staff.call("patch", fact, {"text": "Theirs"}, **{"If-Match": tag})
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
    before = state()
    response = staff.call("patch", fact, {"text": "Mine"}, **{"If-Match": tag})
    assert (response.status_code, response.json()["code"]) == (412, "stale")
    assert response.json()["current"]["text"] == "Theirs"
    response = staff.call("patch", fact, {"text": "Mine"}, **{"If-Match": "latest"})
    assert (response.status_code, response.json()["fields"].keys()) == (400, {"If-Match"})
    assert state() == before


def test_neither_is_asked_for(desk: Desk, fact: str, room: str, staff: Caller) -> None:
    found = staff.refused(428, "version_needed", "patch", fact, {"text": "Mine"})
    assert found["current"]["text"] == "F"
    lead = Caller(desk.lead)
    found = lead.refused(428, "version_needed", "put", f"{room}title/", {"title": "T"})
    assert found["current"]["title"] == "@NourHelp answers our customers"
    found = staff.refused(428, "version_needed", "put", f"{room}postmortem/", {"summary": "S"})
    assert found["current"] is None


def test_two_people_saving_the_same_words(room: str, staff: Caller, lead: Caller) -> None:
    statement = next(
        each for each in staff.get(f"{room}statements/")["results"] if each["stage"] == "holding"
    )
    path = f"{room}statements/{statement['id']}/ar/draft/"
    staff.does("put", path, {"text": "نص أول", "version": 1})
    found = lead.refused(409, "stale", "put", path, {"text": "نص آخر", "version": 1})
    assert found["current"]["revision"]["text"] == "نص أول"
    assert found["current"]["version"] == 2


def test_the_same_opening_twice_is_one_incident(
    lead: Caller, at_noon: time_machine.Traveller
) -> None:
    key = {"Idempotency-Key": "open-1"}
    first = lead.call("post", "incidents/", OPENING, **key)
    at_noon.shift(timedelta(minutes=1))
    after_first = state()
    again = lead.call("post", "incidents/", OPENING, **key)
    assert again.json() == first.json() and again.status_code == first.status_code == 201
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert state() == after_first and Incident.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(lead: Caller) -> None:
    key = {"Idempotency-Key": "open-1"}
    lead.does("post", "incidents/", OPENING, **key)
    for other in ({**OPENING, "seen": "Other"}, {**OPENING, "severity": "sev1"}):
        lead.refused(422, "idempotency_key_reused", "post", "incidents/", other, **key)


def test_a_refused_request_may_be_mended_under_its_key(lead: Caller) -> None:
    key = {"Idempotency-Key": "open-1"}
    lead.refused(422, "title_missing", "post", "incidents/", {**OPENING, "seen": ""}, **key)
    lead.does("post", "incidents/", OPENING, **key)
    assert IdempotencyKey.objects.count() == 1


def test_keys_are_each_persons_own(room: str, staff: Caller, lead: Caller) -> None:
    key = {"Idempotency-Key": "n"}
    for caller in (staff, lead):
        caller.does("post", f"{room}notes/", {"text": "N"}, **key)
    assert TimelineEvent.objects.filter(kind="note_added").count() == 2


def test_a_key_that_is_too_long_is_not_cut(room: str, staff: Caller) -> None:
    key = {"Idempotency-Key": "n" * 81}
    found = staff.refused(400, "malformed", "post", f"{room}notes/", {"text": "N"}, **key)
    assert found["fields"].keys() == {"Idempotency-Key"}


def test_an_upload_is_known_by_its_content(room: str, staff: Caller) -> None:
    def send(content: bytes) -> dict[str, SimpleUploadedFile]:
        return {"file": SimpleUploadedFile("a.txt", content)}

    key = {"Idempotency-Key": "e"}
    path = f"{room}evidence/"
    first = staff.does("post", path, send(b"one"), upload=True, **key)
    assert staff.does("post", path, send(b"one"), upload=True, **key) == first
    assert Evidence.objects.count() == 1
    response = staff.call("post", path, send(b"two"), upload=True, **key)
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")


def test_what_says_nothing_says_it_again(desk: Desk, incident: Incident, lead: Caller) -> None:
    staff = Caller(desk.staff)
    line = staff.get("inbox/")["results"][0]["id"]
    for _ in range(2):
        response = staff.call("post", f"inbox/{line}/read/", **{"Idempotency-Key": "r"})
        assert (response.status_code, response.content) == (204, b"")
