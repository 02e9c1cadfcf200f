"""Settings, Webhooks: added, proven, tested, given a new secret; what was sent there and sent again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.models import Incident
from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.models import Address, Delivery, Notification
from crisisdesk.notifications.queries.webhooks import PAGE as ROWS
from crisisdesk.organisation.models import Membership
from tests.factories.incidents import Desk
from tests.factories.notifications import make_webhook
from tests.factories.organisation import NOON
from tests.factories.receivers import Receiver
from tests.web.settings.conftest import browser

PAGE = "/settings/webhooks/"


def told(desk: Desk) -> Notification:
    """The first line in the approver's inbox."""
    return Notification.objects.filter(recipient=desk.approver, transport="inbox")[0]


def fill(address: Address, like: Notification, count: int) -> None:
    """Let so many messages have been sent there, each at the second attempt."""
    for number in range(count):
        row = Notification.objects.create(
            recipient=like.recipient, transport="webhook", address=address, state="sent",
            topic=like.topic, topic_id=like.topic_id, kind=like.kind, data=like.data,
            dedupe_key=f"fill:{number}", created_at=NOON, sent_at=NOON,
        )  # fmt: skip
        for outcome, answer, took in (("retry", "503 later", 4000), ("sent", "200 ok", 90)):
            Delivery.objects.create(
                notification=row, at=NOON, outcome=outcome, answer=answer, took_ms=took
            )


def test_from_the_first_secret_to_the_end(
    desk: Desk, incident: Incident, receiver: Receiver
) -> None:
    lead = browser(desk.lead)
    assert "No webhooks yet" in lead.get(PAGE).content.decode()
    made = lead.post(PAGE, {"url": receiver.url, "label": "Pager"})
    address = Address.objects.get()
    assert made.status_code == 201 and "no-store" in made.headers["Cache-Control"]
    assert address.secret in made.content.decode()
    page = f"{PAGE}{address.pk}/"
    assert address.secret not in lead.get(page).content.decode()
    assert "Not proven yet" in lead.get(PAGE).content.decode()
    proven = lead.post(f"{page}prove/", follow=True)
    assert "has proven itself" in proven.content.decode()
    test = lead.post(f"{page}test/").content.decode()
    assert "The endpoint took the test. It answered:" in test and "200 {" in test
    assert receiver.posts[-1].json()["test"] is True
    rotated = lead.post(f"{page}secret/", {"old": "both"})
    assert "no-store" in rotated.headers["Cache-Control"]
    assert "signs beside it until" in rotated.content.decode()
    assert Address.objects.get().secret in rotated.content.decode()
    assert lead.post(f"{page}remove/").status_code == 302
    assert "No webhooks yet" in lead.get(PAGE).content.decode()
    assert lead.get(page).status_code == 404


def test_each_message_stands_there_with_its_attempts_and_goes_again(
    desk: Desk, incident: Incident, receiver: Receiver
) -> None:
    address, row = make_webhook(told(desk))
    fill(address, row, ROWS)
    owner, page = browser(desk.approver), f"{PAGE}{address.pk}/"
    shown = owner.get(page).content.decode()
    assert shown.count('class="attempts"') == ROWS and "Show older" in shown
    assert "503 later" in shown and 'max="4000" value="90"' in shown and "90 ms" in shown
    older = owner.get(f"{page}?before={row.pk + 1}", headers={"HX-Request": "true"})
    assert older.content.decode().count('class="attempts"') == 1
    assert "<html" not in older.content.decode()
    off = owner.post(f"{page}messages/{row.pk}/again/")
    assert (off.status_code, "Ask for its proof first" in off.content.decode()) == (422, True)
    Address.objects.update(value=receiver.url, verified_at=NOON)
    assert owner.post(f"{page}messages/{row.pk}/again/").status_code == 302
    delivery.deliver_all(clock=lambda: Notification.objects.get(pk=row.pk).next_attempt_at or NOON)
    assert receiver.posts[-1].headers["webhook-id"] == f"n-{row.pk}"


def test_what_the_owner_may_no_longer_see_is_not_told_either(
    desk: Desk, incident: Incident, receiver: Receiver
) -> None:
    line = Notification.objects.filter(recipient=desk.approver, transport="inbox")[0]
    address, row = make_webhook(line)
    approver, page = browser(desk.approver), f"{PAGE}{address.pk}/"
    assert incident.reference in approver.get(page).content.decode()
    Membership.objects.filter(user=desk.approver).delete()
    roles.restrict(
        incident_id=incident.pk, restricted=True, actor=desk.actor("lead"), at=incident.opened_at
    )
    shown = approver.get(page).content.decode()
    assert "You may no longer see what this was about." in shown
    assert incident.reference not in shown and "200 ok" not in shown
    assert approver.post(f"{page}messages/{row.pk}/again/").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "نقاط الاستقبال الخاصة بكم"), ("he", "נקודות הקצה שלכם")]
)
def test_the_pages_speak_the_readers_language(
    desk: Desk, incident: Incident, language: str, words: str
) -> None:
    desk.approver.language = language
    desk.approver.save()
    address, _ = make_webhook(told(desk))
    owner = browser(desk.approver)
    assert words in owner.get(PAGE).content.decode()
    shown = owner.get(f"{PAGE}{address.pk}/").content.decode()
    assert 'dir="rtl"' in shown and {"ar": "استُلمت", "he": "נקלט"}[language] in shown


def test_what_is_refused_keeps_what_was_typed(
    desk: Desk, incident: Incident, receiver: Receiver
) -> None:
    lead = browser(desk.lead)
    inside = lead.post(PAGE, {"url": "https://10.0.0.1/hook", "label": "Pager"})
    assert inside.status_code == 422
    assert "https://10.0.0.1/hook" in inside.content.decode()
    assert "our own network" in inside.content.decode()
    assert not Address.objects.exists()
    lead.post(PAGE, {"url": receiver.url, "label": "Pager"})
    page = f"{PAGE}{Address.objects.get().pk}/"
    receiver.reply = lambda post: (200, b"no idea", {})
    unproven = lead.post(f"{page}prove/")
    assert unproven.status_code == 422 and "200 no idea" in unproven.content.decode()
    assert lead.post(f"{page}test/").status_code == 422
    assert lead.post(f"{page}secret/", {"old": "perhaps"}).status_code == 422


def test_an_endpoint_of_somebody_else_does_not_exist(
    desk: Desk, incident: Incident, client: Client
) -> None:
    address, row = make_webhook(told(desk))
    staff, page = browser(desk.staff), f"{PAGE}{address.pk}/"
    assert "Pager" not in staff.get(PAGE).content.decode()
    before = list(Address.objects.values())
    assert staff.get(page).status_code == 404
    for press in ("prove/", "secret/", "test/", "remove/", f"messages/{row.pk}/again/"):
        assert staff.post(page + press, {"old": "ends"}).status_code == 404
    assert list(Address.objects.values()) == before
    assert client.get(PAGE).status_code == 302


def test_the_page_asks_the_same_with_one_message_and_fifty(desk: Desk, incident: Incident) -> None:
    address, row = make_webhook(told(desk))
    owner, page = browser(desk.approver), f"{PAGE}{address.pk}/"
    owner.get(page)
    found = []
    for count in (0, 50):
        fill(address, row, count)
        with CaptureQueriesContext(connection) as caught:
            assert owner.get(page).status_code == 200
        found.append(len(caught))
    assert found[0] == found[1]
