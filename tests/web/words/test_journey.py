"""The words' way through the browser: written at a desk, approved on a phone, copied and posted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from time_machine import Traveller

from crisisdesk.core.domain.files import read_file
from crisisdesk.incidents.models import Approval, Incident, Publication, StatementRevision
from crisisdesk.organisation.models import OfficialAccount
from tests.factories.incidents import LINK, Desk, words_of
from tests.web.words.scenes import submitted, url

pytestmark = pytest.mark.django_db(transaction=True)
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def _open(browser: Browser, live_server: LiveServer, person: Any, **kind: Any) -> Page:
    """Return a window in which the person is signed in."""
    client = Client()
    client.force_login(person)
    cookie = next(iter(client.cookies.values()))
    window = browser.new_context(base_url=live_server.url, **kind)
    window.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return window.new_page()


def test_written_approved_on_a_phone_copied_and_posted(
    desk: Desk,
    incident: Incident,
    live_server: LiveServer,
    browser: Browser,
    hour: Traveller,
) -> None:
    OfficialAccount.objects.update(contact_url="https://nourhome.example/real")
    row = words_of(incident, "holding", "ar")
    unknown = row.statement.placeholders["how_many"]["unknown"]["ar"]
    editor = f"{url('statement', incident, row.statement_id)}?language=ar"

    staff = _open(
        browser, live_server, desk.staff, permissions=["clipboard-read", "clipboard-write"]
    )
    staff.goto(editor)
    text = staff.locator("#text-ar")
    expect(text).to_have_attribute("dir", "rtl")
    staff.locator("#gap-ar-fake_account").fill("@NourHelp")
    staff.locator("#gap-ar-fake_account").press("Tab")
    expect(text).to_have_value(re.compile("@NourHelp"))
    staff.get_by_role("button", name=unknown).click()
    expect(text).not_to_have_value(re.compile(r"\{"))
    expect(staff.locator("#look-ar")).to_contain_text("as X counts")
    staff.locator("#text-he").fill("טיוטה שלא נשמרה")
    staff.locator("#act-he, #act-ar").last.click()
    expect(staff.locator("#step")).to_contain_text("Arabic is ready for approval.")
    expect(staff.locator("#text-he")).to_have_value("טיוטה שלא נשמרה")
    staff.get_by_role("button", name="Send Arabic to approval").click()
    expect(staff.locator("#step")).to_contain_text("Arabic waits for Approver.")

    revision = StatementRevision.objects.get(statement_language=row)
    phone = _open(browser, live_server, desk.approver, **PHONE)
    phone.goto(url("approve", incident, revision.pk))
    expect(phone.locator(".exact")).to_have_attribute("dir", "rtl")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="Approve these words").tap()
    expect(phone.locator("main")).to_contain_text("You approved these words")

    staff.goto(editor)
    staff.get_by_role("button", name="Copy and post Arabic on X").click()
    expect(staff.locator("main")).to_contain_text("You are posting this on X")
    staff.wait_for_load_state()  # the words are there before the scripts are
    staff.get_by_role("button", name="Copy the words").click()
    expect(staff.locator("[data-say]")).to_have_text("Copied. Paste it on X.")
    assert staff.evaluate("navigator.clipboard.readText()") == revision.text
    staff.get_by_label("Link of the post").fill(LINK)
    staff.get_by_role("button", name="Posted", exact=True).click()
    expect(staff.locator("#col-ar")).to_contain_text("See the post")
    assert Publication.objects.get(revision=revision).url == LINK


def test_a_chosen_file_stays_chosen_when_its_form_is_refused(
    desk: Desk, incident: Incident, live_server: LiveServer, browser: Browser, hour: Traveller
) -> None:
    revision = submitted(desk, incident)
    page = _open(browser, live_server, desk.lead, **PHONE)
    page.goto(url("phone-approval", incident, revision.pk))
    proof = {"name": "message.txt", "mimeType": "text/plain", "buffer": b"Yes, post it"}
    page.locator("[name=proof]").set_input_files(proof)  # type: ignore[arg-type]
    page.locator("[name=said_at]").fill("2026-11-18T18:00")
    page.locator("button[form=phone]").click()
    expect(page.locator("#id_said_at_error")).to_contain_text(
        "cannot have been given in the future"
    )
    assert page.locator("[name=proof]").evaluate("field => field.files[0].name") == "message.txt"
    assert not Approval.objects.exists()
    page.locator("[name=said_at]").fill("2026-11-18T16:05")
    page.locator("button[form=phone]").click()
    page.wait_for_url(re.compile("/statements/"))
    said = Approval.objects.get()
    assert said.proof is not None and read_file(said.proof) == b"Yes, post it"
