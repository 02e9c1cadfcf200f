"""Who looks after the desk sees which hands move, what waits and what the auditor found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from crisisdesk.core import clock, outbound
from crisisdesk.incidents import tasks
from crisisdesk.incidents.domain import auditor
from crisisdesk.incidents.models import Finding, Reminder
from crisisdesk.notifications.domain import dead_man, heartbeat
from crisisdesk.notifications.enums import Hand
from crisisdesk.notifications.models import Heartbeat, Notification
from crisisdesk.notifications.queries.heartbeat import WORKERS
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User
from tests.factories.incidents import make_desk, make_incident
from tests.factories.organisation import make_member
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db


def all_move() -> None:
    """Let every hand have moved just now."""
    for hand in Hand:
        heartbeat.stamp(hand, at=clock.now())


def test_the_page_is_for_administrators_and_leads(brand: Brand) -> None:
    for role, status in (
        (Role.ADMIN, 200),
        (Role.LEAD, 200),
        (Role.STAFF, 404),
        (Role.EXECUTIVE, 404),
    ):
        person = browser(make_member(brand, role))
        assert person.get("/settings/health/").status_code == status, role
        assert (b"/settings/health/" in person.get("/settings/").content) is (status == 200)


@pytest.mark.parametrize(
    ("language", "found", "silent", "mended"),
    [
        ("en", "A running deadline had no alarm left.", "Silent", "Mended"),
        ("ar", "موعد جارٍ لم يبق له أي تنبيه.", "صامت", "أُصلح"),
        ("he", "למועד שרץ לא נותרה התראה.", "דומם", "תוקן"),
    ],
)
def test_hands_workers_and_findings_stand_there(
    client: Client, language: str, found: str, silent: str, mended: str
) -> None:
    desk = make_desk()
    incident = make_incident(desk, at=clock.now())
    User.objects.filter(pk=desk.lead.pk).update(language=language)
    all_move()
    Heartbeat.objects.filter(name="beat").update(at=clock.now() - timedelta(hours=1))
    heartbeat.stamp(WORKERS + "desk@<one>", at=clock.now())
    Reminder.objects.filter(deadline__kind="holding").delete()
    auditor.audit(at=clock.now())
    client.force_login(desk.lead)
    page = client.get("/settings/health/").content.decode()
    assert all(words in page for words in (found, silent, mended, incident.reference))
    assert "desk@&lt;one&gt;" in page
    client.force_login(desk.stranger)
    assert client.get("/settings/health/").status_code == 404


def test_readyz_says_in_words_what_is_late(client: Client) -> None:
    all_move()
    heartbeat.stamp(WORKERS + "desk@two", at=clock.now() - timedelta(hours=1))
    Finding.objects.create(kind="messages_late", count=3, found_at=clock.now(), seen_at=clock.now())
    said = client.get("/readyz").json()
    assert set(said["faults"]) <= {"broker"}
    assert said["late"][0].startswith("desk@two: no sign of life since ")
    assert said["late"][1] == "3 messages should have been sent more than two minutes ago."
    Heartbeat.objects.filter(name="auditor").delete()
    answer = client.get("/readyz", headers={"Accept-Language": "he"})
    assert answer.status_code == 503
    assert answer.json()["late"][0] == "מבקר המועדים וצירי הזמן: עדיין אין אות חיים"
    assert answer.json()["faults"]["auditor"] == "silent"


def test_the_banner_names_who_is_silent(client: Client, admin: User) -> None:
    all_move()
    page = client.get("/settings/").content.decode()
    assert "no sign of life" not in page
    Heartbeat.objects.filter(name="auditor").update(at=clock.now() - timedelta(minutes=6))
    page = client.get("/settings/").content.decode()
    assert "Nobody is checking the clocks." in page
    assert "Reminders are not running." not in page
    Heartbeat.objects.filter(name="beat").update(at=clock.now() - timedelta(minutes=6))
    page = client.get("/settings/").content.decode()
    assert "Reminders are not running." in page
    assert "The beat that starts every sweep: no sign of life since" in page


def test_the_outside_hears_of_us_only_while_all_is_well(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(url: str) -> outbound.Answer:
        asked.append(url)
        return outbound.Answer(200, b"", url)

    monkeypatch.setattr(outbound, "ask", ask)
    tasks.audit()
    assert asked == []  # nobody named an address
    settings.DEAD_MAN_URL = "https://outside.example/ping"
    tasks.audit()
    assert asked == []  # hands are silent
    all_move()
    tasks.audit()
    assert asked == ["https://outside.example/ping"]
    assert Heartbeat.objects.get(name="auditor").detail == "0 found, 0 repaired, 0 events proven"
    desk = make_desk()
    make_incident(desk, at=clock.now() - timedelta(minutes=10))
    Notification.objects.filter(state="pending").update(
        next_attempt_at=clock.now() - timedelta(minutes=5)
    )
    tasks.audit()
    assert len(asked) == 1

    def away(url: str) -> outbound.Answer:
        raise outbound.Unanswered("away")

    monkeypatch.setattr(outbound, "ask", away)
    assert dead_man.tell(at=clock.now()) is False
