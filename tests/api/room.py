"""A room in which every kind of row exists once, its addresses, and a body for every operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crisisdesk.api.docs import description
from crisisdesk.incidents.domain import (
    approving,
    checklist,
    drafting,
    notebook,
    promises,
    publishing,
    regulators,
    reviewing,
    roles,
)
from crisisdesk.incidents.domain.feeds import make_feed
from crisisdesk.incidents.models import Incident, StatementLanguage
from crisisdesk.notifications.models import Notification
from crisisdesk.organisation.domain.stand_ins import name_stand_in
from crisisdesk.organisation.domain.watch_swaps import SwapDetails, ask_swap
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import WatchSwap
from crisisdesk.reports.domain.rendering import request_report
from playbooks.domain.presigning import sign_acknowledgement
from playbooks.domain.review_dates import date_missing
from playbooks.models import ReviewDate
from tests.factories.incidents import LINK, Desk, make_incident, revision_of, words_of
from tests.factories.notifications import make_address, make_webhook
from tests.factories.organisation import NOON, join
from tests.factories.plans import ANNOUNCED, make_plan
from tests.factories.rota import make_shift
from tests.incidents.command_room import make_question

LATER = (NOON + timedelta(hours=1)).isoformat()
_PLAN = {"title": "T", "decision": "D", "announce_at": ANNOUNCED.isoformat()}
EARLIER = (NOON - timedelta(hours=1)).isoformat()


@dataclass(frozen=True)
class Operation:
    """One operation of the description with an address that exists."""

    name: str
    method: str
    path: str
    has_blanks: bool

    @property
    def writes(self) -> bool:
        """Whether it is meant to change something."""
        return self.method != "get"


@dataclass(frozen=True)
class Full:
    """The room, and what goes into the blanks of addresses."""

    incident: Incident
    blanks: dict[str, Any]
    words: StatementLanguage
    posted: int

    def operations(self) -> Iterator[Operation]:
        """Every operation of the description, addressed to this room."""
        for template, methods in description()["paths"].items():
            blanks = re.findall(r"\{(\w+)\}", template)
            path = template.removeprefix("/api/v1/")
            for blank in blanks:
                path = path.replace("{" + blank + "}", self.fill(blank, template))
            for method, told in methods.items():
                yield Operation(told["operationId"], method, path, bool(blanks))

    def fill(self, blank: str, template: str) -> str:
        """Return what stands in this blank of this address."""
        if blank == "revision_id" and "playbook-revisions" in template:
            blank = "playbook_revision_id"
        if blank == "key":
            blank = next(
                name for name in ("brand", "channel", "lesson") if template.find(f"{name}s") > 0
            )
        return str(self.blanks[blank])


def make_full(desk: Desk) -> Full:
    """Return a room in which every kind of row exists."""
    staff, lead, at = desk.actor("staff"), desk.actor("lead"), NOON
    incident = make_incident(desk)
    pk = incident.pk
    item = incident.items.order_by("position")[0]
    checklist.assign_items(incident_id=pk, item_ids=[item.pk], owner=desk.staff, actor=lead, at=at)
    upload = SimpleUploadedFile("a.txt", b"seen")
    evidence = checklist.add_evidence(incident_id=pk, upload=upload, actor=staff, at=at)
    fact = notebook.state_fact(incident_id=pk, text="F", is_known=True, actor=staff, at=at)
    notebook.make_decision(incident_id=pk, question="Q", choice="C", reason="R", actor=staff, at=at)
    question = notebook.ask_question(
        incident_id=pk, text="Q?", asker="customer", actor=staff, at=at
    )
    promise = promises.make_commitment(
        incident_id=pk, text="P", due_at=at + timedelta(hours=2), actor=staff, at=at
    )
    duty = regulators.add_regulator(incident_id=pk, key="gdpr-authority", actor=lead, at=at)
    words = words_of(incident, "holding", "ar")
    posted = _posted(desk, incident)
    revision = drafting.save_draft(
        statement_language_id=words.pk, text="نص", version=1, actor=staff, at=at
    )
    approving.submit(statement_language_id=words.pk, version=2, actor=staff, at=at)
    join(desk.staff, desk.brand, Role.LEAD)
    handover = roles.offer_handover(
        incident_id=pk, role="lead", receiver=desk.staff, page={}, note="", actor=lead, at=at
    )
    action = reviewing.add_action_item(
        incident_id=pk, text="A", owner=desk.staff, due_date=at.date(), actor=lead, at=at
    )
    report = request_report(incident_id=pk, language="en", actor=lead, at=at)
    signature = sign_acknowledgement(
        revision_id=incident.playbook_revision_id,
        brand_id=desk.brand.pk,
        statement_key="acknowledgement",
        language="ar",
        actor=desk.actor("approver"),
        at=at,
    )
    planned = make_plan(desk)
    feed = make_feed(incident_id=pk, actor=lead, at=at).feed
    line = Notification.objects.filter(recipient=desk.lead, transport="inbox")[0]
    webhook, told = make_webhook(line)
    away = name_stand_in(
        stand_in_id=desk.deputy.pk,
        from_at=at,
        until_at=at + timedelta(days=2),
        actor=desk.actor("approver"),
        at=at,
    )
    shift = make_shift(desk.brand, desk.approver)
    swap = make_swap(desk)
    words.refresh_from_db()
    blanks = {
        "reference": incident.reference,
        "item_id": item.pk,
        "evidence_id": evidence.pk,
        "fact_id": fact.pk,
        "question_id": question.pk,
        "screening_id": make_question(incident).pk,
        "commitment_id": promise.pk,
        "statement_id": words.statement_id,
        "language": "ar",
        "revision_id": revision.pk,
        "approval_id": posted.revision.approvals.get().pk,
        "publication_id": posted.pk,
        "deadline_id": incident.deadlines.filter(state="running").order_by("pk")[0].pk,
        "handover_id": handover.pk,
        "action_id": action.pk,
        "report_id": report.pk,
        "number": 1,
        "clock_id": duty.pk,
        "plan_id": planned.plan.pk,
        "point_id": planned.question.pk,
        "text_id": planned.answer.pk,
        "duty_id": planned.duty.pk,
        "slug": "fake-support-account",
        "lesson": "unknown-beats-silence",
        "playbook_revision_id": incident.playbook_revision_id,
        "signature_id": signature.pk,
        "user_id": desk.staff.pk,
        "brand": "nour",
        "channel": "x",
        "review_id": dated(desk).pk,
        "calendar_id": feed.pk,
        "address_id": make_address(desk.lead, "slack").pk,
        "webhook_id": webhook.pk,
        "message_id": told.pk,
        "line_id": line.pk,
        "agreement_id": away.pk,
        "shift_id": shift.pk,
        "swap_id": swap.pk,
    }
    return Full(incident, blanks, words, posted.pk)


def _posted(desk: Desk, incident: Incident) -> Any:
    words = words_of(incident, "update", "ar")
    text = drafting.save_draft(
        statement_language_id=words.pk, text="خبر", version=1, actor=desk.actor("staff"), at=NOON
    )
    approving.submit(statement_language_id=words.pk, version=2, actor=desk.actor("staff"), at=NOON)
    approving.record_phone_approval(
        revision_id=text.pk,
        approver=desk.approver,
        said_at=NOON,
        proof=SimpleUploadedFile("b.txt", b"yes"),
        actor=desk.actor("lead"),
        at=NOON,
    )
    return publishing.record_publication(
        revision_id=text.pk,
        channel="x",
        posting=publishing.Posting(link_to_follow=True),
        actor=desk.actor("staff"),
        at=NOON,
    )


def make_swap(desk: Desk) -> WatchSwap:
    """Return the approver's question to the deputy to take an hour of the watch."""
    details = SwapDetails(desk.approver.pk, desk.deputy.pk, NOON, NOON + timedelta(hours=1))
    return ask_swap(brand_id=desk.brand.pk, details=details, actor=desk.actor("approver"), at=NOON)


