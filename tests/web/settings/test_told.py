"""What a person is told: the table, the quiet week, and who stands in, on one page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.core.words import refusal
from crisisdesk.notifications.models import Preference, QuietHours, StandIn
from crisisdesk.notifications.queries.preferences import choices_of, ways_of
from crisisdesk.notifications.rules.news import News
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User
from tests.factories.notifications import make_address
from tests.factories.organisation import NOON, make_member, make_user
from tests.organisation.refusals import rows
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db
PAGE = "/settings/notifications/"


@pytest.fixture
def sara(brand: Brand, client: Client) -> User:
    """A PR lead in Dubai, signed in."""
    person = make_member(brand, Role.LEAD, "sara")
    client.force_login(person)
    return person


def test_the_table_is_saved_kind_by_kind_and_way_by_way(client: Client, sara: User) -> None:
    make_address(sara, "slack", "U1")
    kept = {"deadlines": ["email", "slack"], "course": ["slack"]}
    assert client.post(PAGE, kept).headers["Location"] == f"{PAGE}#kinds"
    found = choices_of(sara, News, ways_of(sara))
    assert {kind: ways for kind, ways in found.items() if ways} == kept
    shown = client.get(PAGE).content.decode()
    assert shown.count('value="slack" checked') == 2
    assert shown.count('value="email" checked') == 1


def test_all_that_waits_for_one_cannot_be_turned_off(client: Client, sara: User) -> None:
    before = rows()
    answer = client.post(PAGE, {"course": ["email"]})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert refusal("everything_silenced", {}) in shown
    assert shown.count('value="email" checked') == 1  # what was ticked is still ticked
    assert rows() == before
    assert not Preference.objects.exists()


def test_the_week_is_saved_and_drawn(client: Client, sara: User) -> None:
    client.post(
        f"{PAGE}quiet-hours/",
        {"quiet_1": "on", "begins_1": "22:00", "ends_1": "07:00", "begins_2": "01:00"},
    )
    assert list(QuietHours.objects.values_list("weekday", "begins", "ends")) == [(1, 1320, 420)]
    shown = client.get(PAGE).content.decode()
    assert shown.count('<i class="is-on"></i>') == 4 + 14  # the night to Tuesday by half-hours


@pytest.mark.parametrize(
    ("typed", "code", "place"),
    [
        ({"quiet_3": "on", "begins_3": "22:00", "ends_3": "25:00"}, "", "id_ends_3_error"),
        ({"quiet_3": "on", "begins_3": "", "ends_3": "07:00"}, "", "id_begins_3_error"),
        (
            {
                name: value
                for day in range(1, 8)
                for name, value in (
                    (f"quiet_{day}", "on"), (f"begins_{day}", "08:00"), (f"ends_{day}", "08:00"),
                )
            },
            "week_all_quiet",
            "id_begins_1_error",
        ),
    ],
)  # fmt: skip
def test_a_week_that_makes_no_sense_is_refused_at_its_day(
    client: Client, sara: User, typed: dict[str, str], code: str, place: str
) -> None:
    answer = client.post(f"{PAGE}quiet-hours/", typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{place}"' in shown
    assert not code or refusal(code, {}) in shown
    assert not QuietHours.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_a_stand_in_is_named_shown_to_both_and_ended(
    client: Client, brand: Brand, sara: User
) -> None:
    noa = make_member(brand, Role.STAFF, "noa", zone="Asia/Jerusalem")
    named = {"stand_in": noa.pk, "from_at": "2026-11-18T20:00", "until_at": "2026-11-20T08:00"}
    assert client.post(f"{PAGE}stand-in/", named | {"silent": "on"}).status_code == 302
    row = StandIn.objects.get()
    assert (row.person, row.stand_in, row.silent) == (sara, noa, True)
    assert (row.from_at - NOON, row.until_at - NOON) == (timedelta(hours=4), timedelta(hours=40))
    assert "Noa stands in for you" in client.get(PAGE).content.decode().replace(
        "</bdi>", ""
    ).replace('<bdi dir="ltr">', "").replace("<bdi>", "")
    other = browser(noa)
    assert "You stand in for" in other.get(PAGE).content.decode()
    end = f"{PAGE}stand-in/{row.pk}/end/"
    assert browser(make_user("stranger")).post(end).status_code == 404
    assert other.post(end).status_code == 302
    row.refresh_from_db()
    assert row.ended_by == noa


@time_machine.travel(NOON, tick=False)
def test_a_stand_in_who_cannot_be_is_refused_and_nothing_typed_is_lost(
    client: Client, brand: Brand, sara: User
) -> None:
    noa = make_member(brand, Role.STAFF, "noa")
    named = {"stand_in": noa.pk, "from_at": "2026-11-18T20:00", "until_at": "2026-11-18T19:00"}
    answer = client.post(f"{PAGE}stand-in/", named)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_until_at_error">{refusal("until_before_from", {})}' in shown
    assert f'value="{noa.pk}" selected' in shown
    assert "2026-11-18T19:00" in shown
    answer = client.post(f"{PAGE}stand-in/", named | {"stand_in": make_user("stranger").pk})
    assert answer.status_code == 422
    assert not StandIn.objects.exists()


def test_the_page_asks_the_same_with_one_and_fifty_colleagues(
    client: Client, brand: Brand, sara: User
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(PAGE)
        return len(caught)

    make_member(brand, Role.STAFF, "noa")
    client.get(PAGE)
    few = asked()
    for number in range(50):
        other = make_member(brand, Role.STAFF, f"p{number}")
        for silent in (True, False):
            StandIn.objects.create(
                person=other if silent else sara, stand_in=sara if silent else other, silent=silent,
                from_at=NOON, until_at=NOON + timedelta(days=4000), created_at=NOON,
            )  # fmt: skip
    assert asked() == few
