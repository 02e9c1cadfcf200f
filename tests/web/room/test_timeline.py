"""The timeline: in pages, by kind, up to a moment, set right, and never heavier for being long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from crisisdesk.incidents.domain import notebook, timeline
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import Incident, TimelineEvent
from crisisdesk.incidents.queries.timeline import GROUPS, PAGE, number_at, page_of
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.web.desk.test_desk import signed_in


def _timeline(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/timeline/"


def _notes(desk: Desk, incident: Incident, count: int) -> None:
    """Write many notes, a minute apart, through the one way into the history."""
    actor = desk.actor("staff")
    with transaction.atomic():
        locked = incident_for_update(incident.pk, actor=actor)
        drafts = [
            timeline.Draft(
                EventKind.NOTE_ADDED,
                texts={"text": timeline.Text(f"Note {number}.", "en")},
                occurred_at=NOON - timedelta(minutes=count - number),
            )
            for number in range(count)
        ]
        timeline.record_many(locked, drafts, actor=actor, at=NOON)


def test_every_kind_of_event_stands_in_one_group() -> None:
    grouped = [kind for kinds in GROUPS.values() for kind in kinds]
    assert sorted(grouped) == sorted(EventKind)


def test_a_thousand_events_come_in_pages_with_as_many_queries_as_one(
    desk: Desk, incident: Incident, django_assert_max_num_queries: Any
) -> None:
    staff = signed_in(desk.staff)
    staff.get(_timeline(incident))
    with django_assert_max_num_queries(26) as few:
        staff.get(_timeline(incident))
    _notes(desk, incident, 1000)
    with django_assert_max_num_queries(len(few)):
        page = staff.get(_timeline(incident))
    assert page.content.decode().count('class="event-words"') == PAGE
    now = staff.get(f"/incidents/{incident.reference}/")
    assert now.status_code == 200
    seen, before = 0, None
    while True:
        part = page_of(incident, before=before)
        seen += len(part.lines)
        if part.older is None:
            break
        before = part.older
    assert seen == 1001


def test_the_room_with_a_thousand_events_asks_no_more_of_the_database(
    desk: Desk, incident: Incident, django_assert_max_num_queries: Any
) -> None:
    staff, path = signed_in(desk.staff), f"/incidents/{incident.reference}/"
    staff.get(path)
    with django_assert_max_num_queries(26) as few:
        staff.get(path)
    _notes(desk, incident, 1000)
    with django_assert_max_num_queries(len(few)):
        staff.get(path)


def test_it_jumps_to_what_had_happened_by_a_moment(desk: Desk, incident: Incident) -> None:
    _notes(desk, incident, 100)
    staff = signed_in(desk.staff)
    # Dubai is four hours ahead: 15:30 there is half an hour before noon in UTC.
    body = staff.get(_timeline(incident) + "?at=2026-11-18T15:30").content.decode()
    assert "Note 70." in body
    assert "Note 71." not in body
    assert "Back to the newest" in body
    assert 'id="news-place"' not in body
    assert number_at(incident, NOON - timedelta(days=2)) == 0
    nonsense = staff.get(_timeline(incident) + "?at=2026-99-99T15:30")
    assert nonsense.status_code == 200
    assert "Note 99." in nonsense.content.decode()


def test_one_kind_only_and_the_next_part_keeps_it(desk: Desk, incident: Incident) -> None:
    _notes(desk, incident, 60)
    staff = signed_in(desk.staff)
    body = staff.get(_timeline(incident) + "?kind=notes").content.decode()
    assert "Incident opened" not in body
    assert "kind=notes&amp;before=12" in body or "before=12&amp;kind=notes" in body
    course = staff.get(_timeline(incident) + "?kind=course").content.decode()
    assert "Note 59." not in course
    assert "compact" in staff.get(_timeline(incident) + "?view=compact").content.decode()


def test_a_back_dated_note_shows_both_times(desk: Desk, incident: Incident) -> None:
    notebook.add_note(
        incident_id=incident.pk,
        text="Seen earlier",
        occurred_at=NOON - timedelta(hours=2),
        actor=desk.actor("staff"),
        at=NOON,
    )
    body = signed_in(desk.staff).get(_timeline(incident)).content.decode()
    assert ">14:00<" in body and ">16:00<" in body
    assert "written down" in body


def test_an_amendment_stands_under_its_event_and_an_empty_one_is_refused(
    desk: Desk, incident: Incident
) -> None:
    staff = signed_in(desk.staff)
    path = f"{_timeline(incident)}1/"
    refused = staff.post(path, {"text": "  "})
    assert refused.status_code == 422
    given = {"text": "كان على إكس", "key": "one-form"}
    for _ in range(2):
        assert staff.post(path, given).status_code == 302
    assert TimelineEvent.objects.filter(incident=incident, amends=1).count() == 1
    body = staff.get(_timeline(incident)).content.decode()
    assert '<div class="amends"><p><bdi dir="rtl" lang="ar">كان على إكس</bdi></p>' in body
    assert staff.get(f"{_timeline(incident)}77/").status_code == 404


def test_a_text_in_another_direction_keeps_its_own(desk: Desk, incident: Incident) -> None:
    long = "حساب باسمنا يردّ على الناس وهو ليس لنا. " * 8
    notebook.add_note(incident_id=incident.pk, text=long, actor=desk.actor("staff"), at=NOON)
    body = signed_in(desk.staff).get(_timeline(incident)).content.decode()
    assert '<p class="event-words" lang="ar" dir="rtl">' in body
