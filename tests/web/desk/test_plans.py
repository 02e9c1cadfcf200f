"""The pages of planned announcements: what people see, write, approve and press, and what strangers do not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import plan_words
from crisisdesk.incidents.domain.announcement_plans import drop_plan
from crisisdesk.incidents.models import AnnouncementPlan, Incident, PlanChange, PlanPoint, PlanText
from crisisdesk.incidents.queries import plans
from crisisdesk.web import urls_plans
from tests.factories.incidents import Desk, make_desk
from tests.factories.organisation import NOON
from tests.factories.plans import Planned, make_plan
from tests.web.desk.test_desk import signed_in


@pytest.fixture
def desk(db: None, time_machine: Any) -> Desk:
    """A brand with one person per role, at a fixed hour."""
    time_machine.move_to(NOON, tick=False)
    return make_desk()


@pytest.fixture
def planned(desk: Desk) -> Planned:
    """A plan with one row of each kind."""
    return make_plan(desk)


def pages(planned: Planned) -> dict[str, str]:
    """The address of every page of a plan, by the name of its pattern."""
    here = f"/plans/{planned.plan.pk}/"
    question = f"{here}points/{planned.question.pk}/"
    return {
        "plans": "/plans/",
        "plan-new": "/plans/new/",
        "plan": here,
        "plan-change": f"{here}change/",
        "plan-announce": f"{here}announce/",
        "plan-point": question,
        "plan-answer": f"{question}en/",
        "plan-statement": f"{here}statements/holding/ar/",
    }


def presses(planned: Planned) -> dict[str, str]:
    """The address of everything that only takes a press."""
    here = f"/plans/{planned.plan.pk}/"
    return {
        "plan-drop": f"{here}drop/",
        "plan-point-add": f"{here}points/",
        "plan-duty-add": f"{here}duty/",
        "plan-duty-remove": f"{here}duty/{planned.duty.pk}/remove/",
        "plan-reached": f"{here}reached/",
    }


def test_these_are_all_pages_and_presses(planned: Planned) -> None:
    named = {pattern.name for pattern in urls_plans.urlpatterns}
    assert named == set(pages(planned)) | set(presses(planned))


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_page_answers_in_every_language(desk: Desk, planned: Planned, language: str) -> None:
    desk.lead.language = language
    desk.lead.save()
    client = signed_in(desk.lead)
    for path in pages(planned).values():
        answer = client.get(path)
        body = answer.content.decode()
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in body
        assert "<c-" not in body and " style=" not in body
        if language != "en":
            assert "What is missing" not in body and "Back to the plan" not in body


def test_a_stranger_finds_nothing_and_signed_out_is_asked_in(desk: Desk, planned: Planned) -> None:
    before = PlanChange.objects.count()
    stranger = signed_in(desk.stranger)
    for name, path in {**pages(planned), **presses(planned)}.items():
        assert Client().get(path).status_code in (302, 405), path
        if name == "plans":
            assert planned.plan.title not in stranger.get(path).content.decode()
            continue
        if name in pages(planned):
            assert stranger.get(path).status_code == 404, path
        assert stranger.post(path, {"text": "T", "reason": "R"}).status_code in (404, 405), path
    assert PlanChange.objects.count() == before


def test_an_observer_reads_and_changes_nothing(desk: Desk, planned: Planned) -> None:
    observer, before = signed_in(desk.observer), PlanChange.objects.count()
    here = pages(planned)["plan"]
    body = observer.get(here).content.decode()
    assert "Students" in body and "open the incident" not in body and "Add a group" not in body
    paths = presses(planned)
    for name in paths:
        given = {"text": "T", "kind": "question", "reason": "R", "person": desk.approver.pk}
        given |= {"role": "monitor", "from_at": "2026-11-20T10:00", "to_at": "2026-11-20T12:00"}
        assert observer.post(paths[name], given).status_code == 403, name
    for name in ("plan-change", "plan-announce", "plan-point"):
        assert observer.get(pages(planned)[name]).status_code == 403, name
    assert PlanChange.objects.count() == before


def test_a_lead_opens_a_plan_and_what_is_wrong_keeps_what_was_typed(desk: Desk) -> None:
    lead = signed_in(desk.lead)
    given = {
        "brand": "nour",
        "title": "الإرجاع بفاتورة",
        "decision": "من 1 مارس",
        "announce_at": f"{NOON - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "languages": ["ar"],
        "lead": str(desk.lead.pk),
    }
    refused = lead.post("/plans/new/", given)
    assert refused.status_code == 422
    assert "الإرجاع بفاتورة" in refused.content.decode()
    assert "still to come" in refused.content.decode()
    given["announce_at"] = f"{NOON + timedelta(days=1):%Y-%m-%dT%H:%M}"
    sent = lead.post("/plans/new/", given)
    plan = AnnouncementPlan.objects.get()
    assert sent.headers["Location"] == f"/plans/{plan.pk}/"
    assert (plan.language, plan.languages) == ("ar", ["ar"])


def test_staff_adds_a_question_and_a_stale_answer_keeps_both(desk: Desk, planned: Planned) -> None:
    staff = signed_in(desk.staff)
    sent = staff.post(presses(planned)["plan-point-add"], {"kind": "question", "text": "Who?"})
    assert sent.headers["Location"].endswith("#questions")
    assert PlanPoint.objects.filter(text="Who?").exists()
    refused = staff.post(presses(planned)["plan-point-add"], {"kind": "question", "text": " "})
    assert refused.status_code == 422
    path = pages(planned)["plan-answer"]
    assert "somebody else who reads" not in staff.get(path).content.decode()
    stale = staff.post(path, {"text": "My other words", "version": "0"})
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "My other words" in body and "Fraud grew." in body
    assert staff.post(path, {"text": "My other words", "version": "1"}).status_code == 302


def test_a_stale_point_and_a_stale_plan_keep_both(desk: Desk, planned: Planned) -> None:
    lead = signed_in(desk.lead)
    old = {"text": "Why this week?", "detail": "", "owner": "", "version": "0"}
    stale = lead.post(pages(planned)["plan-point"], old)
    assert stale.status_code == 409 and "Why now?" in stale.content.decode()
    form = lead.get(pages(planned)["plan-change"]).context["form"]
    given = {name: form[name].value() for name in ("brand", "decision", "lead", "languages")}
    given["announce_at"] = f"{NOON + timedelta(days=3):%Y-%m-%dT%H:%M}"
    stale = lead.post(
        pages(planned)["plan-change"], {**given, "title": "Other words", "version": "0"}
    )
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "Other words" in body and "Returns need a receipt" in body
    lead.post(pages(planned)["plan-change"], {**given, "title": "Other words", "version": "1"})
    planned.plan.refresh_from_db()
    assert planned.plan.title == "Other words"


def test_an_approver_approves_what_somebody_else_wrote(desk: Desk, planned: Planned) -> None:
    path, given = pages(planned)["plan-answer"], {"do": "approve", "text": str(planned.answer.pk)}
    approver = signed_in(desk.approver)
    assert "Approve these words" in approver.get(path).content.decode()
    assert approver.post(path, given).status_code == 302
    assert PlanText.objects.get(pk=planned.answer.pk).approved_by == desk.approver
    again = approver.post(path, given)
    assert again.status_code == 422 and "approved already" in again.content.decode()


def test_duty_reach_and_drop_are_presses(desk: Desk, planned: Planned) -> None:
    lead, paths = signed_in(desk.lead), presses(planned)
    body = lead.get(pages(planned)["plan"]).content.decode()
    assert body.count('class="is-on"') == 12 and "12 of 48 hours" in body
    late = {"person": desk.staff.pk, "role": "monitor", "from_at": "2026-11-21T10:00"}
    refused = lead.post(paths["plan-duty-add"], {**late, "to_at": "2026-11-21T09:00"})
    assert refused.status_code == 422 and "2026-11-21T09:00" in refused.content.decode()
    assert lead.post(paths["plan-duty-add"], {**late, "to_at": "2026-11-21T19:00"})
    assert planned.plan.duties.count() == 2
    lead.post(paths["plan-duty-remove"])
    assert planned.plan.duties.count() == 1
    lead.post(paths["plan-reached"], {"person": desk.approver.pk, "reached": "no"})
    assert planned.plan.reaches.get().reached is False
    lead.post(f"{pages(planned)['plan-point']}", {"do": "remove"})
    assert "Why now?" not in lead.get("/plans/").content.decode()
    lead.post(paths["plan-drop"], {"reason": "The law was withdrawn"})
    assert "The law was withdrawn" in lead.get(pages(planned)["plan"]).content.decode()


def test_one_press_opens_the_incident_and_both_pages_lead_to_each_other(
    desk: Desk, planned: Planned
) -> None:
    lead, path = signed_in(desk.lead), pages(planned)["plan-announce"]
    plan_words.approve_plan_answer(text_id=planned.answer.pk, actor=desk.actor("approver"), at=NOON)
    refused = lead.post(path, {"severity": "sev2", "reason": " "})
    assert refused.status_code == 422 and not Incident.objects.exists()
    sent = lead.post(path, {"severity": "sev2", "reason": "The date is fixed"})
    incident = Incident.objects.get()
    room = f"/incidents/{incident.reference}/"
    assert sent.headers["Location"] == room
    body = lead.get(room).content.decode()
    assert pages(planned)["plan"] in body
    assert "Fraud grew." in body and "prepared before the announcement" in body
    plan = lead.get(pages(planned)["plan"]).content.decode()
    assert room in plan and "The date is fixed" in plan and "Drop the plan" not in plan
    assert lead.get(path).headers["Location"] == pages(planned)["plan"]
    assert "Announced as planned" in lead.get(f"{room}timeline/").content.decode()


def test_pages_ask_the_same_with_one_row_and_fifty(desk: Desk, planned: Planned) -> None:
    lead, paths = signed_in(desk.lead), ("/plans/", pages(planned)["plan"])

    def costs() -> list[int]:
        found = []
        for path in paths:
            lead.get(path)
            with CaptureQueriesContext(connection) as caught:
                assert lead.get(path).status_code == 200
            found.append(len(caught))
        return found

    one = costs()
    for number in range(50):
        common: dict[str, Any] = {"actor": desk.actor("staff"), "at": NOON}
        point = plan_words.add_plan_point(
            plan_id=planned.plan.pk, kind="question", text=f"Q{number}", owner=desk.staff, **common
        )
        plan_words.write_plan_answer(
            point_id=point.pk, language="en", text="T", version=0, **common
        )
    for _ in range(9):
        make_plan(desk)
    assert costs() == one


def test_the_list_is_read_page_by_page(
    desk: Desk, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "PAGE", 2)
    lead, actor = signed_in(desk.lead), desk.actor("lead")
    for _ in range(6):
        make_plan(desk)
    for plan in AnnouncementPlan.objects.order_by("-pk")[:3]:
        drop_plan(plan_id=plan.pk, reason="Not now", actor=actor, at=NOON)
    whole = lead.get("/plans/").content.decode()
    parts = whole.split('id="h-ended"')
    seen: dict[str, list[int]] = {"after": [], "older": []}
    for cursor, body in zip(seen, parts, strict=True):
        while True:
            seen[cursor] += [int(pk) for pk in re.findall(r'href="/plans/(\d+)/"', body)]
            following = re.search(rf'href="(/plans/\?{cursor}=[^"]+)"', body)
            if following is None:
                break
            body = lead.get(following[1], headers={"HX-Request": "true"}).content.decode()
            assert "<html" not in body
    rows = AnnouncementPlan.objects.order_by("pk")
    assert seen["after"] == [row.pk for row in rows if row.is_preparing]
    assert seen["older"] == [row.pk for row in rows.reverse() if not row.is_preparing]
    assert lead.get("/plans/?after=nonsense").status_code == 200


def test_my_desk_shows_what_is_mine_before_announcements(desk: Desk, planned: Planned) -> None:
    body = signed_in(desk.lead).get("/").content.decode()
    assert "Missing before announcements" in body and "Returns need a receipt" in body
    assert f"/plans/{planned.plan.pk}/#gaps" in body
    for other in (desk.observer, desk.stranger):
        assert "Missing before announcements" not in signed_in(other).get("/").content.decode()
