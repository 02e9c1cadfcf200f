"""The rota's page: a drawn week, forms without JavaScript, refusals at their fields, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, Rota, User, WatchShift, WatchSwap
from tests.factories.organisation import NOON, make_brand, make_member
from tests.factories.rota import keep_sunset, make_shift
from tests.organisation.refusals import rows
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db
PAGE = "/settings/rota/nour-home/"
SHIFT = {
    "press": "shift", "weekdays": ["1", "2", "3"], "starts": "08:00", "ends": "16:00",
    "valid_from": "2026-11-18", "every": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def lead(brand: Brand) -> User:
    return make_member(brand, Role.LEAD)


@pytest.fixture
def sara(brand: Brand) -> User:
    return make_member(brand, Role.STAFF, "sara")


def test_a_lead_adds_and_ends_a_shift(brand: Brand, lead: User, sara: User) -> None:
    page = browser(lead)
    assert "This brand has no rota yet" in page.get(PAGE).content.decode()
    assert page.post(PAGE, SHIFT | {"person": sara.pk}).status_code == 302
    shown = page.get(PAGE).content.decode()
    assert 'class="watch-bar is-watch"' in shown and 'class="watch-bar is-gap"' in shown
    assert "08:00–16:00" in shown and "gaps in the next four weeks" in shown
    again = page.post(PAGE, SHIFT | {"person": sara.pk})
    assert (again.status_code, WatchShift.objects.count()) == (422, 1)
    row = WatchShift.objects.get().pk
    assert page.post(PAGE, {"press": "end", "row": row}).status_code == 302
    assert not WatchShift.objects.exists()


def test_two_people_in_one_slot_are_refused_at_the_tick(
    brand: Brand, lead: User, sara: User
) -> None:
    make_shift(brand, sara, 8, 20)
    page = browser(lead)
    before = rows()
    answer = page.post(PAGE, SHIFT | {"person": lead.pk})
    shown = answer.content.decode()
    assert answer.status_code == 422 and rows() == before
    assert "Sara is on watch then, on 18 November 2026 from 08:00." in shown
    assert 'value="2026-11-18"' in shown
    both = page.post(PAGE, SHIFT | {"person": lead.pk, "together": "on"})
    assert both.status_code == 302


def test_sunset_is_offered_where_it_is_kept(brand: Brand, lead: User, sara: User) -> None:
    assert "From sunset" not in browser(lead).get(PAGE).content.decode()
    keep_sunset(brand)
    page = browser(lead)
    sent = SHIFT | {"person": sara.pk, "ends": "", "until_sunset": "on", "weekdays": ["5"]}
    assert page.post(PAGE, sent).status_code == 302
    assert WatchShift.objects.get().ends is None
    shown = page.get(PAGE).content.decode()
    assert "08:00–16:3" in shown and 'class="shade is-rest"' in shown and "rest from <bdi" in shown
    missing = page.post(PAGE, SHIFT | {"person": sara.pk, "starts": ""})
    assert missing.status_code == 422 and "Give a time." in missing.content.decode()


def test_one_asks_and_the_other_accepts(brand: Brand, lead: User, sara: User) -> None:
    omar = make_member(brand, Role.STAFF, "omar")
    make_shift(brand, sara, 8, 20)
    sent = {
        "press": "swap", "away": sara.pk, "cover": omar.pk, "key": "once",
        "starts_at": "2026-11-18T17:00", "ends_at": "2026-11-18T19:00", "note": "Dentist",
    }  # fmt: skip
    page = browser(sara)
    assert [page.post(PAGE, sent).status_code for _twice in range(2)] == [302, 302]
    swap = WatchSwap.objects.get()
    assert swap.starts_at == NOON + timedelta(hours=1)  # 17:00 of the brand's clock
    answer = {"press": "accept", "row": swap.pk}
    assert page.post(PAGE, answer).status_code == 403
    other = browser(omar)
    assert "Dentist" in other.get(PAGE).content.decode()
    assert other.post(PAGE, answer).status_code == 302
    late = other.post(PAGE, answer)
    assert late.status_code == 422 and "answered already" in late.content.decode()
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        shown = other.get("/settings/rota/").content.decode()
    assert "Omar" in shown and "Sara" not in shown


def test_an_exchange_is_asked_and_answered_as_one(brand: Brand, lead: User, sara: User) -> None:
    omar = make_member(brand, Role.STAFF, "omar")
    make_shift(brand, sara, 8, 20)
    make_shift(brand, omar, 20, 8)
    sent = {
        "press": "swap", "away": sara.pk, "cover": omar.pk, "starts_at": "2026-11-18T17:00",
        "ends_at": "2026-11-18T19:00", "return_starts_at": "2026-11-18T21:00",
    }  # fmt: skip
    page, leading = browser(sara), browser(lead)
    before = rows()
    half = page.post(PAGE, sent)
    shown = half.content.decode()
    assert half.status_code == 422 and rows() == before
    assert "Give both, or neither." in shown and 'value="2026-11-18T21:00"' in shown
    gap = sent | {"away": "", "return_ends_at": "2026-11-18T22:00"}
    empty = leading.post(PAGE, gap)
    assert empty.status_code == 422 and "nobody has a watch to give" in empty.content.decode()
    early = sent | {"return_starts_at": "2026-11-18T19:00", "return_ends_at": "2026-11-18T20:00"}
    refused = page.post(PAGE, early).content.decode()
    assert "Omar is not on watch then." in refused and rows() == before
    assert page.post(PAGE, sent | {"return_ends_at": "2026-11-18T22:00"}).status_code == 302
    shown = page.get(PAGE).content.decode()
    assert "in return <bdi>Sara</bdi> in the place of <bdi>Omar</bdi>" in shown
    assert "Asked by <bdi>Sara</bdi>" in shown and 'value="withdraw"' in shown
    first, given = WatchSwap.objects.order_by("pk")
    assert (given.in_return_of, given.starts_at) == (first, NOON + timedelta(hours=5))
    other = browser(omar)
    assert other.get(PAGE).content.decode().count('value="accept"') == 1
    assert other.post(PAGE, {"press": "accept", "row": first.pk}).status_code == 302
    shown = other.get(PAGE).content.decode()
    assert shown.count("is-cover") >= 2 and "Asked by" not in shown


def test_when_somebody_has_to_watch(brand: Brand, lead: User, sara: User) -> None:
    make_shift(brand, sara, 8, 20)
    page = browser(lead)
    sent = {
        "press": "needed", "weekdays": ["1", "2", "3", "4", "5"], "starts": "08:00", "ends": "20:00",
        "version": "1",
    }  # fmt: skip
    assert page.post(PAGE, sent).status_code == 302
    assert "next four weeks" not in page.get(PAGE).content.decode()
    stale = page.post(PAGE, sent | {"ends": "22:00"})
    shown = stale.content.decode()
    assert stale.status_code == 409 and "22:00" in shown and "Stands now" in shown
    assert Rota.objects.get().ends.hour == 20


def test_who_may_see_and_change(brand: Brand, sara: User, client: Client) -> None:
    make_shift(brand, sara, 8, 20)
    stranger = make_member(make_brand("other"), Role.ADMIN, "stranger")
    assert browser(stranger).get(PAGE).status_code == 404
    assert browser(stranger).post(PAGE, SHIFT).status_code == 404
    assert client.get(PAGE).status_code == 302
    observer = browser(make_member(brand, Role.OBSERVER))
    shown = observer.get(PAGE).content.decode()
    assert "Add a weekly shift" not in shown and "Sara" in shown
    assert observer.post(PAGE, SHIFT | {"person": sara.pk}).status_code == 403
    assert observer.post(PAGE, {"press": "burn"}).status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_week_runs_from_the_side_on_which_the_reader_begins(
    brand: Brand, lead: User, sara: User, language: str
) -> None:
    make_shift(brand, sara, 0, 6)
    lead.language = language
    lead.save()
    shown = browser(lead).get(PAGE).content.decode()
    first = 'x="0.0"' if language == "en" else 'x="180.0"'
    assert f'<rect class="watch-bar is-watch" {first} y="4" width="60.0"' in shown


def test_the_page_asks_the_same_with_one_shift_and_fifty(
    brand: Brand, lead: User, sara: User
) -> None:
    page = browser(lead)

    def cost(path: str) -> int:
        page.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert page.get(path).status_code == 200
        return len(caught)

    make_shift(brand, sara, 16, 17)  # now
    one = [cost(PAGE), cost("/settings/rota/"), cost("/")]
    for number in range(24):
        if number == 16:
            continue
        make_shift(brand, make_member(brand, Role.STAFF, f"p{number}"), number, (number + 1) % 24)
    assert [cost(PAGE), cost("/settings/rota/"), cost("/")] == one


def test_the_page_asks_the_same_with_one_exchange_and_twelve(
    brand: Brand, lead: User, sara: User
) -> None:
    omar = make_member(brand, Role.STAFF, "omar")
    make_shift(brand, sara, 8, 20)
    make_shift(brand, omar, 20, 8)
    page = browser(lead)
    found = []
    for number in range(12):
        sent = {
            "press": "swap", "away": sara.pk, "cover": omar.pk,
            "starts_at": f"2026-11-18T17:{number:02d}", "ends_at": f"2026-11-18T17:{number + 1:02d}",
            "return_starts_at": f"2026-11-18T21:{number:02d}",
            "return_ends_at": f"2026-11-18T21:{number + 1:02d}",
        }  # fmt: skip
        assert page.post(PAGE, sent).status_code == 302
        if number in (0, 11):
            page.get(PAGE)
            with CaptureQueriesContext(connection) as caught:
                assert page.get(PAGE).status_code == 200
            found.append(len(caught))
    assert WatchSwap.objects.count() == 24 and found[0] == found[1]


def test_the_weeks_can_be_turned(brand: Brand, lead: User) -> None:
    page = browser(lead)
    assert "28 December" in page.get(f"{PAGE}?week=2026-12-30").content.decode()
    for nonsense in ("x", "9999-12-31", "0001-01-01"):
        assert page.get(f"{PAGE}?week={nonsense}").status_code == 200
