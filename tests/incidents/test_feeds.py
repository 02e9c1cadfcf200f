"""Calendar addresses: what stands in the file, for whom, and when it answers no more."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from icalendar import Calendar, Event
from pytest_django import DjangoAssertNumQueries

from crisisdesk.core.errors import Gone, Invalid, NotVisible
from crisisdesk.incidents.domain import checklist, feeds, roles, snoozing
from crisisdesk.incidents.domain.calendars import calendar_of
from crisisdesk.incidents.domain.lifecycle import change_severity
from crisisdesk.incidents.enums import DeadlineState
from crisisdesk.incidents.models import CalendarFeed, Deadline, Incident, Reminder, TimelineEvent
from crisisdesk.incidents.queries.feeds import KEPT, MOST_FEEDS
from crisisdesk.organisation.models import Membership, User
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON, web

MINUTE = timedelta(minutes=1)
SOON = NOON + MINUTE


def feed_of(user: User, incident: Incident | None = None) -> CalendarFeed:
    """Return the person's new address as it is read."""
    made = feeds.make_feed(incident_id=incident.pk if incident else None, actor=web(user), at=NOON)
    return feeds.open_feed(made.secret, at=NOON)


def read(feed: CalendarFeed, at: datetime = SOON) -> dict[str, Event]:
    """Parse the file as a calendar program does; entries by UID."""
    found = Calendar.from_ical(calendar_of(feed, at=at))
    entries = {str(entry["uid"]): entry for entry in found.walk("VEVENT")}
    assert not found.errors and not any(entry.errors for entry in entries.values())
    return entries


def uid(deadline: Deadline) -> str:
    return f"deadline-{deadline.pk}@{urlsplit(settings.BASE_URL).hostname}"


def running(incident: Incident) -> list[Deadline]:
    return list(incident.deadlines.filter(state=DeadlineState.RUNNING).order_by("due_at", "pk"))


def test_an_incidents_calendar_has_all_its_deadlines_and_their_alarms(
    desk: Desk, incident: Incident
) -> None:
    feed, rows = feed_of(desk.executive, incident), running(incident)
    entries = read(feed)
    assert set(entries) == {uid(row) for row in rows} and len(rows) > 5
    for row in rows:
        entry = entries[uid(row)]
        assert entry.start == row.due_at and str(entry["status"]) == "CONFIRMED"
        assert row.label["en"] in str(entry["summary"])
        ahead = Reminder.objects.filter(deadline=row, state="pending", step=0, due_at__gt=SOON)
        wanted = sorted(ahead.values_list("due_at", flat=True))
        assert [row.due_at + alarm.TRIGGER for alarm in entry.walk("VALARM")] == wanted
    assert incident.title in str(entries[uid(rows[0])]["description"])


def test_times_stand_in_the_persons_zone_with_its_rules(desk: Desk, incident: Incident) -> None:
    User.objects.filter(pk=desk.lead.pk).update(zone="Asia/Jerusalem")
    feed = feed_of(desk.lead, incident)
    found = Calendar.from_ical(calendar_of(feed, at=SOON))
    assert [str(zone["tzid"]) for zone in found.walk("VTIMEZONE")] == ["Asia/Jerusalem"]
    for entry in found.walk("VEVENT"):
        assert entry["dtstart"].params["TZID"] == "Asia/Jerusalem"
        local = entry.start.astimezone(ZoneInfo("Asia/Jerusalem"))
        assert entry.start.replace(tzinfo=None) == local.replace(tzinfo=None)


def test_my_calendar_has_what_i_have_and_follows_who_has_it(desk: Desk, incident: Incident) -> None:
    feed = feed_of(desk.staff)
    row = next(row for row in running(incident) if row.subject_kind == "item")
    others = web(desk.lead)

    def give(owner: User) -> None:
        checklist.assign_items(
            incident_id=incident.pk, item_ids=[row.subject_id], owner=owner, actor=others, at=SOON
        )

    give(desk.staff)
    assert uid(row) in read(feed)
    give(desk.lead)
    assert uid(row) not in read(feed)


def test_what_is_met_is_cancelled_for_a_week_under_the_same_uid(
    desk: Desk, incident: Incident
) -> None:
    feed = feed_of(desk.lead, incident)
    row = next(row for row in running(incident) if row.subject_kind == "item")
    before = read(feed)[uid(row)]
    checklist.tick_item(item_id=row.subject_id, actor=web(desk.staff), at=SOON)
    after = read(feed)[uid(row)]
    assert str(after["status"]) == "CANCELLED" and not after.walk("VALARM")
    assert after["sequence"] > before["sequence"]
    last = max(row.due_at, SOON)
    assert uid(row) in read(feed, at=last + KEPT - MINUTE)
    assert uid(row) not in read(feed, at=last + KEPT + MINUTE)


def test_a_moved_deadline_moves_its_entry(desk: Desk, incident: Incident) -> None:
    feed = feed_of(desk.lead, incident)
    before = read(feed)
    change_severity(incident_id=incident.pk, to="sev1", actor=web(desk.lead), at=SOON)
    after = read(feed, at=SOON)
    moved = [
        key for key, entry in after.items() if key in before and entry.start != before[key].start
    ]
    assert moved and all(after[key]["sequence"] > before[key]["sequence"] for key in moved)


