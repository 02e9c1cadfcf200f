"""A room in which every command has something to act on, run by people who are not tested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crisisdesk.incidents.domain import (
    approving,
    checklist,
    drafting,
    lifecycle,
    notebook,
    promises,
    publishing,
    regulators,
    reviewing,
    roles,
    updates,
)
from crisisdesk.incidents.enums import CancelReason
from crisisdesk.incidents.models import Incident, ScreeningQuestion, StatementRevision
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import User
from tests.factories.incidents import Desk, make_incident, words_of
from tests.factories.newer import make_newer
from tests.factories.organisation import NOON, make_member
from tests.factories.plans import make_plan

AT = NOON + timedelta(minutes=30)
LATER = NOON + timedelta(hours=3)


@dataclass
class Room:
    """An incident of other people, in which every command has something to act on."""

    desk: Desk
    incident: Incident
    chief: Actor
    writer: Actor
    rows: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.rows[name]


def person(actor: Actor) -> User:
    """Return who acts."""
    assert actor.user is not None
    return actor.user


def make_room(desk: Desk) -> Room:
    """Return a room of a chief and a writer, in which every command has something to act on."""
    chief = Actor(desk.lead, "web")
    writer = Actor(make_member(desk.brand, Role.STAFF, "writer"), "web")
    incident, ended = make_incident(desk), make_incident(desk)
    pk = incident.pk
    lifecycle.cancel_incident(
        incident_id=ended.pk, reason=CancelReason.FALSE_ALARM, line="L", actor=chief, at=NOON
    )
    items = list(incident.items.order_by("position")[:2])
    checklist.tick_item(item_id=items[1].pk, actor=writer, at=NOON)
    questions = [
        notebook.ask_question(incident_id=pk, text="Q", asker="press", actor=writer, at=NOON)
        for _ in range(2)
    ]
    notebook.take_private(question_id=questions[1].pk, version=1, actor=writer, at=NOON)
    roles.assign_role(incident_id=pk, role="monitor", user=desk.deputy, actor=chief, at=NOON)
    approved = _written(incident, "update", writer, submit=True)
    phoned = approving.record_phone_approval(
        revision_id=approved.pk, approver=desk.deputy, said_at=NOON, actor=chief, at=NOON
    )
    posted = publishing.record_publication(
        revision_id=approved.pk,
        channel="facebook",
        posting=publishing.Posting(link_to_follow=True),
        actor=writer,
        at=NOON,
    )
    review = {"verdict": "V", "summary": "S", "cause": "C", "went_well": "W", "went_badly": "B"}
    review |= {"affected": "A", "business_effect": "E"}
    reviewing.save_postmortem(incident_id=pk, fields=review, version=0, actor=writer, at=NOON)
    asked = regulators.add_regulator(incident_id=pk, key="gdpr-authority", actor=chief, at=NOON)
    asked = regulators.answer_regulator(
        clock_id=asked.pk, applies=True, version=1, actor=chief, at=NOON
    )
    rows = {
        "regulator": asked,
        "newer": make_newer(incident.playbook_revision),
        "planned": make_plan(desk, lead=chief, writer=writer),
        "lead": make_member(desk.brand, Role.LEAD, "second-lead"),
        "ended": ended,
        "todo": items[0],
        "done": items[1],
        "question": questions[0],
        "screening": make_question(incident),
        "private": questions[1],
        "approved": approved,
        "phoned": phoned,
        "posted": posted,
        "draft": _written(incident, "holding", writer),
        "review": _written(incident, "correction", writer, submit=True),
        "fact": notebook.state_fact(
            incident_id=pk, text="F", is_known=True, actor=writer, at=NOON
        ),
        "promise": promises.make_commitment(
            incident_id=pk, text="P", due_at=LATER, actor=writer, at=NOON
        ),
        "handover": roles.offer_handover(
            incident_id=pk, role="scribe", receiver=desk.deputy, page={}, note="",
            actor=chief, at=NOON,
        ),
        "action": reviewing.add_action_item(
            incident_id=pk, text="A", owner=desk.deputy, due_date=LATER.date(),
            actor=writer, at=NOON,
        ),
        "asked": updates.ask_update(
            incident_id=pk, actor=Actor(desk.deputy, "web"), at=NOON
        ),
        "deadline": incident.deadlines.get(kind="commitment", state="running"),
    }  # fmt: skip
    incident.refresh_from_db()
    return Room(desk, incident, chief, writer, rows)


def make_question(incident: Incident) -> ScreeningQuestion:
    """Return a question that shapes the plan, not answered yet."""
    incident.plan["asks"] = True
    incident.save(update_fields=["plan"])
    return ScreeningQuestion.objects.create(
        incident=incident,
        key="people_harmed",
        position=0,
        ask={"en": "Were people harmed?"},
        yes={"en": "Shown because people may be harmed."},
        no={"en": "Shown because nobody was harmed."},
        unknown=True,
    )


def _written(
    incident: Incident, stage: str, writer: Actor, *, submit: bool = False
) -> StatementRevision:
    words = words_of(incident, stage, "ar")
    text = drafting.save_draft(
        statement_language_id=words.pk, text="نص", version=1, actor=writer, at=NOON
    )
    if submit:
        approving.submit(statement_language_id=words.pk, version=2, actor=writer, at=NOON)
    return text
