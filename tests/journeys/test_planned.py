"""A decision is prepared before it is announced, announced with one gap left, and goes on as an incident."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from crisisdesk.core import clock
from crisisdesk.incidents.enums import PlanStatus
from crisisdesk.incidents.models import (
    AnnouncementPlan,
    Decision,
    Incident,
    Question,
    RoleAssignment,
    StatementLanguage,
    TimelineText,
)
from crisisdesk.incidents.queries.plan_gaps import readiness
from crisisdesk.incidents.queries.plans import board_of
from crisisdesk.organisation.domain.accounts import record_access_test
from crisisdesk.organisation.models import OfficialAccount
from tests.factories.incidents import Desk
from tests.journeys.conftest import Window, no_barriers

pytestmark = pytest.mark.django_db(transaction=True)

SAID = {
    "en": {
        "title": "Returns need a receipt",
        "decision": "From 1 March returns need a receipt. Gift cards stay as they are.",
        "group": "Families who were given something",
        "misreading": "Gift cards end",
        "question": "Why now?",
        "answer": "Stolen goods are brought back for cash.",
        "words": "From 1 March returns need a receipt. Your thirty days stay.",
        "reason": "The law begins on that day; nobody covers the second night yet.",
    },
    "ar": {
        "title": "الإعادة بإيصال فقط",
        "decision": "من أول مارس يلزم إيصال للإعادة. وبطاقات الهدايا باقية كما هي.",
        "group": "عائلات تلقّت هدايا",
        "misreading": "بطاقات الهدايا تُلغى",
        "question": "لماذا الآن؟",
        "answer": "تُعاد إلينا بضائع مسروقة مقابل نقود.",
        "words": "من أول مارس يلزم إيصال للإعادة. وتبقى أيامكم الثلاثون.",
        "reason": "يبدأ القانون في ذلك اليوم، ولا أحد بعد في ليلته الثانية.",
    },
}


def gaps(page: Page) -> int:
    """How many gaps the page counts."""
    return int(page.locator("#gaps > header .quiet").inner_text())


def add(page: Page, section: str, kind: str, text: str) -> None:
    """Write down a group or a misreading."""
    page.locator(f"#{section} details > summary").click()
    page.fill(f"#{kind}-text", text)
    page.locator(f"#{section} .form-foot button").click()
    expect(page.locator(f"#{section} .what", has_text=text)).to_be_visible()


def write(page: Page, address: str, words: str) -> None:
    """Write words for one place of the plan."""
    page.goto(address)
    page.fill("[name=text]", words)
    page.locator("form.measure .btn.fill").click()
    expect(page.locator("#questions")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "width"), [("en", 1280), ("ar", 390), ("ar", 1280), ("en", 390)]
)
def test_from_the_decision_to_the_incident(
    desk: Desk, window: Window, language: str, width: int
) -> None:
    said = SAID[language]
    lead = window(desk.lead, language=language, width=width)
    staff = window(desk.staff, language=language, width=width)
    approver = window(desk.approver, language=language, width=width)
    when = clock.now() + timedelta(days=2)
    for account in OfficialAccount.objects.filter(brand=desk.brand):
        record_access_test(
            account_id=account.pk, worked=True, actor=desk.actor("staff"), at=clock.now()
        )

    # Open the plan, in one language of the audience.
    lead.goto("/plans/")
    no_barriers(lead)
    lead.locator("a[href='/plans/new/']").click()
    lead.fill("[name=title]", said["title"])
    lead.fill("[name=decision]", said["decision"])
    lead.fill("[name=announce_at]", f"{when:%Y-%m-%dT10:00}")
    for box in lead.locator("[name=languages]").all():
        box.set_checked(box.get_attribute("value") == language)
    no_barriers(lead)
    lead.locator("form.measure .btn.fill").click()
    lead.wait_for_url("**/plans/*/")
    plan = AnnouncementPlan.objects.get()
    base = f"/plans/{plan.pk}/"
    left = [gaps(lead)]
    no_barriers(lead)

    # What is missing and mine stands on my desk.
    lead.goto("/")
    expect(lead.locator("[aria-labelledby=h-gaps] a")).to_have_count(2)
    no_barriers(lead)
    lead.locator(f"a[href='{base}#gaps']").click()

    # Groups, misreadings, ten questions with their answers; somebody else approves.
    add(lead, "groups", "group", said["group"])
    left.append(gaps(lead))
    staff.goto(base)
    add(staff, "misreadings", "misreading", said["misreading"])
    for number in range(10):
        staff.fill("#question-text", f"{said['question']} {number}")
        staff.locator("#questions form .form-foot button").click()
        expect(staff.locator("#questions tbody tr")).to_have_count(number + 1)
    for point in plan.points.filter(kind="question").order_by("pk"):
        write(staff, f"{base}points/{point.pk}/{language}/", f"{said['answer']} {point.pk}")
        approver.goto(f"{base}points/{point.pk}/{language}/")
        approver.locator("button[value=approve]").click()
        expect(approver.locator("#questions")).to_be_visible()
    lead.goto(base)
    left.append(gaps(lead))

    # Words of the playbook, rewritten.
    for statement in board_of(plan).statements:
        write(staff, f"{base}statements/{statement.key}/{language}/", said["words"])
    no_barriers(staff)
    lead.goto(base)
    left.append(gaps(lead))

    # Approvers answer the telephone; one of two nights has somebody.
    while lead.locator("#approvers .late-word").count():
        lead.locator("#approvers li:has(.late-word) button[value=yes]").first.click()
    lead.locator("#duty details > summary").click()
    lead.select_option("#duty-person", str(desk.staff.pk))
    lead.select_option("#duty-role", "spokesperson")
    lead.fill("#duty-from", f"{when:%Y-%m-%dT10:00}")
    lead.fill("#duty-to", f"{when + timedelta(days=1):%Y-%m-%dT10:00}")
    lead.locator("#duty details .form-foot button").click()
    expect(lead.locator("#duty .lines li")).to_have_count(1)
    left.append(gaps(lead))
    assert left == sorted(left, reverse=True) and len(set(left)) == len(left), left
    assert left[-1] == 1
    no_barriers(lead)

    # Announce it: without a reason it is refused, with one it opens the incident.
    lead.goto(f"{base}announce/")
    lead.locator("form.measure .btn.fill").click()
    expect(lead.locator("[name=reason]")).to_be_visible()
    assert not Incident.objects.exists()
    no_barriers(lead)
    lead.fill("[name=reason]", said["reason"])
    lead.locator("form.measure .btn.fill").click()
    lead.wait_for_url("**/incidents/CD-*/")
    no_barriers(lead)

    # Everything that was prepared is there.
    plan.refresh_from_db()
    incident = Incident.objects.get()
    assert plan.status == PlanStatus.ANNOUNCED and plan.incident == incident
    assert [gap["code"] for gap in plan.gaps] == ["hours_without_duty"]
    expect(lead.locator("h1", has_text=said["title"])).to_be_visible()
    decision = Decision.objects.get(incident=incident)
    assert decision.reason == said["reason"]
    questions = Question.objects.filter(incident=incident)
    assert {row.prepared[language].rsplit(" ", 1)[0] for row in questions} == {said["answer"]}
    words = StatementLanguage.objects.filter(statement__incident=incident, language=language)
    carried = {
        row.statement.key: row.revisions.latest("number").text
        for row in words
        if row.revisions.exists()
    }
    assert carried == {row.key: said["words"] for row in board_of(plan).statements}
    holder = RoleAssignment.objects.get(incident=incident, role="spokesperson", to_at=None)
    assert holder.user == desk.staff
    note = "\n".join(
        TimelineText.objects.filter(event__incident=incident).values_list("text", flat=True)
    )
    assert said["group"] in note and said["misreading"] in note
    lead.goto(f"/incidents/{incident.reference}/statements/")
    no_barriers(lead)
    lead.goto(base)
    expect(lead.locator("#gaps")).to_contain_text(said["reason"])
    no_barriers(lead)
    assert readiness(board_of(plan), at=clock.now()).percent < 100
