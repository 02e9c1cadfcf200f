"""What is new in the playbook, seen from the room: boxes for the lead, refusals that keep what was chosen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crisisdesk.core.clock import now
from crisisdesk.incidents.models import ChecklistItem, Incident, Statement, TimelineEvent
from playbooks.models import PlaybookRevision
from tests.factories.incidents import Desk
from tests.factories.moving_room import moving_content, tick
from tests.factories.newer import NEW_ITEMS, newer_folder
from tests.factories.organisation import NOON
from tests.web.desk.test_desk import signed_in


@pytest.fixture
def newer(moving: Incident) -> PlaybookRevision:
    """The second revision of its playbook."""
    return moving_content(newer_folder())


def at(incident: Incident, rest: str = "newer/") -> str:
    """Return an address of the room."""
    return f"/incidents/{incident.reference}/{rest}"


def page(client: Client, path: str, *, status: int = 200) -> str:
    """Return what the page says."""
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def press(client: Client, incident: Incident, newer: PlaybookRevision, **given: Any) -> Any:
    """Take the chosen parts over."""
    return client.post(at(incident, "newer/take-over/"), {"revision": str(newer.pk), **given})


def test_each_new_part_has_a_box_with_time_and_condition(
    desk: Desk, moving: Incident, newer: PlaybookRevision, time_machine: Any
) -> None:
    time_machine.move_to(NOON + timedelta(minutes=70), tick=False)
    body = page(signed_in(desk.lead), at(moving))
    assert "This incident runs on revision 1; revision 2 came later." in body
    for key in NEW_ITEMS:
        assert f'type="checkbox" name="items" value="{key}"' in body, key
        assert f"words of {key}, moving-plan" in body, key
    assert 'type="checkbox" name="statements" value="new-words"' in body
    assert 'value="item-1"' not in body and "First hour" in body
    assert "counts from now, due" in body
    assert "1 h once it begins · Counts from: words of item-0, moving-plan" in body
    assert "1 h once it begins · Counts from the first publication: Holding statement" in body
    assert "comes back every 30 min until “Under control”" in body
    assert "Hidden because it is only for SEV1." in body
    assert "Hidden because of the answer: words of question, moving-plan Not known yet." in body
    assert "Waits for: words of item-4, moving-plan" in body
    assert "We say it anew" not in body and "نقول من جديد" in body  # in the incident's languages
    assert "<ins>" in body and "careful" in body  # and what else changed


def test_the_lead_takes_over_and_finds_it_on_the_checklists(
    desk: Desk, moving: Incident, newer: PlaybookRevision
) -> None:
    lead = signed_in(desk.lead)
    hint = page(lead, at(moving, "checklists/"))
    assert "What changed, and what to take over" in hint and at(moving) in hint
    done = press(lead, moving, newer, items=["new-plain", "new-late"], statements=["new-words"])
    assert (done.status_code, done["Location"]) == (302, at(moving, "checklists/"))
    body = page(lead, at(moving, "checklists/"))
    assert "words of new-plain, moving-plan" in body
    assert "Parts of revision 2 of the playbook were taken over" in body
    body = page(lead, at(moving))
    assert 'value="new-plain"' not in body and 'value="new-opened"' in body
    assert "In this incident already: words of new-plain, moving-plan · " in body
    told = page(lead, at(moving, "timeline/?kind=items"))
    assert "Taken over from revision 2 of the playbook: 2 items, 1 statement" in told
    assert "Items: words of new-plain, moving-plan, words of new-late, moving-plan" in told


def test_the_same_press_twice_does_one_thing(
    desk: Desk, moving: Incident, newer: PlaybookRevision
) -> None:
    lead = signed_in(desk.lead)
    for _ in range(2):
        done = press(lead, moving, newer, items=["new-plain"], key="once-and-once-only")
        assert done.status_code == 302
    assert ChecklistItem.objects.filter(incident=moving, key="new-plain").count() == 1
    assert TimelineEvent.objects.filter(incident=moving, kind="items_taken_over").count() == 1


def test_a_refusal_keeps_what_was_chosen(
    desk: Desk, moving: Incident, newer: PlaybookRevision
) -> None:
    lead = signed_in(desk.lead)
    refused = press(lead, moving, newer, items=["new-from-new", "new-late"])
    body = refused.content.decode()
    assert refused.status_code == 422 and "Choose both." in body
    assert 'value="new-late" checked' in body and 'value="new-plain">' in body
    press(lead, moving, newer, items=["new-plain"])
    second = press(lead, moving, newer, items=["new-plain", "new-late"])
    body = second.content.decode()
    assert second.status_code == 409
    assert "somebody may have taken it over first" in body and 'value="new-late" checked' in body
    assert 'value="new-plain"' not in body
    nothing = press(lead, moving, newer)
    assert nothing.status_code == 422
    assert "Choose at least one item or statement." in nothing.content.decode()
    odd = lead.post(at(moving, "newer/take-over/"), {"revision": "x", "items": "new-late"})
    assert "There is no such revision of a playbook." in odd.content.decode()
    assert not Statement.objects.filter(incident=moving, key="new-words").exists()


def test_others_read_what_is_new_and_press_nothing(
    desk: Desk, moving: Incident, newer: PlaybookRevision
) -> None:
    for person in (desk.executive, desk.staff):
        body = page(signed_in(person), at(moving))
        assert "words of new-plain, moving-plan" in body and 'name="items"' not in body
        assert "The lead chooses what is taken over." in body
        assert press(signed_in(person), moving, newer, items="new-plain").status_code == 403
    page(signed_in(desk.stranger), at(moving), status=404)
    assert press(signed_in(desk.stranger), moving, newer, items="new-plain").status_code == 404


def test_where_nothing_is_newer_the_page_says_so(desk: Desk, moving: Incident) -> None:
    body = page(signed_in(desk.lead), at(moving))
    assert "This incident runs on the newest revision" in body and 'name="items"' not in body


@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", ("الجديد في دليل العمل", "إضافة المختار")), ("he", ("מה חדש בתיק הפעולה", "הוספת מה שנבחר"))],
)  # fmt: skip
def test_in_the_reader_s_language(
    desk: Desk, moving: Incident, newer: PlaybookRevision, language: str, words: tuple[str, ...]
) -> None:
    desk.lead.language = language
    desk.lead.save(update_fields=["language"])
    body = page(signed_in(desk.lead), at(moving))
    assert all(each in body for each in words)
    tick(moving, desk, 0, at=now())
    press(signed_in(desk.lead), moving, newer, items=["new-plain", "new-late"])
    told = page(signed_in(desk.lead), at(moving, "timeline/"))
    said = {"ar": "إضافة من النسخة 2 من الدليل: مهمتان", "he": "תוספת מגרסה 2 של התיק: שתי משימות"}
    assert said[language] in told
