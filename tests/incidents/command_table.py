"""Every command of the response, how it is called in the test room, and who may."""

from __future__ import annotations

from typing import Any

from crisisdesk.incidents.domain import (
    approving,
    chasing,
    checklist,
    drafting,
    lifecycle,
    notebook,
    opening,
    promises,
    publishing,
    reach,
    reviewing,
    roles,
    screening,
    strategy,
    timeline,
)
from crisisdesk.incidents.domain.strategy_advice import Situation
from crisisdesk.incidents.enums import CancelReason, LanguagePlan, Stage, Status
from crisisdesk.organisation.domain.actors import Actor
from tests.factories.incidents import LINK, revision_of
from tests.factories.organisation import NOON
from tests.incidents.command_case import ADMIN, APPROVE, DUTY, LEAD, MEMBER, WORK, Case
from tests.incidents.command_room import AT, LATER, Room, person
from tests.incidents.command_table_law import LAW
from tests.incidents.command_table_newer import NEWER
from tests.incidents.command_table_plans import PLANS


def _accept(room: Room, actor: Actor) -> Any:
    """A hand-over offered to the actor (a stranger cannot be offered one)."""
    handover = room.handover
    if person(actor) != room.desk.stranger:
        type(handover).objects.filter(pk=handover.pk).update(receiver=person(actor))
    return roles.accept_handover(handover_id=handover.pk, actor=actor, at=AT)


def _confirm(room: Room, actor: Actor) -> Any:
    """The actor's own word given by phone, where they may give one."""
    approval = room.phoned
    if person(actor) in (room.desk.approver, room.lead):
        type(approval).objects.filter(pk=approval.pk).update(approver=person(actor))
    return approving.confirm_phone_approval(approval_id=approval.pk, actor=actor, at=AT)


