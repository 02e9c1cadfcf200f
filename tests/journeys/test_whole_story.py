"""One crisis from the first angry post to the PDF, through the browser, in every language."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.core import clock
from crisisdesk.incidents.domain import lifecycle, timeline
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import ChecklistItem, Incident, Publication, StatementRevision
from crisisdesk.notifications.models import Notification
from crisisdesk.reports.domain import rendering
from crisisdesk.reports.models import RenderedReport
from tests.factories.incidents import LINK, Desk, revision_of, words_of
from tests.journeys.conftest import Window, no_barriers

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "en": "An account called @NourHelp answers people in our name. It is not ours.",
    "ar": "حساب باسم @NourHelp يردّ على الناس باسمنا، وهو ليس لنا.",
    "he": "חשבון בשם @NourHelp עונה לאנשים בשמנו. הוא לא שלנו.",
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_from_opening_to_the_pdf(
    desk: Desk, window: Window, language: str, width: int, settings: Any
) -> None:
    lead = window(desk.lead, language=language, width=width)

    # Open: three answers, one press.
    lead.goto("/incidents/open/")
    no_barriers(lead)
    assert lead.locator("html").get_attribute("dir") == ("ltr" if language == "en" else "rtl")
    lead.fill("[name=seen]", "@NourHelp")
    lead.locator(f"[name=playbook][value='{revision_of('fake-support-account').pk}']").check()
    lead.locator("[name=severity][value=sev2]").check()
    lead.locator("#open-form .form-foot button").click()
    lead.wait_for_url("**/incidents/CD-*/")
    incident = Incident.objects.get()
    room = f"/incidents/{incident.reference}/"
    no_barriers(lead)

    # Work: the first tick makes it active.
    staff = window(desk.staff, language=language, width=width)
    staff.goto(f"{room}checklists/")
    no_barriers(staff)
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    staff.locator(f"#item-{item.pk} button.tick").click()
    staff.locator(f"#item-{item.pk} button[aria-pressed=true]").wait_for()
    incident.refresh_from_db()
    assert incident.status == Status.ACTIVE

    # Write it down.
    staff.goto(room)
    staff.fill("#box-text", "@NourHelp")
    staff.locator(".box .foot button").click()
    staff.wait_for_url("**#h-box")

    # Say: write in the reader's language, send it to approval.
    words = words_of(incident, "holding", language)
    staff.goto(f"{room}statements/{words.statement_id}/?language={language}")
    no_barriers(staff)
    staff.locator(f"#text-{language}").fill(WORDS[language])
    staff.locator(f"#act-{language}").click()
    staff.wait_for_timeout(1500)
    staff.locator("#step button.fill, #step .btn.fill").first.click()
    staff.wait_for_timeout(1500)
    revision = StatementRevision.objects.get(statement_language=words)
    assert (revision.text, revision.state) == (WORDS[language], "in_review")

    # Approve: the exact words, on a phone.
    approver = window(desk.approver, language=language, width=390)
    approver.goto(f"{room}approve/{revision.pk}/")
    no_barriers(approver)
    approver.locator(".decide .btn.fill").last.click()
    approver.wait_for_load_state()
    revision.refresh_from_db()
    assert revision.state == "approved"

    # Post: claim, paste the link.
    staff.goto(f"{room}post/{revision.pk}/{incident.origin_channel}/")
    staff.locator("form[action*='/claim/'] button").first.click()
    staff.wait_for_load_state()
    no_barriers(staff)
    staff.fill("[name=url]", LINK)
    staff.locator("form:has([name=url]) button, button[form]").last.click()
    staff.wait_for_load_state()
    assert Publication.objects.get(revision=revision).url == LINK

    # Be told: the inbox speaks the reader's language.
    staff.goto("/inbox/")
    no_barriers(staff)
    assert Notification.objects.filter(recipient=desk.staff, transport="email").exists()

    # Look: timeline, desk, list, shelf, settings.
    for path in (
        "/",
        "/incidents/",
        "/playbooks/",
        "/playbooks/fake-support-account/",
        "/settings/",
        f"{room}timeline/",
    ):
        lead.goto(path)
        no_barriers(lead)

    # Close and learn.
    at = clock.now()
    lifecycle.change_status(
        incident_id=incident.pk, to=Status.RESOLVED, actor=desk.actor("lead"), at=at
    )
    lead.goto(f"{room}report/")
    no_barriers(lead)
    lead.fill("[name=verdict]", WORDS[language])
    lead.fill("[name=affected]", WORDS[language])
    lead.locator("[name=business_effect_unknown]").check()
    lead.fill("[name=cause]", WORDS[language])
    lead.fill("[name=went_well]", WORDS[language])
    lead.fill("[name=went_badly]", WORDS[language])
    lead.locator("form[action$='/report/save/'] .form-foot button").click()
    lead.locator("button[formaction$='/report/sign/']").click()
    lead.wait_for_load_state()
    lead.fill("[name=text]", WORDS[language])
    lead.fill("[name=due_date]", "2030-01-01")
    lead.locator("form[action$='/report/actions/'] .form-foot button").click()
    lead.wait_for_load_state()
    lead.goto(f"{room}status/")
    no_barriers(lead)
    lead.locator("form:has([value=closed]) .form-foot button").click()
    lead.wait_for_url(f"**{room}")
    incident.refresh_from_db()
    assert incident.status == Status.CLOSED

    # Export: one page, in the reader's language.
    executive = window(desk.executive, language=language, width=width)
    executive.goto(f"{room}report/")
    no_barriers(executive)
    executive.locator("form[action$='/report/export/'] button").click()
    executive.wait_for_load_state()
    rendering.render_next(at=clock.now())
    executive.goto("/reports/")
    no_barriers(executive)
    row = RenderedReport.objects.get()
    assert (row.state, row.language, row.pages) == ("done", language, 1)
    with executive.expect_download() as download:
        executive.locator(f"a[href='/reports/{row.pk}/']").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert timeline.verify(Incident.objects.get(pk=incident.pk)) == []
