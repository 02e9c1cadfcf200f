"""The digest of the morning: once a person and working day, on time or not at all, and only what its reader may see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from crisisdesk.core.working_calendar import WorkCalendar
from crisisdesk.incidents.domain import mornings, roles
from crisisdesk.incidents.models import Deadline
from crisisdesk.notifications import registry
from crisisdesk.notifications.domain.delivery import deliver_all
from crisisdesk.notifications.domain.mornings import set_morning
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Morning, Notification
from crisisdesk.notifications.queries.inbox import page
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.domain.calendars import (
    CalendarDetails,
    details_of,
    set_brand_calendar,
)
from crisisdesk.organisation.domain.profile import change_zone
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.calendars import kept_calendar
from tests.core.test_working_calendar import calendar
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.notifications import FakeCarrier, make_address
from tests.factories.organisation import NOON, join, make_brand, make_member

pytestmark = pytest.mark.django_db
# NOON is Wednesday 18 November 2026, 16:00 in Dubai; Thursday at eight there:
EIGHT = datetime(2026, 11, 19, 4, 0, tzinfo=UTC)


@pytest.fixture
def desk(db: None) -> Desk:
    """A brand with one person per role, all in Dubai."""
    made = make_desk()
    User.objects.update(zone="Asia/Dubai")
    return made


def told(**which: object) -> list[Notification]:
    """The digests in inboxes."""
    rows = Notification.objects.filter(topic="morning", transport="inbox", **which)
    return list(rows.order_by("pk"))


def lead_morning(desk: Desk) -> Morning:
    """The lead's newest morning."""
    return Morning.objects.filter(user=desk.lead).latest("pk")


def test_what_is_late_and_due_today_comes_once_at_eight(desk: Desk) -> None:
    make_incident(desk)
    mornings.fire_mornings(at=NOON)
    assert not told()
    assert lead_morning(desk).due_at == EIGHT
    Deadline.objects.filter(kind="update").update(due_at=EIGHT + timedelta(hours=5))
    mornings.fire_mornings(at=EIGHT)
    mornings.fire_mornings(at=EIGHT + timedelta(minutes=1))
    (digest,) = told(recipient=desk.lead)
    counts = digest.data["counts"]
    assert counts["late"] > 0
    assert len(digest.data["late"]) == min(counts["late"], mornings.MOST)
    assert Notification.objects.filter(topic="morning", transport="email").count() == len(told())
    for language, words in (("en", "overdue"), ("ar", "فات موعدها"), ("he", "באיחור")):
        with override(language):
            shown = registry.topic("morning").render(
                kind="morning", data=digest.data, topic_id=digest.topic_id, language=language,
                zone="Asia/Dubai",
            )  # fmt: skip
        assert words in shown.headline
        assert len(shown.lines) == sum(
            len(digest.data[part]) for part in ("late", "today", "words")
        )
    following = lead_morning(desk)
    assert (following.state, following.day) == ("pending", date(2026, 11, 20))


def test_nothing_is_sent_when_nothing_waits(desk: Desk) -> None:
    mornings.fire_mornings(at=NOON)
    mornings.fire_mornings(at=EIGHT)
    assert not told()
    assert set(Morning.objects.filter(day=EIGHT.date()).values_list("state", flat=True)) == {
        "empty"
    }


def following(
    *kept: WorkCalendar, at: str, zone: str = "Asia/Dubai", done: date | None = None
) -> tuple[date, datetime] | None:
    """The next morning of a person of these brands, who wants it at eight."""
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return mornings.next_morning(kept, zone=zone, minute=8 * 60, done=done, at=moment)


@pytest.mark.parametrize(
    ("weekend", "at", "day"),
    [
        # Riyadh: Friday and Saturday are off; after Thursday comes Sunday.
        ((5, 6), "2026-11-19T06:00", date(2026, 11, 22)),
        ((6, 7), "2026-11-20T06:00", date(2026, 11, 23)),
        ((), "2026-11-20T06:00", date(2026, 11, 21)),
        # A leap day, and the end of a year.
        ((6, 7), "2028-02-28T06:00", date(2028, 2, 29)),
        ((6, 7), "2026-12-31T06:00", date(2027, 1, 1)),
        ((1, 2, 3, 4, 5, 6, 7), "2026-11-20T06:00", None),
    ],
)
def test_it_comes_on_the_brands_working_days(
    weekend: tuple[int, ...], at: str, day: date | None
) -> None:
    found = following(WorkCalendar("Asia/Dubai", weekend=weekend), at=at)
    assert (found[0] if found else None) == day