POSTING = publishing.Posting(url=LINK)
TABLE: dict[str, Case] = {
    **LAW,
    **NEWER,
    **PLANS,
    "open_incident": Case(
        "open an incident", LEAD,
        lambda room, actor: opening.open_incident(
            opening.Opening(
                seen="S", brand_id=room.desk.brand.pk, severity="sev3", detected_at=NOON,
                revision=revision_of("service-outage"),
            ),
            actor=actor, at=AT,
        ),
    ),
    "join_incident": Case(
        "join what was seen to an open incident", WORK,
        lambda room, actor: opening.join_incident(
            incident_id=room.incident.pk, seen="S", actor=actor, at=AT
        ),
    ),
    "change_status": Case(
        "change the status", LEAD,
        lambda room, actor: lifecycle.change_status(
            incident_id=room.incident.pk, to=Status.CONTAINED, actor=actor, at=AT
        ),
    ),
    "change_severity": Case(
        "change the severity", LEAD,
        lambda room, actor: lifecycle.change_severity(
            incident_id=room.incident.pk, to="sev1", actor=actor, at=AT
        ),
    ),
    "change_title": Case(
        "change the title", LEAD,
        lambda room, actor: lifecycle.change_title(
            incident_id=room.incident.pk, title="T", version=room.incident.version,
            actor=actor, at=AT,
        ),
    ),
    "change_reach": Case(
        "change channels and languages", LEAD,
        lambda room, actor: reach.change_reach(
            incident_id=room.incident.pk, channels=["x"], languages=["ar", "he"],
            version=room.incident.version, actor=actor, at=AT,
        ),
    ),
    "cancel_incident": Case(
        "end it as a false alarm or the same matter", LEAD,
        lambda room, actor: lifecycle.cancel_incident(
            incident_id=room.incident.pk, reason=CancelReason.FALSE_ALARM, line="L",
            actor=actor, at=AT,
        ),
    ),
    "reopen_incident": Case(
        "open it again", LEAD,
        lambda room, actor: lifecycle.reopen_incident(
            incident_id=room.ended.pk, reason="R", actor=actor, at=AT
        ),
    ),
    "set_closing_line": Case(
        "keep the closing line", WORK,
        lambda room, actor: lifecycle.set_closing_line(
            incident_id=room.incident.pk, line="L", version=room.incident.version, actor=actor, at=AT
        ),
    ),
    "answer_screening_question": Case(
        "answer a question that shapes the plan", WORK,
        lambda room, actor: screening.answer_screening_question(
            question_id=room.screening.pk, answer="yes", actor=actor, at=AT
        ),
    ),
    "assign_role": Case(
        "give a role to somebody", LEAD,
        lambda room, actor: roles.assign_role(
            incident_id=room.incident.pk, role="scribe", user=person(room.writer),
            actor=actor, at=AT,
        ),
    ),
    "offer_handover": Case(
        "hand over somebody else's role (one's own: staff and approver too)",
        ("no", "no", "role_not_yours", "role_not_yours", "yes", "no", "404"),
        lambda room, actor: roles.offer_handover(
            incident_id=room.incident.pk, role="monitor", receiver=person(room.writer),
            page={}, note="", actor=actor, at=AT,
        ),
    ),
    "accept_handover": Case("accept a hand-over that is offered to them", MEMBER, _accept),
    "withdraw_handover": Case(
        "take back somebody else's hand-over (one's own: who offered it)", LEAD,
        lambda room, actor: roles.withdraw_handover(
            handover_id=room.handover.pk, actor=actor, at=AT
        ),
    ),
    "restrict": Case(
        "restrict the incident to named people", LEAD,
        lambda room, actor: roles.restrict(
            incident_id=room.incident.pk, restricted=True, actor=actor, at=AT
        ),
    ),
    "grant_access": Case(
        "name a person who may see it", LEAD,
        lambda room, actor: roles.grant_access(
            incident_id=room.incident.pk, user=person(room.writer), actor=actor, at=AT
        ),
    ),
    "tick_item": Case(
        "tick an item", WORK,
        lambda room, actor: checklist.tick_item(item_id=room.todo.pk, actor=actor, at=AT),
    ),
    "undo_item": Case(
        "undo an item", WORK,
        lambda room, actor: checklist.undo_item(item_id=room.done.pk, actor=actor, at=AT),
    ),
    "skip_item": Case(
        "skip an item", WORK,
        lambda room, actor: checklist.skip_item(
            item_id=room.todo.pk, reason="R", actor=actor, at=AT
        ),
    ),
    "assign_items": Case(
        "assign items", WORK,
        lambda room, actor: checklist.assign_items(
            incident_id=room.incident.pk, item_ids=[room.todo.pk], owner=person(room.writer),
            actor=actor, at=AT,
        ),
    ),
    "add_evidence": Case(
        "add evidence", WORK,
        lambda room, actor: checklist.add_evidence(
            incident_id=room.incident.pk, url=LINK, actor=actor, at=AT
        ),
    ),
    "add_note": Case(
        "write a note", WORK,
        lambda room, actor: notebook.add_note(
            incident_id=room.incident.pk, text="N", actor=actor, at=AT
        ),
    ),
    "amend_event": Case(
        "amend an event", WORK,
        lambda room, actor: notebook.amend_event(
            incident_id=room.incident.pk, number=1, text="N", actor=actor, at=AT
        ),
    ),
    "erase_text": Case(
        "erase the words of an event", ADMIN,
        lambda room, actor: timeline.erase_text(
            room.incident.pk, 1, reason="R", actor=actor, at=AT
        ),
    ),
    "state_fact": Case(
        "state a fact", WORK,
        lambda room, actor: notebook.state_fact(
            incident_id=room.incident.pk, text="F", is_known=True, actor=actor, at=AT
        ),
    ),
    "change_fact": Case(
        "change a fact", WORK,
        lambda room, actor: notebook.change_fact(
            fact_id=room.fact.pk, version=1, is_known=False, actor=actor, at=AT
        ),
    ),
    "make_decision": Case(
        "write down a decision", WORK,
        lambda room, actor: notebook.make_decision(
            incident_id=room.incident.pk, question="Q", choice="C", reason="R",
            actor=actor, at=AT,
        ),
    ),
    "choose_line": Case(
        "choose the line taken in public", WORK,
        lambda room, actor: strategy.choose_line(
            incident_id=room.incident.pk, situation=Situation("victim"), lines=["inform"],
            reason="R", actor=actor, at=AT,
        ),
    ),
    "ask_question": Case(
        "log a question", WORK,
        lambda room, actor: notebook.ask_question(
            incident_id=room.incident.pk, text="Q", asker="press", actor=actor, at=AT
        ),
    ),
    "answer_question": Case(
        "answer a question", WORK,
        lambda room, actor: notebook.answer_question(
            question_id=room.question.pk, answer="A", version=1, actor=actor, at=AT
        ),
    ),
    "take_private": Case(
        "take a conversation private", WORK,
        lambda room, actor: notebook.take_private(
            question_id=room.question.pk, version=1, actor=actor, at=AT
        ),
    ),
    "post_closing_line": Case(
        "record a public closing line", WORK,
        lambda room, actor: notebook.post_closing_line(
            question_id=room.private.pk, url=LINK, version=2, actor=actor, at=AT
        ),
    ),
    "make_commitment": Case(
        "write down a promise", WORK,
        lambda room, actor: promises.make_commitment(
            incident_id=room.incident.pk, text="P", due_at=LATER, actor=actor, at=AT
        ),
    ),
    "keep_commitment": Case(
        "note that a promise was kept", WORK,
        lambda room, actor: promises.keep_commitment(
            commitment_id=room.promise.pk, actor=actor, at=AT
        ),
    ),
    "add_statement": Case(
        "add a statement", WORK,
        lambda room, actor: drafting.add_statement(
            incident_id=room.incident.pk, stage=Stage.UPDATE, title="T", channels=["x"],
            languages=["ar"], actor=actor, at=AT,
        ),
    ),
    "plan_language": Case(
        "plan a language", WORK,
        lambda room, actor: drafting.plan_language(
            statement_language_id=room.draft.statement_language_id,
            plan=LanguagePlan.NOT_NEEDED, actor=actor, at=AT,
        ),
    ),
    "save_draft": Case(
        "save a draft", WORK,
        lambda room, actor: drafting.save_draft(
            statement_language_id=room.draft.statement_language_id, text="Other", version=2,
            actor=actor, at=AT,
        ),
    ),
    "submit": Case(
        "send words to approval", WORK,
        lambda room, actor: approving.submit(
            statement_language_id=room.draft.statement_language_id, version=2,
            actor=actor, at=AT,
        ),
    ),
    "approve": Case(
        "approve words (never one's own, never an unread language)", APPROVE,
        lambda room, actor: approving.approve(
            revision_id=room.review.pk, text_hash=room.review.text_hash, actor=actor, at=AT
        ),
    ),
    "send_back": Case(
        "send words back (never one's own, never an unread language)", APPROVE,
        lambda room, actor: approving.send_back(
            revision_id=room.review.pk, comment="C", actor=actor, at=AT
        ),
    ),
    "take_back": Case(
        "take words back from review (one's own: who wrote or sent them)", LEAD,
        lambda room, actor: approving.take_back(
            revision_id=room.review.pk, actor=actor, at=AT
        ),
    ),
    "record_phone_approval": Case(
        "record a yes given by phone (never the author)", DUTY,
        lambda room, actor: approving.record_phone_approval(
            revision_id=room.review.pk, approver=room.desk.deputy, said_at=NOON,
            actor=actor, at=AT,
        ),
    ),
    "confirm_phone_approval": Case(
        "confirm the yes they gave by phone",
        ("not_your_word", "not_your_word", "not_your_word", "yes", "yes", "not_your_word", "404"),
        _confirm,
    ),
    "chase_approver": Case(
        "say whether the approver was reached", LEAD,
        lambda room, actor: chasing.chase_approver(
            revision_id=room.review.pk, reached=True, actor=actor, at=AT
        ),
    ),
    "claim_posting": Case(
        "claim a text for a channel", WORK,
        lambda room, actor: publishing.claim_posting(
            revision_id=room.approved.pk, channel="x", actor=actor, at=AT
        ),
    ),
    "release_posting": Case(
        "give a claim back", WORK,
        lambda room, actor: publishing.release_posting(
            publication_id=room.posted.pk, actor=actor, at=AT
        ),
    ),
    "record_publication": Case(
        "record a publication", WORK,
        lambda room, actor: publishing.record_publication(
            revision_id=room.approved.pk, channel="x", posting=POSTING, actor=actor, at=AT
        ),
    ),
    "add_publication_link": Case(
        "add the link of a post", WORK,
        lambda room, actor: publishing.add_publication_link(
            publication_id=room.posted.pk, url=LINK, actor=actor, at=AT
        ),
    ),
    "override_publication": Case(
        "put words out without their approval (never one's own)", LEAD,
        lambda room, actor: publishing.override_publication(
            revision_id=room.review.pk, channel="x", posting=POSTING, reason="R",
            actor=actor, at=AT,
        ),
    ),
    "review_override": Case(
        "review an override", LEAD,
        lambda room, actor: publishing.review_override(
            publication_id=room.posted.pk, note="N", actor=actor, at=AT
        ),
    ),
    "save_postmortem": Case(
        "write the post-mortem", WORK,
        lambda room, actor: reviewing.save_postmortem(
            incident_id=room.incident.pk, fields={"summary": "New"}, version=1,
            actor=actor, at=AT,
        ),
    ),
    "finalise_postmortem": Case(
        "sign the post-mortem", LEAD,
        lambda room, actor: reviewing.finalise_postmortem(
            incident_id=room.incident.pk, version=1, actor=actor, at=AT
        ),
    ),
    "add_action_item": Case(
        "add a prevention action", WORK,
        lambda room, actor: reviewing.add_action_item(
            incident_id=room.incident.pk, text="A", owner=person(room.writer),
            due_date=LATER.date(), actor=actor, at=AT,
        ),
    ),
    "finish_action_item": Case(
        "finish somebody else's action (one's own: its owner)", WORK,
        lambda room, actor: reviewing.finish_action_item(
            action_id=room.action.pk, version=1, actor=actor, at=AT
        ),
    ),
}  # fmt: skip
