"""What is due to be read again is told to its owner: once, by mail and in the inbox, in their own language."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connections

from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.domain.inbox import open_page
from crisisdesk.notifications.models import Notification
from crisisdesk.notifications.queries.inbox import unread_count
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, Membership, User
from playbooks.domain.review_reminders import remind_due
from playbooks.domain.reviews import give_review, mark_reviewed, set_review_date
from playbooks.models import ReviewDate
from tests.factories.organisation import NOON, make_brand, make_channel, make_member, make_user, web
from tests.factories.playbooks import load, write_shelf
from tests.factories.reviews import DUE, dated, review, rows, seen
from tests.notifications.test_mail import body
from tests.peers import Mailbox

DAY = timedelta(days=1)


def mails(who: User) -> list[Notification]:
    return list(Notification.objects.filter(recipient=who, transport="email").order_by("pk"))


@pytest.mark.django_db
def test_one_message_lists_all_that_came_due_and_comes_once(brand: Brand, lead: User) -> None:
    assert remind_due(at=DUE - timedelta(seconds=1)) == 0
    assert remind_due(at=DUE) == 6
    (mail,) = mails(lead)
    assert (mail.kind, mail.topic_id, mail.urgent) == ("review_due", brand.pk, False)
    (line,) = mail.data["playbooks"]
    assert (line["plan"], line["texts"], line["review_by"]) == (True, 5, "2027-02-16")
    assert Notification.objects.count() == 2
    assert [remind_due(at=DUE + n * DAY) for n in (0, 1, 100)] == [0, 0, 0]
    assert Notification.objects.count() == 2


@pytest.mark.django_db
def test_a_day_that_was_moved_or_reviewed_rings_anew_and_only_then(
    brand: Brand, lead: User
) -> None:
    dated()
    found = rows(brand)
    review(lead, *(part for key, part in found.items() if key), at=NOON + DAY)
    plan = found[""]
    set_review_date(seen=seen(plan), review_by=date(2026, 12, 1), actor=web(lead), at=NOON)
    assert remind_due(at=DUE) == 1
    (mail,) = mails(lead)
    assert mail.data["playbooks"][0]["texts"] == 0
    assert remind_due(at=DUE + 2 * DAY) == 5
    assert [mail.data["playbooks"][0]["texts"] for mail in mails(lead)] == [0, 5]


@pytest.mark.django_db
def test_each_owner_hears_of_their_own(brand: Brand, lead: User) -> None:
    dated()
    second = make_member(brand, Role.LEAD, "second")
    part = rows(brand)["update"]
    give_review(seen=seen(part), owner_id=second.pk, actor=web(lead), at=NOON)
    remind_due(at=DUE)
    ((mine,), (theirs,)) = (mail[0].data["playbooks"] for mail in (mails(lead), mails(second)))
    assert (mine["texts"], theirs["texts"]) == (4, 5)
    part.refresh_from_db()
    give_review(seen=seen(part), owner_id=lead.pk, actor=web(lead), at=DUE)
    assert remind_due(at=DUE + DAY) == 1
    part.refresh_from_db()
    give_review(seen=seen(part), owner_id=second.pk, actor=web(lead), at=DUE)
    assert remind_due(at=DUE + 2 * DAY) == 1
    # Once per person and day, however often it changes hands.
    assert (len(mails(lead)), len(mails(second))) == (2, 1)


@pytest.mark.django_db
def test_an_owner_who_left_is_replaced_by_the_leads(brand: Brand, lead: User) -> None:
    dated()
    second = make_member(brand, Role.LEAD, "second")
    give_review(seen=seen(rows(brand)["update"]), owner_id=second.pk, actor=web(lead), at=NOON)
    second.is_active = False
    second.save()
    remind_due(at=DUE)
    assert mails(second) == [] and mails(lead)[0].data["playbooks"][0]["texts"] == 5


@pytest.mark.django_db
def test_a_brand_without_a_lead_waits_for_one(brand: Brand) -> None:
    assert remind_due(at=DUE) == 0
    lead = make_member(brand, Role.LEAD)
    assert remind_due(at=DUE + DAY) == 6
    assert len(mails(lead)) == 1


@pytest.mark.django_db
def test_the_sweep_runs_with_every_other(brand: Brand, lead: User) -> None:
    dated(NOON - 400 * DAY)
    ReviewDate.objects.update(due_at=NOON)
    call_command("tick")
    assert len(mails(lead)) == 1


WORDS = {
    "en": ("1 playbook is due to be read again", "16 February 2027", "Open the playbook"),
    "ar": ("حان موعد مراجعة دليل عمل واحد", "16 فبراير 2027", "فتح دليل العمل"),
    "he": ("הגיע מועד הבדיקה החוזרת של תיק פעולה אחד", "16 פברואר 2027", "פתיחת תיק הפעולה"),
}


@pytest.mark.parametrize("language", list(WORDS))
@pytest.mark.django_db
def test_the_mail_is_in_its_readers_language(
    brand: Brand, smtp_mail: Mailbox, language: str
) -> None:
    make_member(brand, Role.LEAD, language=language)
    remind_due(at=DUE)
    delivery.deliver_all(clock=lambda: DUE)
    (letter,) = smtp_mail.wait(1)
    said, day, action = WORDS[language]
    html, text = body(letter, "html"), body(letter, "plain")
    for words in (said, day, action):
        assert words in html and words in text, words
    assert said in str(letter["Subject"])
    assert "incident" not in text and "الحادثة" not in text and "אירוע" not in text
    assert re.search(r"/playbooks/fake-help-desk/\?brand=shared#review", text)


@pytest.mark.django_db
def test_who_leads_no_more_is_told_nothing_more(
    brand: Brand, lead: User, smtp_mail: Mailbox
) -> None:
    remind_due(at=DUE)
    assert unread_count(lead) == 1
    Membership.objects.filter(user=lead).update(role=Role.OBSERVER)
    tally = delivery.deliver_all(clock=lambda: DUE)
    assert tally.outcomes == {"withheld": 1} and not smtp_mail.messages
    assert unread_count(lead) == 0
    assert open_page(actor=web(lead)).items == ()
    assert set(Notification.objects.values_list("state", flat=True)) == {"withheld"}


@pytest.mark.django_db
def test_one_brand_that_fails_does_not_silence_the_others(
    brand: Brand, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from playbooks.domain import review_reminders

    other = make_brand("other")
    second = make_member(other, Role.LEAD, "second")
    dated()
    told = review_reminders._messages

    def fails(about: Brand, parts: list[ReviewDate]) -> object:
        if about == brand:
            raise RuntimeError("broken")
        return told(about, parts)

    monkeypatch.setattr(review_reminders, "_messages", fails)
    assert remind_due(at=DUE) == 6
    assert mails(lead) == [] and len(mails(second)) == 1
    monkeypatch.undo()
    assert remind_due(at=DUE) == 6
    assert len(mails(lead)) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_at_once_tell_everybody_once(tmp_path: Path) -> None:
    for key in ("x", "facebook"):
        make_channel(key)
    load(write_shelf(tmp_path))
    leads = [
        make_member(make_brand(f"brand-{number}"), Role.LEAD, f"lead-{number}")
        for number in range(3)
    ]
    start = Barrier(8)

    def sweep(_number: int) -> int:
        try:
            start.wait()
            return sum(remind_due(at=DUE) for _ in range(3))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        claimed = sum(pool.map(sweep, range(8)))
    assert claimed == 3 * 6
    assert [len(mails(lead)) for lead in leads] == [1, 1, 1]
    assert ReviewDate.objects.count() == 3 * 6


@pytest.mark.django_db(transaction=True)
def test_a_press_and_a_sweep_at_once_leave_no_half(tmp_path: Path) -> None:
    for key in ("x", "facebook"):
        make_channel(key)
    load(write_shelf(tmp_path))
    brand = make_brand()
    lead = make_member(brand, Role.LEAD)
    dated()
    parts = list(rows(brand).values())
    start = Barrier(2)

    def sweep() -> None:
        try:
            start.wait()
            remind_due(at=DUE)
        finally:
            connections.close_all()

    def press() -> None:
        try:
            start.wait()
            mark_reviewed(seen=seen(*parts), actor=web(lead), at=DUE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(sweep), pool.submit(press)):
            done.result()
    assert set(ReviewDate.objects.values_list("review_by", "reminded_at")) == {
        (date(2027, 5, 17), None)
    }
    assert len(mails(lead)) <= 1
    assert remind_due(at=DUE) == 0


@pytest.mark.django_db
def test_a_stranger_has_nothing_in_the_inbox(brand: Brand, lead: User) -> None:
    remind_due(at=DUE)
    assert open_page(actor=web(make_user("stranger"))).items == ()
    (item,) = open_page(actor=web(lead)).items
    assert item.rendered.path.endswith("#review")