@pytest.mark.parametrize(
    ("countries", "at", "day"),
    [
        # Each asked at ten in the morning of the last working day, when its digest is over.
        ("IL", "2026-09-20T07:00", date(2026, 9, 22)),  # Yom Kippur, Monday 21 September 2026
        ("IL", "2026-03-31T07:00", date(2026, 4, 1)),  # the eve of Passover is a day of work until sunset
        ("IL", "2026-04-01T07:00", date(2026, 4, 5)),  # Passover on Thursday, then the weekend
        ("SA", "2026-03-18T07:00", date(2026, 3, 25)),  # Eid al-Fitr, 20 March 2026, with what goes with it
        ("AE", "2026-12-01T06:00", date(2026, 12, 4)),  # National Day, 2 and 3 December 2026
        ("AE", "2026-12-04T06:00", date(2026, 12, 7)),  # Friday is short, Saturday and Sunday are off
        # Who works for two brands hears of it when one of them works.
        ("IL AE", "2026-09-20T07:00", date(2026, 9, 21)),
        ("IL AE", "2026-12-01T06:00", date(2026, 12, 2)),
        ("SA AE", "2026-03-18T07:00", date(2026, 3, 23)),  # Eid keeps both until Sunday
    ],
)  # fmt: skip
def test_no_holiday_of_all_brands_brings_one(countries: str, at: str, day: date) -> None:
    found = following(*map(calendar, countries.split()), at=at)
    assert found is not None and found[0] == day


def test_a_day_of_the_brands_own_brings_none_and_one_switched_off_brings_one() -> None:
    own = calendar("AE", own_days=((date(2026, 11, 19), (("en", "Founders' day"),)),))
    found = following(own, at="2026-11-18T12:00")
    assert found is not None and found[0] == date(2026, 11, 20)
    working = calendar("AE", switched_off=(date(2026, 12, 2),))
    found = following(working, at="2026-12-01T06:00")
    assert found is not None and found[0] == date(2026, 12, 2)


def test_eight_is_eight_on_the_wall_after_a_change_of_clocks() -> None:
    every_day = WorkCalendar("Asia/Jerusalem", weekend=())
    for friday, due in (("2026-03-26", "2026-03-27T05:00"), ("2026-10-25", "2026-10-26T06:00")):
        found = following(every_day, at=f"{friday}T12:00", zone="Asia/Jerusalem")
        assert found is not None
        assert f"{found[1]:%Y-%m-%dT%H:%M}" == due


def keep(desk: Desk, details: CalendarDetails, *, at: datetime = NOON) -> None:
    """The brand works these days from now on."""
    version = kept_calendar(desk.brand).version
    set_brand_calendar(
        brand_id=desk.brand.pk, details=details, version=version, actor=desk.actor("admin"), at=at
    )
    desk.brand.refresh_from_db()


def test_a_holiday_set_in_time_moves_the_morning_and_nobody_hears_on_it(desk: Desk) -> None:
    make_incident(desk)
    mornings.fire_mornings(at=NOON)
    assert lead_morning(desk).day == EIGHT.date()
    keep(desk, replace(details_of("AE"), own_days={EIGHT.date(): {"en": "Founders' day"}}))
    mornings.fire_mornings(at=NOON)
    assert lead_morning(desk).day == date(2026, 11, 20)
    mornings.fire_mornings(at=EIGHT)
    assert not told()
    mornings.fire_mornings(at=EIGHT + timedelta(days=1))
    assert len(told(recipient=desk.lead)) == 1


def test_days_changed_before_the_sweep_lose_no_morning_that_is_due(desk: Desk) -> None:
    make_incident(desk)
    mornings.fire_mornings(at=NOON)
    keep(desk, details_of("AE"), at=EIGHT)
    mornings.fire_mornings(at=EIGHT + timedelta(minutes=1))
    assert len(told(recipient=desk.lead)) == 1


def test_whoever_left_the_brand_that_works_on_it_is_not_told(desk: Desk) -> None:
    make_incident(desk)
    keep(desk, details_of("AE"))
    other = join(desk.lead, make_brand("haifa", weekend=[5, 6]), "lead")
    friday = EIGHT + timedelta(days=1)
    mornings.fire_mornings(at=friday + timedelta(hours=1))
    sunday = friday + timedelta(days=2)
    assert lead_morning(desk).due_at == sunday
    other.memberships.filter(brand__key="haifa").delete()
    mornings.fire_mornings(at=sunday)
    assert not told(recipient=desk.lead)
    mornings.fire_mornings(at=sunday + timedelta(minutes=1))
    assert lead_morning(desk).day == date(2026, 11, 23)


def test_fifty_mornings_are_set_with_the_queries_of_one(desk: Desk) -> None:
    keep(desk, details_of("AE"))

    def cost(people: list[User]) -> int:
        Morning.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            mornings.set_ahead(people, at=NOON)
        assert Morning.objects.count() == len(people)
        return len(caught)

    one = cost([desk.lead])
    people = [make_member(desk.brand, "staff", f"person{number}") for number in range(50)]
    for person in people[:25]:
        join(person, make_brand(f"own-{person.pk}"), "staff")
    assert cost(people) == one


