"""The history page: any two revisions, the draft, restoring, and who may."""

from __future__ import annotations

import json

import pytest

from crisisdesk.incidents.models import Incident
from playbooks.domain.places import value_at
from playbooks.models import PlaybookDraft, PlaybookRevision
from tests.factories.incidents import Desk, make_incident
from tests.web.shelf.conftest import SignIn
from tests.web.shelf.test_editor import TITLE, begin, press, save

PAGE = "/playbooks/our-outage/history/"


def two_revisions(signed_in: SignIn) -> PlaybookDraft:
    """Publish two revisions that differ in an Arabic title, a number and an item; leave a draft with a third title."""
    client = signed_in("lead")
    draft = begin(client)
    url = f"/playbooks/own/{draft.playbook_id}/"
    client.post(f"{url}publish/", {"version": "1", "note": "First"})
    client.post(url)
    draft = PlaybookDraft.objects.get()
    save(client, draft, TITLE, "عنوان ثانٍ", value_at(draft.content, TITLE))
    save(client, draft, "items.see-it-from-outside.minutes.sev1", "9", "5")
    gone = [
        row["key"]
        for row in draft.content["items"]
        if row["phase"] == "first_hour" and not row.get("required")
    ]
    press(client, draft, f"remove|items|{gone[-1]}")
    draft.refresh_from_db()
    client.post(f"{url}publish/", {"version": str(draft.version), "note": "Second"})
    client.post(url)
    draft = PlaybookDraft.objects.get()
    save(client, draft, TITLE, "عنوان ثالث", "عنوان ثانٍ")
    draft.refresh_from_db()
    return draft


def test_any_two_revisions_are_compared(desk: Desk, signed_in: SignIn) -> None:
    two_revisions(signed_in)
    body = signed_in("staff").get(f"{PAGE}?brand=nour").content.decode()
    assert "First" in body and "Second" in body
    assert "From revision 1 to revision 2" in body and "<ins>" in body and "<del>" in body
    assert "Minutes at SEV1" in body and "taken out" in body
    assert "عنوان ثالث" not in body and "/restore/" not in body
    same = signed_in("staff").get(f"{PAGE}?from=2&to=2").content.decode()
    assert "The two say the same." in same


def test_the_draft_is_compared_for_its_writers_only(signed_in: SignIn) -> None:
    two_revisions(signed_in)
    body = signed_in("lead").get(f"{PAGE}?from=2&to=draft").content.decode()
    assert "From revision 2 to the draft" in body and "ثالث" in body
    assert signed_in("staff").get(f"{PAGE}?from=2&to=draft").status_code == 404


@pytest.mark.parametrize("query", ["?from=9", "?to=x", "?from=1&to=999999999999", "?brand=shared"])
def test_what_is_not_there_is_not_found(signed_in: SignIn, query: str) -> None:
    two_revisions(signed_in)
    assert signed_in("lead").get(PAGE + query).status_code == 404


def test_a_revision_comes_back_as_the_next_one(desk: Desk, signed_in: SignIn) -> None:
    draft = two_revisions(signed_in)
    url = f"/playbooks/own/{draft.playbook_id}/restore/"
    page = signed_in("lead").post(url, {"number": "1"}, follow=True)
    assert "Restored as revision 3." in page.content.decode()
    first, third = (
        PlaybookRevision.objects.get(playbook_id=draft.playbook_id, number=n) for n in (1, 3)
    )
    assert (third.content, third.note, third.author) == (
        first.content,
        "As in revision 1",
        desk.lead,
    )
    again = signed_in("lead").post(url, {"number": "3"}, follow=True)
    assert "exactly what the newest revision says" in again.content.decode()


def test_a_running_incident_says_that_a_newer_revision_exists(
    desk: Desk, signed_in: SignIn
) -> None:
    draft = two_revisions(signed_in)
    first, second = PlaybookRevision.objects.filter(playbook_id=draft.playbook_id).order_by(
        "number"
    )
    page = f"/incidents/{make_incident(desk, revision=first).reference}/checklists/"
    plan = Incident.objects.get().plan
    body = signed_in("staff").get(page).content.decode()
    assert "Revision 2 of this playbook exists; this incident runs on revision 1." in body
    news = page.replace("checklists", "newer")
    assert f'href="{news}"' in body
    body = signed_in("staff").get(news).content.decode()
    assert "/playbooks/our-outage/history/?brand=nour&amp;from=1&amp;to=2" in body
    assert Incident.objects.get().plan == plan
    up_to_date = make_incident(desk, revision=second)
    body = signed_in("staff").get(f"/incidents/{up_to_date.reference}/checklists/").content.decode()
    assert "of this playbook exists" not in body


@pytest.mark.parametrize("name", ["staff", "approver", "observer", "admin", "stranger"])
def test_only_its_writers_restore(signed_in: SignIn, name: str) -> None:
    draft = two_revisions(signed_in)
    answer = signed_in(name).post(f"/playbooks/own/{draft.playbook_id}/restore/", {"number": "1"})
    assert answer.status_code == 404
    assert PlaybookRevision.objects.filter(playbook_id=draft.playbook_id).count() == 2
    assert json.dumps(draft.content) == json.dumps(PlaybookDraft.objects.get().content)
