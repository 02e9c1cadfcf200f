"""My desk, lists, search, inbox, shelf: what people see, and what strangers do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from crisisdesk.incidents.domain import approving, drafting, reminders
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import User
from crisisdesk.web.views.desk.inbox import bunches
from tests.factories.incidents import (
    Desk,
    make_desk,
    make_incident,
    opening_form,
    words_of,
)
from tests.factories.organisation import NOON, join, make_brand

Freeze = Callable[[Any], Any]


@pytest.fixture
def desk(db: None, time_machine: Any) -> Desk:
    """A brand with one person per role, at a fixed hour."""
    time_machine.move_to(NOON, tick=False)
    return make_desk()


def signed_in(user: User) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client


PAGES = [
    "/",
    "/incidents/",
    "/incidents/open/",
    "/search/?q=nour",
    "/inbox/",
    "/playbooks/",
    "/playbooks/fake-support-account/",
    "/playbooks/lessons/",
    "/playbooks/lessons/unknown-beats-silence/",
]


@pytest.mark.parametrize("language", ["en", "ar", "he"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_every_language(desk: Desk, path: str, language: str) -> None:
    make_incident(desk)
    desk.lead.language = language
    desk.lead.save()
    page = signed_in(desk.lead).get(path)
    body = page.content.decode()
    assert page.status_code == 200
    assert f'<html lang="{language}"' in body
    assert "<c-" not in body
    assert "style=" not in body


def test_a_signed_out_person_is_asked_to_sign_in(desk: Desk) -> None:
    for path in PAGES:
        assert Client().get(path).status_code == 302


def test_a_stranger_finds_nothing(desk: Desk) -> None:
    incident = make_incident(desk)
    client = signed_in(desk.stranger)
    for path in (
        "/",
        "/incidents/",
        "/search/?q=NourHelp",
        f"/search/?q={incident.reference}",
        "/inbox/",
    ):
        body = client.get(path).content.decode()
        assert incident.title not in body, path
    assert client.get("/incidents/open/").status_code == 404
    assert (
        client.post(f"/incidents/{incident.reference}/join/", {"seen": "Hello"}).status_code == 404
    )


def test_what_is_late_and_nobodys_is_the_heading(desk: Desk, time_machine: Any) -> None:
    make_incident(desk)
    time_machine.move_to(NOON + timedelta(minutes=16), tick=False)
    body = signed_in(desk.lead).get("/").content.decode()
    assert "late and nobody has" in body
    assert "1 min late" in body


def test_words_wait_for_the_approver_on_the_first_page(desk: Desk) -> None:
    incident = make_incident(desk)
    words = words_of(incident, "holding", "ar")
    drafting.save_draft(
        statement_language_id=words.pk, text="نص", version=1, actor=desk.actor("staff"), at=NOON
    )
    revision = approving.submit(
        statement_language_id=words.pk, version=2, actor=desk.actor("staff"), at=NOON
    )
    link = f"/incidents/{incident.reference}/approve/{revision.pk}/"
    assert link in signed_in(desk.approver).get("/").content.decode()
    assert link not in signed_in(desk.deputy).get("/").content.decode()


def test_an_executive_sees_figures_and_no_button_to_open(desk: Desk) -> None:
    make_incident(desk)
    body = signed_in(desk.executive).get("/").content.decode()
    assert "Noticed after" in body
    assert "/incidents/open/" not in body
    assert signed_in(desk.executive).get("/incidents/open/").status_code == 404


def test_one_post_opens_and_the_same_post_twice_opens_one(desk: Desk) -> None:
    client = signed_in(desk.lead)
    first = client.post("/incidents/open/", opening_form(desk))
    again = client.post("/incidents/open/", opening_form(desk))
    incident = Incident.objects.get()
    assert (
        first.headers["Location"]
        == again.headers["Location"]
        == f"/incidents/{incident.reference}/"
    )
    assert (incident.languages, incident.detected_at) == (["ar", "he"], NOON)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("seen", "   ", "Say in one line what you see."),
        ("playbook", "999999", "This playbook is not on the shelf."),
        ("severity", "sev9", "Choose one of SEV1"),
        ("detected_at", "2030-01-01T10:00", "future"),
        ("first_signal_at", "2026-11-18T23:59", ""),
    ],
)
def test_a_refused_opening_keeps_what_was_typed(
    desk: Desk, field: str, value: str, words: str
) -> None:
    page = signed_in(desk.lead).post("/incidents/open/", opening_form(desk, **{field: value}))
    body = page.content.decode()
    assert page.status_code == 422
    assert words in body
    assert field == "seen" or "@NourHelp answers our customers" in body
    assert not Incident.objects.exists()


def test_recent_incidents_are_offered_before_opening_and_can_be_joined(desk: Desk) -> None:
    incident = make_incident(desk)
    client = signed_in(desk.lead)
    body = client.get("/incidents/open/").content.decode()
    assert "Join this one" in body
    assert "Open anyway" in body
    client.post(
        f"/incidents/{incident.reference}/join/", opening_form(desk, seen="Again, on Facebook")
    )
    incident.refresh_from_db()
    assert incident.events.order_by("-number")[0].kind == "joined"
    assert Incident.objects.count() == 1


def test_what_is_recent_belongs_to_the_brand_that_is_chosen(desk: Desk) -> None:
    other = make_brand("other", languages=["he"])
    join(desk.lead, other, Role.LEAD)
    make_incident(desk, seen="Seen at Nour Home")
    client = signed_in(desk.lead)
    page = client.get(f"/incidents/open/?brand={desk.brand.pk}").content.decode()
    assert "Seen at Nour Home" in page
    assert "hx-get" in page
    assert (
        "Seen at Nour Home" not in client.get(f"/incidents/open/?brand={other.pk}").content.decode()
    )
    changed = client.get(f"/incidents/open/?brand={other.pk}", headers={"HX-Request": "true"})
    body = changed.content.decode()
    assert "<html" not in body
    assert body.count('hx-swap-oob="true"') == 5
    assert "Seen at Nour Home" not in body
    assert "Open incident" in body
    back = client.get(f"/incidents/open/?brand={desk.brand.pk}", headers={"HX-Request": "true"})
    assert "Seen at Nour Home" in back.content.decode()
    assert "Open anyway" in back.content.decode()
    refused = client.post("/incidents/open/", opening_form(desk, seen=" ", brand=other.pk))
    assert (refused.status_code, "Seen at Nour Home" in refused.content.decode()) == (422, False)


def test_the_list_is_narrowed_searched_and_paged(desk: Desk) -> None:
    for number in range(52):
        make_incident(desk, seen=f"Case {number} حساب", at=NOON - timedelta(minutes=number))
    client = signed_in(desk.staff)
    first = client.get("/incidents/").content.decode()
    assert "Case 0 " in first
    assert "Case 51 " not in first
    assert "Case 51 " in client.get("/incidents/?words=case 51").content.decode()
    assert "Case 7 " in client.get("/search/?q=الحساب 7").content.decode()
    assert "Case 0 " not in client.get("/incidents/?severity=sev1").content.decode()


def test_the_inbox_shows_what_was_told_and_marks_it_read(desk: Desk) -> None:
    make_incident(desk)
    reminders.fire_due(at=NOON + timedelta(minutes=8))
    client = signed_in(desk.lead)
    assert "Reminder" in client.get("/inbox/").content.decode()
    newest = client.get("/inbox/").context["newest"]
    client.post("/inbox/read/", {"newest": newest})
    assert "unread" not in client.get("/inbox/").content.decode()


def test_the_inbox_reads_by_incident_and_keeps_every_line(desk: Desk) -> None:
    first, second = make_incident(desk, seen="Case one"), make_incident(desk, seen="Case two")
    reminders.fire_due(at=NOON + timedelta(minutes=14))
    client = signed_in(desk.lead)
    page = client.get("/inbox/")
    told = page.context["bunches"]
    assert sorted(bunch.about.split(" ")[0] for bunch in told) == [
        first.reference,
        second.reference,
    ]
    assert sum(len(bunch.items) for bunch in told) == len(page.context["page"].items)
    shown = page.content.decode()
    for bunch in told:
        assert len(bunch.shown) <= 4
        assert bunch.shown + bunch.folded == bunch.items
        assert all(f"/inbox/{item.id}/" in shown for item in bunch.items)
    assert shown.count('<details class="folded">') == sum(bool(bunch.folded) for bunch in told) > 0


def test_the_approver_signs_an_acknowledgement_in_peacetime_and_staff_do_not(desk: Desk) -> None:
    form = {"brand": desk.brand.pk, "statement": "acknowledgement", "language": "ar"}
    path = "/playbooks/fake-support-account/"
    signed_in(desk.staff).post(f"{path}sign/", form)
    assert "Signed 2" not in signed_in(desk.approver).get(path).content.decode()
    signed_in(desk.approver).post(f"{path}sign/", form)
    body = signed_in(desk.approver).get(path).content.decode()
    assert "Take the signature back" in body


def test_what_is_about_no_incident_stands_together_in_the_inbox() -> None:
    def line(about: str, topic: str, topic_id: int) -> Any:
        return SimpleNamespace(
            topic=topic, topic_id=topic_id, rendered=SimpleNamespace(about=about)
        )

    lines = [line("CD-1", "incident", 1), line("", "review", 7), line("", "rota", 7)]
    told = bunches([*lines, line("CD-1", "incident", 1)])
    assert [(bunch.about, len(bunch.items)) for bunch in told] == [("CD-1", 2), ("", 2)]


@pytest.mark.parametrize("path", ["/", "/incidents/", "/inbox/"])
def test_queries_do_not_grow_with_what_is_shown(
    desk: Desk, path: str, django_assert_max_num_queries: Any
) -> None:
    make_incident(desk)
    client = signed_in(desk.lead)
    client.get(path)
    with django_assert_max_num_queries(40) as few:
        client.get(path)
    for number in range(49):
        make_incident(desk, seen=f"Case {number}")
    with django_assert_max_num_queries(len(few)):
        client.get(path)
