"""Every press of the room: who may not, finds nothing or is refused, and nothing is written."""

from __future__ import annotations

from django.urls import URLPattern

from crisisdesk.incidents.domain import notebook, promises, regulators
from crisisdesk.incidents.models import (
    ChecklistItem,
    Deadline,
    Evidence,
    Fact,
    Incident,
    Question,
    ScreeningQuestion,
)
from crisisdesk.web import urls_room
from tests.factories.incidents import LINK, Desk, revision_of
from tests.factories.newer import make_newer
from tests.factories.organisation import NOON
from tests.web.desk.test_desk import signed_in

# What a person with the right would send; every address of the room that takes a press.
PRESSES: dict[str, dict[str, str]] = {
    "incident-write": {"kind": "note", "text": "Hello"},
    "items-assign": {"items": "ITEM", "owner": "STAFF"},
    "item-tick": {},
    "item-undo": {},
    "item-skip": {"reason": "The account is gone"},
    "item-assign": {"owner": "STAFF"},
    "item-attach": {"url": LINK},
    "event-amend": {"text": "It was later"},
    "incident-status": {"to": "active"},
    "incident-severity": {"to": "sev1"},
    "incident-title": {"title": "Other", "version": "1"},
    "incident-cancel": {"reason": "false_alarm", "line": "Nothing"},
    "incident-reopen": {"reason": "It came back"},
    "incident-restrict": {"restricted": "yes"},
    "incident-role": {"role": "scribe", "user": "STAFF"},
    "fact": {"version": "1", "text": "Other", "known": "yes"},
    "question": {"version": "1", "answer": "No"},
    "promise": {"text": "The analysis", "due_at": "2026-11-18T20:00"},
    "promise-kept": {},
    "screening": {"answer": "yes"},
    "incident-reach": {"channels": "x", "languages": "ar"},
    "take-over": {"revision": "NEWER", "items": "new-item"},
    "incident-strategy": {"line": "inform", "reason": "It is no fault of ours"},
    "regulator-add": {"key": "sec-8k"},
    "regulator-answer": {"applies": "no", "version": "2"},
    "regulator-notice": {"version": "2", "contents.nature": "A list was copied"},
    "deadline": {"do": "waive", "reason": "Nobody asks"},
    "incident-update": {"do": "answer", "text": "Not yet"},
}
READ_ONLY = {
    "incident",
    "incident-head",
    "incident-news",
    "incident-checklists",
    "newer-revision",
    "item",
    "evidence",
    "incident-timeline",
    "incident-deadlines",
    "regulators",
    "event-told",
    "deadline-told",
}


def addresses() -> dict[str, URLPattern]:
    """Return every address of the room by name."""
    return {str(pattern.name): pattern for pattern in urls_room.urlpatterns}


def prepared(desk: Desk, incident: Incident) -> dict[str, int | str]:
    """Return one row of each kind, for the addresses."""
    by = {"actor": desk.actor("staff"), "at": NOON}
    notebook.state_fact(incident_id=incident.pk, text="A fact", is_known=True, **by)
    notebook.ask_question(incident_id=incident.pk, text="Yours?", asker="press", **by)
    due = NOON.replace(hour=20)
    promise = promises.make_commitment(incident_id=incident.pk, text="News", due_at=due, **by)
    clock = regulators.add_regulator(
        incident_id=incident.pk, key="gdpr-authority", actor=desk.actor("lead"), at=NOON
    )
    regulators.answer_regulator(
        clock_id=clock.pk, applies=True, version=1, actor=desk.actor("lead"), at=NOON
    )
    make_newer(incident.playbook_revision)
    kept = Evidence.objects.create(
        incident=incident, url=LINK, name="post", added_by=desk.staff, added_at=NOON
    )
    return {
        "reference": incident.reference,
        "item_id": ChecklistItem.objects.filter(incident=incident)[0].pk,
        "number": 1,
        "fact_id": Fact.objects.get().pk,
        "question_id": Question.objects.get().pk,
        "commitment_id": promise.pk,
        "deadline_id": Deadline.objects.filter(incident=incident, kind="holding")[0].pk,
        "evidence_id": kept.pk,
        "clock_id": clock.pk,
        "screening_id": ScreeningQuestion.objects.filter(incident=incident)[0].pk,
    }


def path_of(name: str, ids: dict[str, int | str]) -> str:
    """Return the address with these ids in it."""
    route = str(addresses()[name].pattern)
    for key, value in ids.items():
        route = route.replace(f"<int:{key}>", str(value)).replace(f"<str:{key}>", str(value))
    return f"/{route}"


def test_every_address_of_the_room_is_tried() -> None:
    assert set(addresses()) == set(PRESSES) | READ_ONLY


def test_who_may_not_changes_nothing(desk: Desk, incident: Incident) -> None:
    ids = prepared(desk, incident)
    words = {"STAFF": str(desk.staff.pk), "ITEM": str(ids["item_id"])}
    words["NEWER"] = str(revision_of("fake-support-account").pk)
    incident.refresh_from_db()
    before = (incident.last_number, incident.last_hash, incident.version)
    stranger = signed_in(desk.stranger)
    readers = [signed_in(person) for person in (desk.executive, desk.observer, desk.admin)]
    for name, values in PRESSES.items():
        given = {key: words.get(value, value) for key, value in values.items()}
        path = path_of(name, ids)
        assert stranger.post(path, given).status_code == 404, name
        for reader in readers:
            # An address that the person may not press may also not exist for them.
            assert reader.post(path, given).status_code in (403, 404), name
    incident.refresh_from_db()
    assert (incident.last_number, incident.last_hash, incident.version) == before


def test_a_stranger_finds_no_address(desk: Desk, incident: Incident) -> None:
    ids, stranger = prepared(desk, incident), signed_in(desk.stranger)
    for name in [*PRESSES, *READ_ONLY]:
        assert stranger.get(path_of(name, ids)).status_code in (404, 405), name


def test_an_executive_reads_without_a_button(desk: Desk, incident: Incident) -> None:
    ids, executive = prepared(desk, incident), signed_in(desk.executive)
    for name in READ_ONLY - {"evidence"}:
        page = executive.get(path_of(name, ids))
        assert page.status_code == 200, name
        for press in PRESSES:
            assert f'action="{path_of(press, ids)}"' not in page.content.decode(), (name, press)
