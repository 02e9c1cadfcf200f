"""A plan that moves, on its pages: questions answered in one press, reasons in sight, rows that wait or come back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import lifecycle, screening
from crisisdesk.incidents.models import Incident, TimelineEvent
from playbooks.domain.content import parse
from tests.factories.incidents import Desk
from tests.factories.moving import moving_folder
from tests.factories.moving_room import (
    hidden_items,
    item_of,
    make_moving,
    moving_content,
    question_of,
)
from tests.factories.organisation import NOON
from tests.web.desk.test_desk import signed_in


def at(incident: Incident, rest: str = "") -> str:
    return f"/incidents/{incident.reference}/{rest}"


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_questions_stand_on_now_and_on_the_checklists(desk: Desk, moving: Incident) -> None:
    staff = signed_in(desk.staff)
    for path in (at(moving), at(moving, "checklists/")):
        body = page(staff, path)
        assert "Answer these" in body and "Were people harmed?" in body
        assert body.count('name="answer" value="unknown" aria-pressed="true"') == 2
    observer = page(signed_in(desk.observer), at(moving))
    assert "Were people harmed?" in observer and 'name="answer"' not in observer
    still = make_moving(desk, revision=_without_questions(), answers={})
    assert "h-screening" not in page(staff, at(still))


def _without_questions() -> Any:
    files = moving_folder()
    del files["playbook.yaml"]["questions"]
    for part in ("items", "clocks", "statements"):
        for row in files["playbook.yaml"][part]:
            row.pop("when", None)
    return moving_content(files)


def test_an_answer_is_one_press_and_a_stale_one_changes_nothing(
    desk: Desk, moving: Incident
) -> None:
    staff = signed_in(desk.staff)
    question = question_of(moving, "data_involved")
    press = at(moving, f"screening/{question.pk}/")
    given = {"answer": "yes", "expected": "unknown", "tab": "checklists"}
    answered = staff.post(press, given)
    assert answered.status_code == 302
    assert answered["Location"] == at(moving, f"checklists/#screening-{question.pk}")
    body = page(staff, at(moving, "checklists/"))
    assert "Shown because personal data is involved." in body
    assert 'name="answer" value="yes" aria-pressed="true"' in body
    assert "Shown because personal data is involved." in page(staff, at(moving, "deadlines/"))
    stale = staff.post(press, {"answer": "no", "expected": "unknown"})
    assert stale.status_code == 409
    assert "Somebody answered this first: the answer is now “Yes”." in stale.content.decode()
    assert question_of(moving, "data_involved").answer is True
    assert staff.get(press).status_code == 405
    assert signed_in(desk.stranger).post(press, given).status_code == 404
    assert signed_in(desk.observer).post(press, given).status_code == 403
    other = make_moving(desk, revision=moving.playbook_revision)
    assert staff.post(at(other, f"screening/{question.pk}/"), given).status_code == 404


def test_rows_say_why_they_are_there_and_what_they_wait_for(desk: Desk, moving: Incident) -> None:
    body = page(signed_in(desk.staff), at(moving, "checklists/"))
    assert "Shown because people may be harmed." in body
    assert "Shown because the severity is SEV2." in body
    assert "Waits for: words of item-4, moving-plan" in body
    assert "comes back every 30 min until “Under control”" in body
    assert "2 items are hidden and not counted: not needed as things stand" in body
    assert f'id="item-{item_of(moving, 8).pk}"' not in body
    hidden = page(signed_in(desk.staff), at(moving, "checklists/?hidden=1"))
    assert f'id="item-{item_of(moving, 8).pk}"' in hidden
    assert f'id="item-{item_of(moving, 1).pk}"' not in hidden
    assert "Hidden because of the answer: Is personal data involved? Not known yet." in hidden


@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", "يظهر هذا لاحتمال وجود متضررين."), ("he", "מוצג כי ייתכן שנפגעו אנשים.")],
)
def test_the_reason_is_in_the_reader_s_language(
    desk: Desk, moving: Incident, language: str, words: str
) -> None:
    desk.staff.language = language
    desk.staff.save(update_fields=["language"])
    assert words in page(signed_in(desk.staff), at(moving, "checklists/"))


def test_what_is_kept_says_so(desk: Desk, moving: Incident) -> None:
    staff = signed_in(desk.staff)
    staff.post(at(moving, f"items/{item_of(moving, 6).pk}/tick/"))
    screening.answer_screening_question(
        question_id=question_of(moving, "people_harmed").pk,
        answer="no", actor=desk.actor("staff"), at=NOON,
    )  # fmt: skip
    body = page(staff, at(moving, "checklists/"))
    assert "No longer needed; kept because someone worked on it." in body


def test_a_tick_that_others_wait_for_brings_the_whole_list(desk: Desk, moving: Incident) -> None:
    staff = signed_in(desk.staff)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://d.example/x/?late=1"}
    answer = staff.post(at(moving, f"items/{item_of(moving, 4).pk}/tick/"), headers=headers)
    assert (answer["HX-Retarget"], answer["HX-Reselect"]) == ("#items", "#items")
    assert "desk:seen" in json.loads(answer["HX-Trigger"])
    assert "Waits for" not in page(staff, at(moving, "checklists/"))
    alone = staff.post(at(moving, f"items/{item_of(moving, 1).pk}/tick/"), headers=headers)
    assert "HX-Retarget" not in alone
    hidden = item_of(moving, 8)
    staff.post(at(moving, f"items/{hidden.pk}/tick/"), headers=headers)
    undone = staff.post(at(moving, f"items/{hidden.pk}/undo/"), headers=headers)
    assert undone.status_code == 200 and undone["HX-Retarget"] == "#items"


def test_an_item_that_comes_back_is_counted_and_taken_back(desk: Desk, moving: Incident) -> None:
    staff = signed_in(desk.staff)
    item = item_of(moving, 11)
    headers = {"HX-Request": "true"}
    row = staff.post(at(moving, f"items/{item.pk}/tick/"), {"times": "0"}, headers=headers)
    body = row.content.decode()
    assert "Done 1 time" in body and "Undo the last time" in body
    assert '<input type="hidden" name="times" value="1">' in body
    again = staff.post(at(moving, f"items/{item.pk}/tick/"), {"times": "0"}, headers=headers)
    assert again.status_code == 409
    staff.post(at(moving, f"items/{item.pk}/undo/"), {"times": "1"}, headers=headers)
    assert item_of(moving, 11).times_done == 0


def test_the_timeline_says_from_what_to_what(desk: Desk, moving: Incident) -> None:
    lifecycle.change_severity(
        incident_id=moving.pk, to="sev3", reason="R", actor=desk.actor("lead"),
        at=NOON + timedelta(minutes=5),
    )  # fmt: skip
    body = page(signed_in(desk.staff), at(moving, "timeline/"))
    assert "1 part no longer needed" in body and "No longer needed: words of item-5" in body
    assert "words of item-11, moving-plan:" in body and "→" in body
    screening.answer_screening_question(
        question_id=question_of(moving, "data_involved").pk,
        answer="yes", actor=desk.actor("staff"), at=NOON + timedelta(minutes=6),
    )  # fmt: skip
    body = page(signed_in(desk.staff), at(moving, "timeline/"))
    assert "Is personal data involved? Not known yet → Yes" in body
    assert "words of item-8, moving-plan: starts, due" in body


def test_where_we_speak_is_changed_on_its_page(desk: Desk, moving: Incident) -> None:
    lead = signed_in(desk.lead)
    body = page(lead, at(moving, "reach/"))
    assert 'value="x" checked' in body and 'value="en">' in body
    moving.refresh_from_db()
    given = {"channels": ["facebook"], "languages": ["he"], "version": str(moving.version)}
    assert lead.post(at(moving, "reach/"), given).status_code == 302
    moving.refresh_from_db()
    assert (moving.channels, moving.languages) == (["facebook"], ["he"])
    assert {7, 12} <= hidden_items(moving)
    stale = lead.post(at(moving, "reach/"), given | {"channels": ["x"]})
    assert stale.status_code == 409
    assert 'value="facebook" checked' in stale.content.decode()
    empty = lead.post(at(moving, "reach/"), {"version": str(moving.version), "languages": ["ar"]})
    assert empty.status_code == 422 and 'value="ar" checked' in empty.content.decode()
    assert signed_in(desk.staff).get(at(moving, "reach/")).status_code == 404
    assert signed_in(desk.staff).post(at(moving, "reach/"), given).status_code == 403
    assert signed_in(desk.stranger).get(at(moving, "reach/")).status_code == 404


def test_the_opening_page_asks_under_details(desk: Desk) -> None:
    revision = moving_content()
    lead = signed_in(desk.lead)
    body = page(lead, "/incidents/open/")
    name = f"ask-{revision.pk}-data_involved"
    assert f'data-with="playbook={revision.pk}"' in body and f'name="{name}"' in body
    given = {
        "seen": "The kettles burn", "playbook": str(revision.pk), "severity": "sev2",
        "brand": str(desk.brand.pk), "origin_channel": "x", "languages": ["ar"],
        "channels": ["x", "facebook"], "key": "k1", name: "yes",
    }  # fmt: skip
    refused = lead.post("/incidents/open/", given | {"seen": ""})
    assert refused.status_code == 422
    assert f'name="{name}" value="yes" checked' in refused.content.decode()
    assert lead.post("/incidents/open/", given).status_code == 302
    incident = Incident.objects.get()
    assert question_of(incident, "data_involved").answer is True
    assert question_of(incident, "people_harmed").answer is None
    assert [row.key for row in parse(revision).questions] == ["people_harmed", "data_involved"]
    assert TimelineEvent.objects.filter(incident=incident).count() == 1


def test_a_plan_of_many_parts_costs_no_more_queries(desk: Desk, moving: Incident) -> None:
    staff = signed_in(desk.staff)
    costs = []
    for answered in (False, True):
        if answered:
            for key in ("people_harmed", "data_involved"):
                screening.answer_screening_question(
                    question_id=question_of(moving, key).pk, answer="yes",
                    actor=desk.actor("staff"), at=NOON,
                )  # fmt: skip
        page(staff, at(moving, "checklists/"))
        with CaptureQueriesContext(connection) as asked:
            page(staff, at(moving, "checklists/"))
        costs.append(len(asked))
    assert costs[0] == costs[1]
