"""The kind of a timeline event in one word, as the annex's narrow column has it."""

from __future__ import annotations

from django.utils.translation import pgettext

from crisisdesk.incidents.enums import EventKind

_GROUPS: dict[str, tuple[EventKind, ...]] = {
    "opened": (EventKind.DECLARED, EventKind.PLAN_CARRIED),
    "status": (EventKind.STATUS_CHANGED, EventKind.REOPENED, EventKind.CANCELLED),
    "severity": (EventKind.SEVERITY_CHANGED,),
    "title": (EventKind.TITLE_CHANGED,),
    "reach": (EventKind.REACH_CHANGED,),
    "answer": (EventKind.SCREENING_ANSWERED,),
    "link": (EventKind.LINKED, EventKind.JOINED),
    "access": (EventKind.RESTRICTED, EventKind.ACCESS_GRANTED),
    "role": (
        EventKind.ROLE_ASSIGNED,
        EventKind.HANDOVER_OFFERED,
        EventKind.HANDOVER_ACCEPTED,
        EventKind.HANDOVER_WITHDRAWN,
        EventKind.WATCH_CHANGED,
    ),
    "item": (
        EventKind.ITEM_DONE,
        EventKind.ITEM_REOPENED,
        EventKind.ITEM_SKIPPED,
        EventKind.ITEM_ASSIGNED,
        EventKind.ITEMS_TAKEN_OVER,
    ),
    "evidence": (EventKind.EVIDENCE_ADDED,),
    "note": (EventKind.NOTE_ADDED,),
    "fact": (EventKind.FACT_STATED, EventKind.FACT_CHANGED),
    "decision": (EventKind.DECISION_MADE,),
    "authority": (
        EventKind.REGULATOR_ADDED,
        EventKind.REGULATOR_ANSWERED,
        EventKind.REGULATOR_NOTIFIED,
    ),
    "question": (
        EventKind.QUESTION_ASKED,
        EventKind.QUESTION_ANSWERED,
        EventKind.TAKEN_PRIVATE,
        EventKind.CLOSING_LINE_POSTED,
    ),
    "correction": (EventKind.AMENDED, EventKind.TEXT_ERASED),
    "statement": (
        EventKind.STATEMENT_ADDED,
        EventKind.LANGUAGE_PLANNED,
        EventKind.STATEMENT_REVISED,
        EventKind.APPROVAL_REQUESTED,
        EventKind.POSTING_CLAIMED,
        EventKind.POSTING_TAKEN_OVER,
        EventKind.POSTING_RELEASED,
    ),
    "approval": (
        EventKind.DEPUTY_ASKED,
        EventKind.NO_ANSWER,
        EventKind.REACHED,
        EventKind.STATEMENT_APPROVED,
        EventKind.PHONE_APPROVAL_RECORDED,
        EventKind.PHONE_APPROVAL_CONFIRMED,
        EventKind.STATEMENT_SENT_BACK,
        EventKind.STATEMENT_TAKEN_BACK,
    ),
    "published": (EventKind.PUBLISHED, EventKind.PUBLICATION_LINKED, EventKind.OVERRIDDEN),
    "deadline": (
        EventKind.DEADLINE_WAIVED,
        EventKind.DEADLINE_SNOOZED,
        EventKind.DEADLINE_ACKNOWLEDGED,
        EventKind.DEADLINES_REPLANNED,
    ),
    "promise": (EventKind.COMMITMENT_MADE, EventKind.COMMITMENT_KEPT),
    "reminder": (EventKind.REMINDER_DUE, EventKind.REMINDERS_STOPPED),
    "update": (EventKind.UPDATE_REQUESTED, EventKind.UPDATE_ANSWERED),
    "escalation": (EventKind.ESCALATED,),
    "postmortem": (EventKind.POSTMORTEM_SAVED, EventKind.POSTMORTEM_FINALISED),
    "action": (EventKind.ACTION_ITEM_ADDED, EventKind.ACTION_ITEM_DONE),
}
GROUP_OF: dict[str, str] = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}


def kind_words(kind: str) -> str:
    """The word for an event's kind; one that is not known here is simply an event."""
    return {
        "opened": pgettext("event", "Opened"),
        "status": pgettext("event", "Status"),
        "severity": pgettext("event", "Severity"),
        "title": pgettext("event", "Title"),
        "reach": pgettext("event", "Channels and languages"),
        "answer": pgettext("event", "Answer"),
        "link": pgettext("event", "Same matter"),
        "access": pgettext("event", "Access"),
        "role": pgettext("event", "Role"),
        "item": pgettext("event", "Checklist"),
        "evidence": pgettext("event", "Evidence"),
        "note": pgettext("event", "Note"),
        "fact": pgettext("event", "Fact"),
        "decision": pgettext("event", "Decision"),
        "authority": pgettext("event", "Authority"),
        "question": pgettext("event", "Question"),
        "correction": pgettext("event", "Correction"),
        "statement": pgettext("event", "Statement"),
        "approval": pgettext("event", "Approval"),
        "published": pgettext("event", "Published"),
        "deadline": pgettext("event", "Deadline"),
        "promise": pgettext("event", "Promise"),
        "reminder": pgettext("event", "Reminder"),
        "update": pgettext("event", "Update"),
        "escalation": pgettext("event", "Escalation"),
        "postmortem": pgettext("event", "Post-mortem"),
        "action": pgettext("event", "Action"),
    }.get(GROUP_OF.get(kind, ""), pgettext("event", "Event"))
