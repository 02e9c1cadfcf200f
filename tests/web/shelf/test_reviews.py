"""By when a playbook is read again: on its page, on My desk, and who may press."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crisisdesk.organisation.enums import Role
from playbooks.models import ReviewDate
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON, join, make_brand
from tests.factories.reviews import DUE, dated, everything, rows
from tests.web.shelf.conftest import SignIn

PAGE = "/playbooks/service-outage/?brand=shared"
PRESS = "/playbooks/service-outage/review/?brand=shared"


@pytest.fixture
def parts(desk: Desk) -> dict[str, ReviewDate]:
    """The dates of one playbook."""
    dated()
    return rows(desk.brand, playbook__slug="service-outage")


def ticks(*parts: ReviewDate) -> list[str]:
    return [f"{part.pk}:{part.version}" for part in parts]


def press(client: Client, what: str, *parts: ReviewDate, **typed: Any) -> Any:
    given = {"press": what, "parts": ticks(*parts), **typed}
    given |= {"brand": str(parts[0].brand_id)} if parts else {}
    return client.post(PRESS, given, follow=True)


def test_still_right_is_kept_with_who_and_when(
    desk: Desk, signed_in: SignIn, parts: dict[str, ReviewDate], time_machine: Any
) -> None:
    time_machine.move_to(DUE + timedelta(days=3), tick=False)
    client = signed_in("lead")
    before = client.get(PAGE).content.decode()
    assert f"{len(parts)} parts are due to be read again" in before and "3 days late" in before
    assert "not since 18 November 2026, when it was published" in before
    page = press(client, "reviewed", parts[""], parts["holding"])
    assert page.redirect_chain == [(f"{PAGE}#review", 302)]
    body = page.content.decode()
    assert "Kept: still right. It comes back in 90 days." in body
    assert "19 February 2027 · <bdi>Lead</bdi>" in body
    assert f"{len(parts) - 2} parts are due to be read again" in body
    kept = rows(desk.brand, playbook__slug="service-outage")
    assert {key for key, row in kept.items() if row.reviewed_by} == {"", "holding"}


def test_a_day_and_an_owner_are_set(
    desk: Desk, signed_in: SignIn, parts: dict[str, ReviewDate]
) -> None:
    client = signed_in("lead")
    body = press(client, "date", parts["holding"], review_by="2026-11-28").content.decode()
    assert "The date is set." in body and "due in 10 days" in body
    part = rows(desk.brand, playbook__slug="service-outage")["holding"]
    body = press(client, "owner", part, owner=str(desk.lead.pk)).content.decode()
    assert "The owner is changed." in body
    part = rows(desk.brand, playbook__slug="service-outage")["holding"]
    assert part.owner == desk.lead
    press(client, "owner", part, owner="")
    assert rows(desk.brand, playbook__slug="service-outage")["holding"].owner is None


@pytest.mark.parametrize(
    ("what", "typed", "status", "words"),
    [
        ("date", {"review_by": "2026-11-18"}, 422, "The date lies in the past."),
        ("date", {"review_by": "2029-01-01"}, 422, "Choose a day within the next two years."),
        ("date", {"review_by": ""}, 422, "Choose the day by which it is read again."),
        ("date", {"review_by": "soon"}, 422, "Choose the day by which it is read again."),
        ("owner", {"owner": "999999"}, 422, "There is no such person in this brand."),
        ("owner", {"owner": "STAFF"}, 422, "the role of PR lead is missing"),
    ],
)
def test_a_refusal_says_why_and_loses_nothing(
    desk: Desk, signed_in: SignIn, parts: dict[str, ReviewDate],
    what: str, typed: dict[str, str], status: int, words: str,
) -> None:  # fmt: skip
    typed = {key: str(desk.staff.pk) if value == "STAFF" else value for key, value in typed.items()}
    before = everything()
    page = press(signed_in("lead"), what, parts["holding"], **typed)
    body = page.content.decode()
    # Once above the form, once at its field.
    assert (page.status_code, body.count(words)) == (status, 2)
    assert 'aria-invalid="true"' in body
    (ticked,) = re.findall(r'value="(\d+):\d+" checked', body)
    assert int(ticked) == parts["holding"].pk
    if typed.get("review_by"):
        assert f'value="{typed["review_by"]}"' in body
    assert everything() == before


def test_nothing_ticked_is_refused(signed_in: SignIn, parts: dict[str, ReviewDate]) -> None:
    brand = str(parts[""].brand_id)
    page = signed_in("lead").post(PRESS, {"press": "reviewed", "brand": brand})
    assert page.status_code == 422
    assert "Tick first what you have read" in page.content.decode()
    page = signed_in("lead").post(PRESS, {"parts": ["x", "1:", "9" * 30 + ":1"], "brand": brand})
    assert page.status_code == 422


def test_what_somebody_changed_first_is_shown_and_not_overwritten(
    desk: Desk, signed_in: SignIn, parts: dict[str, ReviewDate]
) -> None:
    press(signed_in("lead"), "date", parts["holding"], review_by="2026-12-01")
    before = everything()
    page = press(signed_in("lead"), "reviewed", parts["holding"], parts["update"])
    assert page.status_code == 409
    assert "it is now due on 1 December 2026" in page.content.decode()
    assert everything() == before
    # The page that answers carries what stands now: the same press again is a decision.
    again = rows(desk.brand, playbook__slug="service-outage")
    assert f'value="{ticks(again["holding"])[0]}" checked' in page.content.decode()


def test_the_same_form_twice_is_one_press(signed_in: SignIn, parts: dict[str, ReviewDate]) -> None:
    client = signed_in("lead")
    for _ in range(2):
        page = press(client, "reviewed", parts["holding"], key="a" * 32)
        assert page.status_code == 200
    parts["holding"].refresh_from_db()
    assert parts["holding"].version == 2


@pytest.mark.parametrize("name", ["staff", "approver", "observer", "executive", "admin"])
def test_who_reads_sees_the_dates_and_no_button(
    signed_in: SignIn, parts: dict[str, ReviewDate], name: str
) -> None:
    before, client = everything(), signed_in(name)
    body = client.get(PAGE).content.decode()
    assert "16 February 2027" in body and "/review/" not in body
    for what in ("reviewed", "date", "owner"):
        typed = {"review_by": "2026-12-01"}
        assert press(client, what, parts["holding"], **typed).status_code == 403
    assert everything() == before


def test_a_stranger_finds_nothing(signed_in: SignIn, parts: dict[str, ReviewDate]) -> None:
    before = everything()
    assert press(signed_in("stranger"), "reviewed", parts["holding"]).status_code == 404
    assert signed_in("lead").get(PRESS).status_code == 405
    assert everything() == before


def test_a_lead_of_another_brand_has_dates_of_their_own(
    desk: Desk, signed_in: SignIn, parts: dict[str, ReviewDate]
) -> None:
    join(desk.stranger, make_brand("other"), Role.LEAD)
    dated()
    before = everything()
    client = signed_in("stranger")
    assert "Nour Home" not in client.get(PAGE).content.decode()
    assert press(client, "reviewed", parts["holding"]).status_code == 404
    assert everything() == before


def test_my_desk_has_one_line_a_playbook(
    desk: Desk, signed_in: SignIn, parts: dict[str, ReviewDate], time_machine: Any
) -> None:
    quiet = signed_in("lead").get("/").content.decode()
    assert "Playbooks to read again" not in quiet
    time_machine.move_to(DUE + timedelta(days=12), tick=False)
    body = signed_in("lead").get("/").content.decode()
    slugs = set(ReviewDate.objects.values_list("playbook__slug", flat=True))
    assert len(slugs) == 11 and f"{len(slugs)} playbooks are due to be read again" in body
    assert body.count("Read it again") == 8 and "8 of 11" in body
    assert "12 days late" in body and 'max="91" value="13"' in body
    for name in ("staff", "executive", "stranger"):
        assert "Read it again" not in signed_in(name).get("/").content.decode()
    ReviewDate.objects.exclude(playbook__slug="service-outage").delete()
    body = signed_in("lead").get("/").content.decode()
    assert f"{len(parts)} parts are due" in body and f'href="{PAGE}#review"' in body
    assert "1 playbook is due to be read again" in body


def test_two_weeks_ahead_it_is_shown_and_not_late(
    signed_in: SignIn, parts: dict[str, ReviewDate], time_machine: Any
) -> None:
    time_machine.move_to(DUE - timedelta(days=10), tick=False)
    body = signed_in("lead").get("/").content.decode()
    assert "due in 10 days" in body and "parts within two weeks" in body
    assert "All is quiet" in body
    page = signed_in("lead").get(PAGE).content.decode()
    assert "Nothing is due before 16 February 2027" in page


def test_publishing_shows_the_new_day(desk: Desk, signed_in: SignIn) -> None:
    from tests.web.shelf.test_editor import begin

    client = signed_in("lead")
    draft = begin(client)
    url = f"/playbooks/own/{draft.playbook_id}/"
    client.post(f"{url}publish/", {"version": "1", "note": "First"})
    body = client.get("/playbooks/our-outage/?brand=nour").content.decode()
    assert "To be read again" in body and "not since 18 November 2026" in body
    assert NOON < DUE
