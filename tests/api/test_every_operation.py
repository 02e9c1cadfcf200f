"""One crisis through the API alone, from the first post to the PDF, until no operation is left."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from crisisdesk.api.docs import description
from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.enums import Role
from crisisdesk.reports.domain import rendering
from tests.api.alarm_story import alarms
from tests.api.caller import Caller
from tests.api.elsewhere_story import be_told_elsewhere
from tests.api.newer_story import take_over_newer
from tests.api.own_story import own_choices
from tests.api.rota_story import watch_the_brand
from tests.api.shelf_story import read_the_shelf
from tests.api.telling_story import told_elsewhere
from tests.factories.incidents import LINK, Desk
from tests.factories.organisation import NOON, join

WORDS = "حساب باسم @NourHelp يردّ على الناس باسمنا، وهو ليس لنا"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def every_operation() -> set[str]:
    """The name of every operation in the description."""
    paths = description()["paths"].values()
    return {told["operationId"] for methods in paths for told in methods.values()}


def after(minutes: int) -> str:
    """A moment of the story."""
    return (NOON + timedelta(minutes=minutes)).isoformat()


@pytest.fixture
def fresh() -> None:
    """Count only what this story does."""
    Caller.succeeded.clear()


def test_one_crisis_through_every_operation(
    fresh: None,
    desk: Desk,
    lead: Caller,
    staff: Caller,
    approver: Caller,
    at_noon: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deputy, admin = Caller(desk.deputy), Caller(desk.admin)
    _peacetime(desk, lead, approver)

    # --- open ---
    opened = lead.does(
        "post",
        "incidents/",
        {
            "seen": "@NourHelp answers our customers",
            "playbook": "fake-support-account",
            "severity": "sev2",
            "origin_channel": "x",
            "channels": ["x", "facebook"],
        },
    )
    reference = opened["reference"]
    room = f"incidents/{reference}/"
    assert opened["brand"] == {"key": "nour", "name": "Nour Home"}
    assert [row["reference"] for row in staff.get("incidents/")["results"]] == [reference]
    recent = lead.get("incidents/recent/", brand="nour")["results"]
    assert [row["reference"] for row in recent] == [reference]
    assert staff.does("post", f"{room}join/", {"seen": "Seen again"})["last_number"] == 2
    assert lead.get(room)["may"] and lead.get(f"{room}transitions/")["results"]
    titled = {"title": "حساب باسمنا", "version": lead.get(room)["version"]}
    assert lead.does("put", f"{room}title/", titled)["title_language"] == "ar"
    assert len(lead.get(f"{room}figures/")["figures"]) == 6
    assert lead.does("post", f"{room}severity/", {"to": "sev1"})["severity"] == "sev1"
    lead.does("post", f"{room}severity/", {"to": "sev2", "reason": "One place"})

    reach = {"channels": ["x", "facebook", "youtube"], "languages": opened["languages"]}
    reach["version"] = lead.get(room)["version"]
    assert lead.does("put", f"{room}reach/", reach)["channels"] == reach["channels"]
    take_over_newer(room, lead)
    question = staff.get(f"{room}screening/")["results"][0]
    assert question["answer"] == "unknown"
    said = {"answer": "no", "expected": "unknown"}
    answered = staff.does("put", f"{room}screening/{question['id']}/", said)
    assert answered["answer"] == "no"

    # --- people ---
    given = {"role": "spokesperson", "user": desk.staff.pk}
    duty = lead.does("post", f"{room}roles/", given)["on_duty"]
    assert {each["role"] for each in duty} == {"lead", "spokesperson"}
    join(desk.staff, desk.brand, Role.LEAD)
    offer = {"role": "lead", "receiver": desk.staff.pk, "note": "Good night"}
    offered = lead.does("post", f"{room}handovers/", offer)
    lead.does("post", f"{room}handovers/{offered['id']}/withdraw/")
    offered = lead.does("post", f"{room}handovers/", offer)
    assert staff.does("post", f"{room}handovers/{offered['id']}/accept/")["accepted_at"]
    assert len(lead.get(f"{room}handovers/")["results"]) == 2
    lead.does("post", f"{room}roles/", {"role": "lead", "user": desk.lead.pk})
    assert lead.does("put", f"{room}restriction/", {"restricted": True})["is_restricted"]
    lead.does("post", f"{room}access/", {"user": desk.observer.pk})
    lead.does("put", f"{room}restriction/", {"restricted": False})

    # --- work ---
    items = staff.get(f"{room}items/", phase="first_15_minutes")["results"]
    first, second = items[0], items[1]
    assert staff.get(f"{room}items/{first['id']}/")["key"] == first["key"]
    assert staff.does("post", f"{room}items/{first['id']}/tick/")["state"] == "done"
    assert staff.does("post", f"{room}items/{first['id']}/undo/")["state"] == "todo"
    skip = {"reason": "No such posts"}
    assert staff.does("post", f"{room}items/{second['id']}/skip/", skip)["state"] == "skipped"
    both = {"items": [first["id"], second["id"]], "owner": desk.staff.pk}
    owners = staff.does("post", f"{room}items/assign/", both)["results"]
    assert {each["owner"]["name"] for each in owners} == {"Staff"}
    upload = SimpleUploadedFile("fake.png", PNG)
    kept = staff.does(
        "post", f"{room}evidence/", {"file": upload, "item": first["id"]}, upload=True
    )
    assert kept["is_file"] and kept["content_type"] == "image/png"
    staff.does("post", f"{room}evidence/", {"url": "x.com/NourHelp"})
    assert len(staff.get(f"{room}evidence/")["results"]) == 2
    file = staff.call("get", f"{room}evidence/{kept['id']}/file/")
    assert file.downloaded == PNG
    assert file.headers["Content-Disposition"].startswith("attachment")
    _notebook(room, staff, admin)

    _authorities(room, lead, staff)

    # --- say, approve, post ---
    statement = _statement(room, staff, "holding")
    words = f"{room}statements/{statement}/ar/"
    assert staff.get(f"{room}statements/{statement}/")["stage"] == "holding"
    version = staff.get(words)["version"]
    draft = {"text": WORDS, "version": version, "values": {"link": "nour.example"}}
    saved = staff.does("put", f"{words}draft/", draft)
    sent = staff.does("post", f"{words}submit/", {"version": saved["version"]})
    revision = f"{room}revisions/{sent['revision']['id']}/"
    assert sent["state"] == "in_review" and sent["approvals_needed"] == 1
    lead.does("post", f"{revision}chase/", {"reached": False})
    yes = {"text_hash": sent["revision"]["text_hash"], "comment": "Name no supplier"}
    assert approver.does("post", f"{revision}send-back/", yes)["state"] == "sent_back"
    saved = staff.does("put", f"{words}draft/", {"text": WORDS + ".", "version": saved["version"]})
    sent = staff.does("post", f"{words}submit/", {"version": saved["version"]})
    revision = f"{room}revisions/{sent['revision']['id']}/"
    yes = {"text_hash": sent["revision"]["text_hash"]}
    assert deputy.does("post", f"{revision}approve/", yes)["state"] == "approved"
    assert len(staff.get(f"{words}revisions/")["results"]) == 2
    assert len(staff.get(revision)["approvals"]) == 1
    claim = staff.does("post", f"{revision}claim/", {"channel": "facebook"})
    staff.does("post", f"{room}publications/{claim['id']}/release/")
    posted = staff.does(
        "post", f"{revision}publications/", {"channel": "x", "link_to_follow": True}
    )
    linked = staff.does("put", f"{room}publications/{posted['id']}/link/", {"url": LINK})
    assert linked["url"] == LINK and linked["account"] == "@NourHome"
    staff.does("put", f"{room}statements/{statement}/he/plan/", {"plan": "not_needed"})
    _by_phone_and_override(desk, room, lead, staff, approver)
    assert len(staff.get(f"{room}publications/")["results"]) == 3

    # --- be reminded ---
    at_noon.shift(timedelta(minutes=10))
    due = lead.get("deadlines/")["results"]
    assert due == lead.get(f"{room}deadlines/")["results"] and len(due) > 2
    alarms(desk, room, due, lead, staff)
    made = approver.does("post", "calendars/", {"incident": None})
    assert made["address"].endswith(".ics") and approver.get("calendars/")["results"]
    approver.does("post", f"calendars/{made['id']}/revoke/")
    told_elsewhere(lead, monkeypatch)
    be_told_elsewhere(desk.approver, approver)
    own_choices(desk, approver)
    lines = approver.get("inbox/")["results"]
    assert lines[0]["path"].startswith(f"/incidents/{reference}/")
    approver.does("post", f"inbox/{lines[0]['id']}/read/")
    assert approver.does("post", "inbox/read/", {})["marked"] == len(lines) - 1

    # --- close and learn ---
    lead.does("post", f"{room}status/", {"to": "contained"})
    lead.does("post", f"{room}status/", {"to": "resolved", "note": "Gone"})
    _review(desk, room, lead, staff)
    lead.does("post", f"{room}status/", {"to": "closed"})
    lead.does("post", f"{room}reopen/", {"reason": "It came back"})
    told = {"line": "A fake account", "version": lead.get(room)["version"]}
    assert lead.does("put", f"{room}closing-line/", told)["closing_line"] == "A fake account"
    cancel = {"reason": "false_alarm", "line": "A fan page"}
    assert lead.does("post", f"{room}cancel/", cancel)["status"] == "cancelled"

    monkeypatch.setattr(rendering, "draw", lambda report, kind: (b"%PDF-1.7", 1))
    report = Caller(desk.executive).does("post", f"{room}reports/", {"language": "ar"})
    rendering.render_next(at=NOON + timedelta(hours=1))
    assert lead.get(f"{room}reports/{report['id']}/")["state"] == "done"
    assert len(lead.get(f"{room}reports/")["results"]) == 1
    pdf = lead.call("get", f"{room}reports/{report['id']}/file/")
    assert pdf.downloaded == b"%PDF-1.7"

    assert timeline.verify(Incident.objects.get(reference=reference)) == []
    _planned(desk, lead, staff, approver)
    watch_the_brand(desk, lead, staff, approver, admin)
    assert every_operation() - Caller.succeeded == set()


def _peacetime(desk: Desk, lead: Caller, approver: Caller) -> None:
    assert lead.get("me/")["roles"] == [{"brand": "nour", "role": "lead"}]
    changed = lead.does("patch", "me/", {"language": "en", "zone": "Asia/Bahrain"})
    assert (changed["language"], changed["zone"]) == ("en", "Asia/Bahrain")
    people = lead.get("users/", q="staff", brand="nour")["results"]
    assert [person["id"] for person in people] == [desk.staff.pk]
    assert lead.get(f"users/{desk.staff.pk}/")["roles"] == [{"brand": "nour", "role": "staff"}]
    assert [brand["key"] for brand in lead.get("brands/")["results"]] == ["nour"]
    assert len(lead.get("brands/nour/")["accounts"]) == 2
    assert lead.get("channels/x/")["key"] == "x"
    assert len(lead.get("channels/")["results"]) > 5
    assert len(lead.get("lessons/")["results"]) > len(
        lead.get("lessons/", case="codero")["results"]
    )
    lesson = lead.get("lessons/say-what-will-change/")
    assert lesson["rests_on"][0] | {"paragraphs": [5, 10]} == lesson["rests_on"][0]
    assert lesson["state"] == "used" and lesson["playbooks"] and lesson["behaviours"]
    read_the_shelf(desk, lead, approver)


def _planned(desk: Desk, lead: Caller, staff: Caller, approver: Caller) -> None:
    decision = {"title": "Returns need a receipt", "decision": "From March.", "brand": "nour"}
    plan = lead.does("post", "plans/", {**decision, "announce_at": after(600)})
    here = f"plans/{plan['id']}/"
    assert (plan["version"], plan["percent"]) == (1, 0)
    assert {gap["section"] for gap in plan["gaps"]} == {
        part["section"] for part in plan["sections"]
    }
    changed = {**decision, "announce_at": after(900), "version": 1, "languages": ["ar", "en"]}
    del changed["brand"]
    assert lead.does("put", here, changed)["languages"] == ["ar", "en"]
    asked = staff.does("post", f"{here}points/", {"kind": "question", "text": "Why?"})
    reworded = {"text": "Why now?", "owner": desk.staff.pk, "version": 1}
    assert staff.does("put", f"{here}points/{asked['id']}/", reworded)["version"] == 2
    wrong = lead.does("post", f"{here}points/", {"kind": "group", "text": "All"})
    lead.does("post", f"{here}points/{wrong['id']}/remove/")
    words = {"text": "Fraud grew.", "version": 0}
    answer = staff.does("put", f"{here}points/{asked['id']}/answers/en/", words)
    assert approver.does("post", f"{here}texts/{answer['id']}/approve/")["approved_at"]
    ready = {"statement": "holding", "language": "en", "text": "We hear you.", "version": 0}
    assert staff.does("put", f"{here}statements/", ready)["version"] == 1
    duty = {"person": desk.staff.pk, "role": "monitor", "from_at": after(900), "to_at": after(960)}
    first = lead.does("post", f"{here}duties/", duty)
    lead.does("post", f"{here}duties/{first['id']}/remove/")
    lead.does("post", f"{here}reached/", {"person": desk.approver.pk, "reached": True})
    found = staff.get(here)
    assert [point["text"] for point in found["points"]] == ["Why now?"] and found["duties"] == []
    assert staff.get(f"{here}changes/")["results"][-1]["sentence"] == "Plan opened"
    out = lead.does("post", f"{here}announce/", {"reason": "The date is fixed"})
    assert (out["status"], out["incident"][:3]) == ("announced", "CD-")
    carried = staff.get(f"incidents/{out['incident']}/questions/")["results"]
    assert [(row["times_asked"], row["prepared"]) for row in carried] == [
        (0, {"en": "Fraud grew."})
    ]
    other = lead.does("post", "plans/", {**decision, "announce_at": after(600)})
    assert lead.does("post", f"plans/{other['id']}/drop/", {"reason": "No"})["status"] == "dropped"
    assert len(staff.get("plans/")["results"]) == 2


def _notebook(room: str, staff: Caller, admin: Caller) -> None:
    note = staff.does("post", f"{room}notes/", {"text": "ملاحظة", "occurred_at": after(-5)})
    assert note["texts"]["text"] == {"language": "ar", "text": "ملاحظة"}
    number = note["number"]
    amended = staff.does("post", f"{room}timeline/{number}/amendments/", {"text": "Not so"})
    assert amended["amends"] == number
    admin.does("post", f"{room}timeline/{number}/erasure/", {"reason": "A phone number"})
    assert staff.get(f"{room}timeline/{number}/")["texts"]["text"]["text"] == ""
    following = staff.get(f"{room}timeline/", after=number)
    assert [event["kind"] for event in following["results"]] == ["amended", "text_erased"]

    fact = staff.does("post", f"{room}facts/", {"text": "It is fake", "is_known": True})
    changed = staff.does(
        "patch", f"{room}facts/{fact['id']}/", {"is_withdrawn": True, "version": 1}
    )
    assert changed == staff.get(f"{room}facts/{fact['id']}/") != fact
    assert staff.get(f"{room}facts/")["results"] == [changed]
    decision = {"question": "Reply?", "choice": "Yes", "reason": "They ask"}
    made = staff.does("post", f"{room}decisions/", decision)
    assert staff.get(f"{room}decisions/")["results"] == [made]
    _line(staff, room)
    asked = staff.does("post", f"{room}questions/", {"text": "Is it you?", "asker": "customer"})
    question = f"{room}questions/{asked['id']}/"
    staff.does("post", f"{question}take-private/", {"version": 1})
    staff.does("put", f"{question}answer/", {"answer": "No", "version": 2})
    closed = staff.does("put", f"{question}closing-line/", {"url": LINK, "version": 3})
    assert closed == staff.get(question) == staff.get(f"{room}questions/")["results"][0]
    promise = {"text": "Analysis", "due_at": after(60)}
    promised = staff.does("post", f"{room}commitments/", promise)
    staff.does("post", f"{room}commitments/{promised['id']}/keep/")
    assert staff.get(f"{room}commitments/")["results"][0]["kept_at"]


def _line(staff: Caller, room: str) -> None:
    """Advice changes nothing; the choice is kept with what was advised."""
    answers = {"cluster": "preventable", "had_similar": True, "bad_reputation": False}
    asked = staff.get(f"{room}strategy/", **answers, lines="deny")
    assert (asked["level"], asked["recommended"], asked["choices"]) == (4, "rebuild", [])
    assert [row["code"] for row in asked["warnings"]] == [
        "below_recommended",
        "denies_without_evidence",
    ]
    chosen = staff.does(
        "post", f"{room}strategy/", {**answers, "lines": ["rebuild"], "reason": "Ours to mend"}
    )
    assert (chosen["level"], chosen["warnings"]) == (4, [])
    assert staff.get(f"{room}strategy/")["choices"] == [chosen]


def _statement(room: str, staff: Caller, stage: str) -> int:
    found = staff.get(f"{room}statements/")["results"]
    return next(each["id"] for each in found if each["stage"] == stage)


def _by_phone_and_override(
    desk: Desk, room: str, lead: Caller, staff: Caller, approver: Caller
) -> None:
    added = staff.does(
        "post",
        f"{room}statements/",
        {"stage": "update", "title": "More", "channels": ["x"], "languages": ["ar", "en"]},
    )
    sent = {}
    for language in ("ar", "en"):
        words = f"{room}statements/{added['id']}/{language}/"
        staff.does("put", f"{words}draft/", {"text": f"Words {language}", "version": 1})
        asked = staff.does("post", f"{words}submit/", {"version": 2})["revision"]
        back = staff.does("post", f"{room}revisions/{asked['id']}/take-back/")
        assert (back["id"], back["state"]) == (asked["id"], "draft")
        sent[language] = staff.does("post", f"{words}submit/", {"version": 2})["revision"]
    phone = {
        "approver": desk.approver.pk,
        "said_at": NOON.isoformat(),
        "proof": SimpleUploadedFile("yes.png", PNG),
    }
    said = lead.does(
        "post", f"{room}revisions/{sent['ar']['id']}/phone-approvals/", phone, upload=True
    )
    approval = f"{room}approvals/{said['approvals'][0]['id']}/"
    assert said["state"] == "approved" and said["approvals"][0]["confirmed_at"] is None
    assert lead.call("get", f"{approval}proof/").downloaded == PNG
    assert approver.does("post", f"{approval}confirm/")["confirmed_at"]
    override = {"channel": "x", "url": LINK, "reason": "People are in danger"}
    out = lead.does("post", f"{room}revisions/{sent['en']['id']}/override/", override)
    late = {"text_hash": sent["en"]["text_hash"]}
    assert approver.does("post", f"{room}revisions/{sent['en']['id']}/approve/", late)
    lead.does("post", f"{room}publications/{out['id']}/review/", {"note": "It was right"})


def _authorities(room: str, lead: Caller, staff: Caller) -> None:
    asked = lead.does("post", f"{room}regulators/", {"key": "israel-ppa"})
    assert asked["applies"] is None and asked["due_at"] is None
    duty = f"{room}regulators/{asked['id']}/"
    answered = lead.does("post", duty, {"applies": True, "version": asked["version"]})
    assert answered["due_at"] == (NOON + timedelta(hours=24)).isoformat().replace("+00:00", "Z")
    notice = {"contents": {"nature": "رُسلت قائمة"}, "version": answered["version"]}
    told = staff.does("post", f"{duty}notices/", notice)
    assert [field["is_told"] for field in told["fields"]] == [True, False, False, False]
    assert len(staff.get(f"{room}regulators/")["results"]) == 1


def _review(desk: Desk, room: str, lead: Caller, staff: Caller) -> None:
    assert staff.get(f"{room}postmortem/")["version"] == 0
    review = {
        "verdict": "Eight minutes.",
        "summary": "A fake account.",
        "cause_known": False,
        "affected": "Two customers.",
        "business_effect_known": False,
        "went_well": "Fast.",
        "went_badly": "Instagram.",
        "version": 0,
    }
    saved = staff.does("put", f"{room}postmortem/", review)
    final = lead.does("post", f"{room}postmortem/finalise/", {"version": saved["version"]})
    assert (final["is_final"], final["edition"]) == (True, 1)
    day = (NOON + timedelta(days=7)).date().isoformat()
    todo = {"text": "Test access", "owner": desk.staff.pk, "due_date": day}
    action = staff.does("post", f"{room}actions/", todo)
    done = staff.does("post", f"{room}actions/{action['id']}/finish/", {"version": 1})
    assert done == staff.get(f"{room}actions/{action['id']}/")
    assert staff.get(f"{room}actions/")["results"] == [done]