def dated(desk: Desk) -> ReviewDate:
    """Return the date by which the brand reads a holding statement again."""
    date_missing(at=NOON)
    return ReviewDate.objects.get(
        brand=desk.brand, playbook__slug="fake-support-account", statement_key="holding"
    )


def body_of(name: str, desk: Desk) -> dict[str, Any]:
    """Return a body that this operation reads without complaint."""
    person, text = desk.staff.pk, {"text": "T"}
    bodies: dict[str, dict[str, Any]] = {
        "open_incident": {"seen": "S", "playbook": "fake-support-account", "brand": "nour"},
        "change_status": {"to": "contained"},
        "change_severity": {"to": "sev1"},
        "change_title": {"title": "T", "version": 1},
        "take_over": {
            "revision": revision_of("fake-support-account").pk,
            "items": ["new-item"],
            "statements": ["new-words"],
        },
        "change_reach": {"channels": ["x"], "languages": ["ar"], "version": 1},
        "answer_screening_question": {"answer": "yes"},
        "cancel_incident": {"reason": "false_alarm", "line": "L"},
        "reopen_incident": {"reason": "R"},
        "join_incident": {"seen": "S"},
        "set_closing_line": {"line": "L", "version": 1},
        "assign_role": {"role": "scribe", "user": person},
        "offer_handover": {"role": "scribe", "receiver": person},
        "restrict_incident": {"restricted": True},
        "grant_access": {"user": person},
        "add_note": text,
        "amend_event": text,
        "erase_text": {"reason": "R"},
        "state_fact": {"text": "T", "is_known": True},
        "change_fact": {"text": "T", "version": 1},
        "make_decision": {"question": "Q", "choice": "C", "reason": "R"},
        "choose_line": {
            "cluster": "victim", "had_similar": False, "bad_reputation": False,
            "lines": ["inform"], "reason": "R",
        },
        "ask_question": {"text": "T", "asker": "press"},
        "answer_question": {"answer": "A", "version": 1},
        "take_private": {"version": 1},
        "post_closing_line": {"url": LINK, "version": 1},
        "make_commitment": {"text": "T", "due_at": LATER},
        "add_regulator": {"key": "sec-8k"},
        "answer_regulator": {"applies": True, "version": 1},
        "record_notice": {"contents": {"nature": "N"}, "version": 1},
        "open_plan": {"brand": "nour", **_PLAN},
        "change_plan": {**_PLAN, "version": 1},
        "drop_plan": {"reason": "R"},
        "announce_plan": {"reason": "R"},
        "add_plan_point": {"kind": "question", "text": "T"},
        "change_plan_point": {"text": "T", "version": 1},
        "write_plan_answer": {"text": "T", "version": 0},
        "prepare_plan_statement": {
            "statement": "holding", "language": "he", "text": "T", "version": 0,
        },
        "add_plan_duty": {
            "person": person, "role": "monitor", "from_at": LATER, "to_at": ANNOUNCED.isoformat(),
        },
        "record_plan_reach": {"person": desk.approver.pk, "reached": True},
        "mark_reviewed": {"version": 1},
        "set_review_date": {"review_by": "2027-01-04", "version": 1},
        "give_review": {"owner": desk.lead.pk, "version": 1},
        "skip_item": {"reason": "R"},
        "assign_items": {"items": [1], "owner": None},
        "add_evidence": {"url": LINK},
        "add_statement": {
            "stage": "update", "title": "T", "channels": ["x"], "languages": ["ar"],
        },
        "save_draft": {"text": "T", "version": 2},
        "submit_draft": {"version": 2},
        "plan_language": {"plan": "not_needed"},
        "approve_revision": {"text_hash": "x"},
        "send_back_revision": {"comment": "C", "text_hash": "x"},
        "record_phone_approval": {"approver": desk.approver.pk, "said_at": EARLIER},
        "chase_approver": {"reached": True},
        "claim_posting": {"channel": "x"},
        "record_publication": {"channel": "x", "url": LINK},
        "override_publication": {"channel": "x", "url": LINK, "reason": "R"},
        "add_publication_link": {"url": LINK},
        "review_override": {"note": "N"},
        "make_calendar": {"incident": "CD-2026-0001"},
        "add_address": {"transport": "slack", "value": "U9"},
        "send_again": {"messages": [1]},
        "confirm_address": {"code": "000000"},
        "add_webhook": {"url": "https://10.0.0.1/", "label": "L"},
        "add_device": {
            "endpoint": "https://example.org/", "p256dh": "x", "auth": "x", "label": "L",
        },
        "remove_device": {"endpoint": "https://example.org/"},
        "choose_news": {"kinds": {"course": []}},
        "set_morning": {"enabled": True, "time": "07:30"},
        "set_quiet_hours": {"spans": [{"weekday": 1, "begins": "22:00", "ends": "07:00"}]},
        "name_stand_in": {"stand_in": person, "from_at": LATER, "until_at": ANNOUNCED.isoformat()},
        "snooze_deadline": {"until": LATER},
        "answer_update": {"text": "T"},
        "waive_deadline": {"reason": "R"},
        "save_postmortem": {"summary": "S", "version": 0},
        "finalise_postmortem": {"version": 0},
        "add_action": {"text": "T", "owner": person, "due_date": "2026-12-01"},
        "finish_action": {"version": 1},
        "request_report": {"language": "he"},
        "sign_acknowledgement": {
            "brand": "nour", "statement": "acknowledgement", "language": "he",
        },
        "set_rota": {"weekdays": [1], "starts": "08:00", "ends": "20:00", "version": 1},
        "add_shift": {
            "person": person, "weekdays": [1], "starts": "09:00", "ends": "10:00",
            "valid_from": "2026-11-20",
        },
        "ask_swap": {
            "away": desk.approver.pk, "cover": desk.deputy.pk, "starts_at": NOON.isoformat(),
            "ends_at": LATER,
        },
        "answer_swap": {"accept": True},
        "set_working_days": {"weekend": [5, 6], "week_start": 7, "version": 0},
        "change_me": {"zone": "UTC"},
    }  # fmt: skip
    return bodies.get(name, {})


def query_of(name: str) -> str:
    """Return the query without which an operation refuses to answer."""
    return "?brand=nour" if name in ("list_recent_incidents", "list_signatures") else ""
