"""The history is append-only and provable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.incidents.domain import audience, notebook, sentences, timeline
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import Incident, TimelineEvent, TimelineText
from crisisdesk.organisation.domain.actors import SYSTEM
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON


def test_nothing_is_recorded_outside_a_transaction(desk: Desk, incident: Incident) -> None:
    class Outside:
        in_atomic_block = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline, "connection", Outside())
        with pytest.raises(RuntimeError):
            timeline.record(incident, EventKind.NOTE_ADDED, actor=SYSTEM, at=NOON)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_an_event(incident: Incident, change: str) -> None:
    rows = TimelineEvent.objects.filter(incident=incident)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(kind="closed") if change == "update" else rows.delete()
    assert rows.get().kind == "declared"


def test_words_can_be_erased_but_not_changed(desk: Desk, incident: Incident) -> None:
    note = notebook.add_note(
        incident_id=incident.pk, text="A private name", actor=desk.actor("staff"), at=NOON
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        TimelineText.objects.filter(event=note).update(text="Another name")
    timeline.erase_text(
        incident.pk, note.number, reason="Asked by the person", actor=desk.actor("admin"), at=NOON
    )
    assert TimelineText.objects.get(event=note).text == ""
    assert timeline.verify(Incident.objects.get(pk=incident.pk)) == []
    erased = TimelineEvent.objects.get(incident=incident, kind="text_erased")
    assert erased.data["number"] == note.number


def test_only_an_admin_erases_words(desk: Desk, incident: Incident) -> None:
    with pytest.raises(NotAllowed):
        timeline.erase_text(incident.pk, 1, reason="No", actor=desk.actor("lead"), at=NOON)
    assert TimelineText.objects.get(event__incident=incident).text == incident.title


def test_a_changed_event_and_a_cut_tail_show(desk: Desk, incident: Incident) -> None:
    for number in range(3):
        notebook.add_note(
            incident_id=incident.pk, text=f"Note {number}", actor=desk.actor("staff"), at=NOON
        )
    fresh = Incident.objects.get(pk=incident.pk)
    assert timeline.verify(fresh) == []
    fresh.last_number -= 1
    assert [fault.what for fault in timeline.verify(fresh)] == ["tail"]
    TimelineText.objects.filter(event__incident=incident, event__number=2)
    fresh = Incident.objects.get(pk=incident.pk)
    forged = TimelineEvent.objects.get(incident=incident, number=3)
    forged.data = {"other": True}
    with pytest.MonkeyPatch.context() as patch:
        real = timeline.event_hash
        patch.setattr(
            timeline,
            "event_hash",
            lambda previous, event: real(previous, forged if event.number == 3 else event),
        )
        assert [(fault.number, fault.what) for fault in timeline.verify(fresh)] == [(3, "changed")]


def test_a_note_may_be_back_dated_but_not_into_the_future(desk: Desk, incident: Incident) -> None:
    staff = desk.actor("staff")
    earlier = NOON - timedelta(minutes=20)
    note = notebook.add_note(
        incident_id=incident.pk, text="Seen", actor=staff, at=NOON, occurred_at=earlier
    )
    assert (note.occurred_at, note.recorded_at) == (earlier, NOON)
    with pytest.raises(Invalid, match="occurred_in_future"):
        notebook.add_note(
            incident_id=incident.pk,
            text="Later",
            actor=staff,
            at=NOON,
            occurred_at=NOON + timedelta(minutes=1),
        )
    incident.refresh_from_db()
    assert incident.last_number == note.number


def test_an_error_is_amended_by_a_new_event(desk: Desk, incident: Incident) -> None:
    staff = desk.actor("staff")
    note = notebook.add_note(incident_id=incident.pk, text="31 replies", actor=staff, at=NOON)
    amended = notebook.amend_event(
        incident_id=incident.pk, number=note.number, text="33 replies", actor=staff, at=NOON
    )
    assert amended.amends == note.number
    assert TimelineText.objects.get(event=note).text == "31 replies"


def test_a_stranger_finds_no_incident(desk: Desk, incident: Incident) -> None:
    with pytest.raises(NotVisible):
        notebook.add_note(
            incident_id=incident.pk, text="Hello", actor=desk.actor("stranger"), at=NOON
        )
    incident.refresh_from_db()
    assert incident.last_number == 1


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_has_an_audience_and_a_sentence(kind: EventKind) -> None:
    assert kind in audience.AUDIENCE
    assert kind in sentences._MAKERS
