"""A lead writes a playbook from an empty plan in Arabic, publishes it, opens an incident from it and runs it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from crisisdesk.core import clock
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import ChecklistItem, Incident, StatementLanguage
from crisisdesk.organisation.enums import Role
from playbooks.domain import drafting
from playbooks.models import PlaybookDraft, PlaybookRevision
from tests.factories.incidents import Desk
from tests.factories.organisation import join
from tests.journeys.conftest import Window, no_barriers

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "ar": "نصّ عربي كتبه الفريق لهذا الموضع",
    "en": "English words the team wrote for this place",
    "he": "נוסח עברי שהצוות כתב למקום הזה",
}
TITLE = "عطل في تطبيق الطلبات"


def write_all(page: Page, begin: int) -> int:
    """Fill every empty word of the page as a person does, field by field, and wait until each is kept."""
    fields = page.locator(".pb-main .place textarea")
    for place in range(fields.count()):
        field = fields.nth(place)
        if field.input_value().strip() or "case_note" in (field.get_attribute("name") or ""):
            continue
        field.fill(f"{WORDS[field.get_attribute('lang') or 'en']} {begin + place}")
        field.blur()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".pb-main .place.is-word:not(.is-kept) textarea:focus")).to_have_count(0)
    return begin + fields.count()


def test_from_an_empty_page_to_a_running_incident(desk: Desk, window: Window) -> None:
    lead = window(desk.lead, language="ar")

    # Begin: a name in Arabic, an address, nothing else.
    lead.goto("/playbooks/")
    lead.locator("a[href='/playbooks/own/new/']").click()
    lead.fill("[name=title]", TITLE)
    lead.fill("[name=slug]", "order-app")
    lead.locator("form.measure .btn.fill").click()
    lead.wait_for_url("**/playbooks/own/*/")
    no_barriers(lead)
    draft = PlaybookDraft.objects.get()
    assert draft.content["words"]["ar"]["title"] == TITLE
    base = f"/playbooks/own/{draft.playbook_id}/"

    # Publishing what is empty is refused, and says what is missing.
    lead.goto(f"{base}publish/")
    lead.fill("[name=note]", "النسخة الأولى")
    lead.locator("form.measure .btn.fill").click()
    expect(lead.locator(".errors")).to_be_visible()
    assert not PlaybookRevision.objects.filter(playbook_id=draft.playbook_id).exists()

    # Write: every part, every row.
    count = 0
    for part in ("about", "first", "avoid"):
        lead.goto(f"{base}?part={part}")
        count = write_all(lead, count)
    for part in ("clocks", "items", "statements"):
        lead.goto(f"{base}?part={part}")
        rows = [row.get_attribute("href") for row in lead.locator(".pb-row [data-row-open]").all()]
        for row in rows:
            lead.goto(f"{base}{row}")
            count = write_all(lead, count)
    no_barriers(lead)

    # A row from the keyboard: the second item goes up, the focus stays with it.
    lead.goto(f"{base}?part=items")
    before = [row["key"] for row in PlaybookDraft.objects.get().content["items"]]
    lead.locator(".pb-row [data-row-open]").nth(1).focus()
    lead.keyboard.press("Alt+ArrowUp")
    lead.wait_for_url("**#r-items-*")
    draft.refresh_from_db()
    assert [row["key"] for row in draft.content["items"]][:2] == [before[1], before[0]]
    expect(lead.locator(f"#r-items-{before[1]}")).to_be_focused()

    # Publish.
    lead.goto(f"{base}publish/")
    lead.fill("[name=note]", "النسخة الأولى")
    lead.locator("form.measure .btn.fill").click()
    lead.wait_for_url("**/playbooks/order-app/?brand=nour")
    revision = PlaybookRevision.objects.get(playbook__slug="order-app")
    assert (revision.number, revision.note, revision.author) == (1, "النسخة الأولى", desk.lead)

    # Open an incident from it and run it.
    lead.goto("/incidents/open/?playbook=order-app")
    lead.fill("[name=seen]", "الطلبات لا تصل")
    lead.locator(f"[name=playbook][value='{revision.pk}']").check()
    lead.locator("[name=severity][value=sev2]").check()
    lead.locator("#open-form .form-foot button").click()
    lead.wait_for_url("**/incidents/CD-*/")
    incident = Incident.objects.get()
    assert incident.playbook_revision == revision
    lead.goto(f"/incidents/{incident.reference}/checklists/")
    item = ChecklistItem.objects.get(incident=incident, key=before[1])
    assert item.words["ar"].startswith(WORDS["ar"])
    lead.locator(f"#item-{item.pk} button.tick").click()
    lead.locator(f"#item-{item.pk} button[aria-pressed=true]").wait_for()
    incident.refresh_from_db()
    assert incident.status == Status.ACTIVE
    words = StatementLanguage.objects.get(
        statement__incident=incident, statement__key="holding", language="ar"
    )
    lead.goto(f"/incidents/{incident.reference}/statements/{words.statement_id}/?language=ar")
    expect(lead.locator("#text-ar")).to_have_value(words.template)
    assert words.template.startswith(WORDS["ar"])


def test_two_who_write_at_once_and_a_row_that_is_dragged(desk: Desk, window: Window) -> None:
    source = PlaybookRevision.objects.get(playbook__slug="general", playbook__brand=None)
    draft = drafting.start_playbook(
        brand_id=desk.brand.pk, slug="ours", title="Ours", language="en", from_revision=source.pk,
        actor=desk.actor("lead"), at=clock.now(),
    )  # fmt: skip
    join(desk.staff, desk.brand, Role.LEAD)
    page = f"/playbooks/own/{draft.playbook_id}/?part=about"
    field = "textarea[name='words.en.trap']"
    first, second = window(desk.lead), window(desk.staff)
    for writer in (first, second):
        writer.goto(page)
    first.fill(field, "What the first one wrote")
    expect(first.locator(f".place.is-kept {field}")).to_be_visible()

    # The second one is shown both texts, loses nothing, and decides.
    second.fill(field, "What the second one wrote")
    told = second.locator(f".place:has({field}) .errors")
    expect(told).to_contain_text("What the first one wrote")
    expect(second.locator(field)).to_have_value("What the second one wrote")
    draft.refresh_from_db()
    assert draft.content["words"]["en"]["trap"] == "What the first one wrote"
    told.locator("[data-take]").click()
    expect(second.locator(field)).to_have_value("What the first one wrote")
    second.fill(field, "Both agree on this")
    expect(second.locator(f".place.is-kept {field}")).to_be_visible()
    draft.refresh_from_db()
    assert draft.content["words"]["en"]["trap"] == "Both agree on this"

    # A row is dragged onto another one.
    keys = [row["key"] for row in draft.content["items"]]
    second.goto(f"/playbooks/own/{draft.playbook_id}/?part=items")
    second.drag_and_drop(f"[data-name='{keys[3]}']", f"[data-name='{keys[1]}']")
    second.wait_for_url(f"**#r-items-{keys[3]}")
    draft.refresh_from_db()
    assert [row["key"] for row in draft.content["items"]][:4] == [
        keys[0],
        keys[3],
        keys[1],
        keys[2],
    ]
