"""Settings, Health, Given-up messages: read with the answer, and sent again."""

from __future__ import annotations

import pytest

from crisisdesk.notifications.models import Delivery, Notification
from crisisdesk.organisation.models import User
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.web.settings.conftest import browser

PAGE = "/settings/health/given-up/"


@pytest.fixture
def lost(desk: Desk, incident: object) -> Notification:
    """A mail that its server refused for good."""
    row = Notification.objects.filter(transport="email").order_by("pk")[0]
    Notification.objects.filter(pk=row.pk).update(state="failed", attempts=1)
    Delivery.objects.create(
        notification=row, at=NOON, outcome="failed", answer="550 5.1.1 <nobody> here"
    )
    return row


def test_it_is_read_with_the_answer_and_sent_again(desk: Desk, lost: Notification) -> None:
    lead = browser(desk.lead)
    assert PAGE in lead.get("/settings/health/").content.decode()
    page = lead.get(PAGE).content.decode()
    assert "550 5.1.1 &lt;nobody&gt; here" in page and "CD-2026-0001" in page
    sent = lead.post(f"{PAGE}again/", {"message": [lost.pk]}, follow=True).content.decode()
    assert "1 message goes out again within seconds." in sent
    assert "Nothing was given up" in sent
    lost.refresh_from_db()
    assert (lost.state, lost.attempts) == ("pending", 0)


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "رسائل لم تُسلَّم"), ("he", "הודעות שלא נמסרו")]
)
def test_the_page_speaks_the_readers_language(
    desk: Desk, lost: Notification, language: str, words: str
) -> None:
    User.objects.update(language=language)
    Delivery.objects.update(answer="not_set_up")
    page = browser(desk.lead).get(PAGE).content.decode()
    assert words in page and 'dir="rtl"' in page and "not_set_up" not in page


def test_it_is_not_there_for_others(desk: Desk, lost: Notification) -> None:
    for person in (desk.stranger, desk.staff):
        client = browser(person)
        assert client.get(PAGE).status_code == 404
        assert client.post(f"{PAGE}again/", {"message": [lost.pk]}).status_code == 404
    lead = browser(desk.lead)
    for wrong in ("x", "-1", str(2**63), str(lost.pk + 10**6)):
        assert lead.post(f"{PAGE}again/", {"message": [wrong]}).status_code == 404
    assert lead.get(f"{PAGE}?before=x").status_code == 404
    lost.refresh_from_db()
    assert lost.state == "failed"