def test_a_snoozed_alarm_rings_when_the_snooze_ends(desk: Desk, incident: Incident) -> None:
    row, until = running(incident)[-1], SOON + 10 * MINUTE
    snoozing.snooze(deadline_id=row.pk, until=until, actor=web(desk.lead), at=SOON)
    alarms = read(feed_of(desk.lead, incident))[uid(row)].walk("VALARM")
    assert row.due_at + alarms[0].TRIGGER == until


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_file_speaks_its_readers_language_and_keeps_its_lines_short(
    desk: Desk, incident: Incident, language: str
) -> None:
    User.objects.filter(pk=desk.lead.pk).update(language=language)
    feed = feed_of(desk.lead, incident)
    raw = calendar_of(feed, at=SOON)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(
        b"\r\n", b""
    )
    row = running(incident)[0]
    summary = str(read(feed)[uid(row)]["summary"])
    assert row.label[language] in summary
    assert summary.startswith("\u200f") == (language != "en")


def test_words_of_a_restricted_incident_stay_in_the_desk(desk: Desk, incident: Incident) -> None:
    roles.restrict(incident_id=incident.pk, restricted=True, actor=web(desk.lead), at=SOON)
    for feed in (feed_of(desk.lead, incident), feed_of(desk.lead)):
        raw = calendar_of(feed, at=SOON).decode().replace("\r\n ", "")
        assert incident.reference in raw and "A deadline" in raw
        assert incident.title not in raw
        assert not any(row.label["en"] in raw for row in running(incident))


def test_an_address_is_kept_as_a_hash_and_notes_when_it_was_read(
    desk: Desk, incident: Incident
) -> None:
    made = feeds.make_feed(incident_id=None, actor=web(desk.lead), at=NOON)
    assert made.secret not in str(CalendarFeed.objects.values_list())
    for minutes, noted in ((0, 0), (30, 0), (90, 90)):
        feeds.open_feed(made.secret, at=NOON + minutes * MINUTE)
        assert CalendarFeed.objects.get().read_at == NOON + noted * MINUTE


def test_a_calendar_changes_no_incident(desk: Desk, incident: Incident) -> None:
    before = (TimelineEvent.objects.count(), Incident.objects.values_list().get())
    feed = feed_of(desk.staff, incident)
    feeds.revoke_feed(feed_id=feed.pk, actor=web(desk.staff), at=SOON)
    assert (TimelineEvent.objects.count(), Incident.objects.values_list().get()) == before


def test_whoever_lost_sight_reads_nothing(desk: Desk, incident: Incident) -> None:
    ours = feeds.make_feed(incident_id=incident.pk, actor=web(desk.executive), at=NOON)
    mine = feed_of(desk.executive)
    Membership.objects.filter(user=desk.executive).delete()
    with pytest.raises(NotVisible):
        feeds.open_feed(ours.secret, at=SOON)
    assert read(mine) == {}


def test_a_person_who_may_not_sign_in_reads_nothing(desk: Desk, incident: Incident) -> None:
    made = feeds.make_feed(incident_id=incident.pk, actor=web(desk.lead), at=NOON)
    User.objects.filter(pk=desk.lead.pk).update(is_active=False)
    with pytest.raises(NotVisible):
        feeds.open_feed(made.secret, at=SOON)


def test_what_is_refused_writes_nothing(desk: Desk, incident: Incident) -> None:
    with pytest.raises(NotVisible):
        feed_of(desk.stranger, incident)
    theirs = feed_of(desk.lead)
    with pytest.raises(NotVisible):
        feeds.revoke_feed(feed_id=theirs.pk, actor=web(desk.staff), at=SOON)
    for _ in range(MOST_FEEDS - 1):
        feed_of(desk.lead)
    with pytest.raises(Invalid, match="feeds_too_many"):
        feed_of(desk.lead)
    assert CalendarFeed.objects.filter(revoked_at=None).count() == MOST_FEEDS


def test_a_revoked_address_is_gone_and_stays_gone(
    desk: Desk, incident: Incident, client: Client
) -> None:
    made = feeds.make_feed(incident_id=incident.pk, actor=web(desk.lead), at=NOON)
    answer = client.get(f"/calendar/{made.secret}.ics")
    assert answer.status_code == 200 and answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    feeds.revoke_feed(feed_id=made.feed.pk, actor=web(desk.lead), at=SOON)
    with pytest.raises(Gone):
        feeds.open_feed(made.secret, at=SOON)
    with pytest.raises(NotVisible):
        feeds.revoke_feed(feed_id=made.feed.pk, actor=web(desk.lead), at=SOON)
    gone = client.get(f"/calendar/{made.secret}.ics")
    assert gone.status_code == 410 and "has revoked it" in gone.content.decode()
    assert client.get("/calendar/never-was.ics").status_code == 404


@pytest.mark.parametrize("incidents", [1, 5])
def test_a_calendar_costs_the_same_for_one_incident_and_for_five(
    desk: Desk, incidents: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(incidents):
        make_incident(desk)
    feed = feed_of(desk.lead)
    with django_assert_num_queries(2):
        assert calendar_of(feed, at=SOON)