def test_each_digest_costs_the_same_however_many_are_due(desk: Desk) -> None:
    make_incident(desk)
    keep(desk, details_of("AE"))

    def cost(people: int) -> int:
        Morning.objects.all().delete()
        Notification.objects.all().delete()
        mornings.fire_mornings(at=NOON)
        Morning.objects.exclude(pk__in=Morning.objects.values("pk")[:people]).delete()
        chosen = {"due_at__lte": EIGHT, "state": "pending"}
        assert Morning.objects.filter(**chosen).count() == people
        User.objects.exclude(mornings__in=Morning.objects.all()).update(is_active=False)
        with CaptureQueriesContext(connection) as caught:
            mornings.fire_mornings(at=EIGHT)
        User.objects.update(is_active=True)
        assert not Morning.objects.filter(**chosen).exists()
        return len(caught)

    for number in range(50):
        make_member(desk.brand, "observer", f"person{number}", zone="Asia/Dubai")
    at_once = cost(2) - cost(1)
    assert cost(50) == cost(1) + 49 * at_once


def test_a_missed_morning_is_made_until_noon_then_skipped_and_said(desk: Desk) -> None:
    make_incident(desk)
    mornings.fire_mornings(at=NOON)
    late = EIGHT + timedelta(hours=3, minutes=59)
    Morning.objects.exclude(user=desk.lead).delete()
    mornings.fire_mornings(at=late)
    assert len(told(recipient=desk.lead)) == 1
    mornings.fire_mornings(at=late)
    noon = EIGHT + timedelta(days=1, hours=4)
    mornings.fire_mornings(at=noon)
    assert len(told(recipient=desk.lead)) == 1
    assert Morning.objects.get(user=desk.lead, day=date(2026, 11, 20)).state == "skipped"
    mornings.fire_mornings(at=noon)
    mornings.fire_mornings(at=lead_morning(desk).due_at)
    assert told(recipient=desk.lead)[-1].data["missed"] == "2026-11-20"


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_make_one_digest(desk: Desk) -> None:
    make_incident(desk)
    mornings.fire_mornings(at=NOON)

    def sweep(_: int) -> int:
        try:
            return mornings.fire_mornings(at=EIGHT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        made = sum(threads.map(sweep, range(4)))
    assert made == len(told()) == len({row.recipient_id for row in told()}) > 0


def test_it_is_switched_off_moved_and_goes_with_the_zone(desk: Desk) -> None:
    make_incident(desk)
    actor = Actor(desk.lead)
    set_morning(enabled=True, minute=7 * 60 + 30, actor=actor, at=NOON)
    mornings.fire_mornings(at=NOON)
    assert lead_morning(desk).due_at == EIGHT - timedelta(minutes=30)
    change_zone("Asia/Jerusalem", actor=actor, at=NOON)
    mornings.fire_mornings(at=NOON)
    assert lead_morning(desk).due_at == EIGHT + timedelta(minutes=90)
    set_morning(enabled=False, minute=0, actor=actor, at=NOON)
    mornings.fire_mornings(at=EIGHT + timedelta(hours=3))
    assert not told(recipient=desk.lead)


def test_other_hands_carry_only_its_counts_once_an_incident_in_it_is_restricted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident, slack = make_incident(desk), FakeCarrier()
    monkeypatch.setitem(CARRIERS, Transport.SLACK, slack)
    make_address(desk.lead, "slack")
    mornings.fire_mornings(at=NOON)
    roles.restrict(incident_id=incident.pk, restricted=True, actor=desk.actor("lead"), at=NOON)
    Notification.objects.exclude(topic="morning").delete()
    mornings.fire_mornings(at=EIGHT)
    deliver_all(clock=lambda: EIGHT)
    (parcel,) = slack.parcels
    (digest,) = told(recipient=desk.lead)
    late = digest.data["counts"]["late"]
    assert parcel.rendered.subject == f"{late} overdue · News for you"
    assert parcel.rendered.lines == ("Open the desk to read it.",) and parcel.rendered.path == "/"
    assert incident.reference not in repr(parcel.rendered) and not parcel.data
    (letter,) = [letter for letter in mail.outbox if letter.to == [desk.lead.email]]
    assert incident.reference in str(letter.body)


def test_whoever_may_no_longer_see_an_incident_does_not_read_of_it(desk: Desk) -> None:
    incident = make_incident(desk)
    mornings.fire_mornings(at=NOON)
    mornings.fire_mornings(at=EIGHT)
    (digest,) = told(recipient=desk.lead)
    pair = (desk.lead.pk, digest.topic_id)
    people = {desk.lead.pk: desk.lead, desk.staff.pk: desk.staff}
    assert registry.allowed("morning", {pair, (desk.staff.pk, pair[1])}, people) == {pair}
    roles.restrict(incident_id=incident.pk, restricted=True, actor=desk.actor("lead"), at=EIGHT)
    incident.roles.update(to_at=EIGHT)
    incident.accesses.all().delete()
    type(incident).objects.filter(pk=incident.pk).update(opened_by=desk.staff)
    assert registry.allowed("morning", {pair}, people) == set()
    assert not [item for item in page(desk.lead).items if item.topic == "morning"]
