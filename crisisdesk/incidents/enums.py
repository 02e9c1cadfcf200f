"""The closed lists of the response, in the field's words. Database values are lower_snake and stay for ever."""

from __future__ import annotations

from django.db.models import TextChoices


class Status(TextChoices):
    """Where an incident stands; the only ways between them are in domain/transitions.py."""

    DECLARED = "declared"
    ACTIVE = "active"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


OPEN_STATUSES = (Status.DECLARED, Status.ACTIVE, Status.CONTAINED, Status.RESOLVED)
ENDED_STATUSES = (Status.CLOSED, Status.CANCELLED)


class CancelReason(TextChoices):
    """Why an incident is not one."""

    FALSE_ALARM = "false_alarm"
    SAME_MATTER = "same_matter"


class Severity(TextChoices):
    """Impact on people and reputation; SEV1 is the gravest (domain.md lesson 19)."""

    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"


class IncidentRole(TextChoices):
    """Roles on one incident; they add rights there only, and reminders follow them."""

    LEAD = "lead"
    SPOKESPERSON = "spokesperson"
    APPROVER = "approver"
    MONITOR = "monitor"
    SCRIBE = "scribe"


class PlanStatus(TextChoices):
    """Where the plan of an announcement stands."""

    PREPARING = "preparing"
    ANNOUNCED = "announced"
    DROPPED = "dropped"


class PointKind(TextChoices):
    """What a point of such a plan is."""

    GROUP = "group"
    QUESTION = "question"
    MISREADING = "misreading"


class Phase(TextChoices):
    """The five phases of a checklist."""

    FIRST_15_MINUTES = "first_15_minutes"
    FIRST_HOUR = "first_hour"
    KEEP_TALKING = "keep_talking"
    RECOVER = "recover"
    LEARN = "learn"


class ItemState(TextChoices):
    """What became of a checklist item."""

    TODO = "todo"
    DONE = "done"
    SKIPPED = "skipped"


class Stage(TextChoices):
    """Which word of the response a statement is."""

    ACKNOWLEDGEMENT = "acknowledgement"
    HOLDING = "holding"
    UPDATE = "update"
    CORRECTION = "correction"
    RESOLUTION = "resolution"
    APOLOGY = "apology"
    INTERNAL = "internal"
    QA = "qa"


class Line(TextChoices):
    """What our public answer does about the blame; several may stand together."""

    INFORM = "inform"
    DIMINISH = "diminish"
    REBUILD = "rebuild"
    DENY = "deny"


class LanguagePlan(TextChoices):
    """What is meant to happen with a statement in one language."""

    NEEDED = "needed"
    TO_FOLLOW = "to_follow"
    NOT_NEEDED = "not_needed"


class RevisionState(TextChoices):
    """What became of one exact text."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    SUPERSEDED = "superseded"


class ApprovalHow(TextChoices):
    """How the approver said it."""

    IN_DESK = "in_desk"
    BY_PHONE = "by_phone"
    PRESIGNED = "presigned"


class PublicationState(TextChoices):
    """A text on its way to one channel."""

    CLAIMED = "claimed"
    PUBLISHED = "published"
    RELEASED = "released"


class DeadlineKind(TextChoices):
    """Every promise about time."""

    ACTIVATION = "activation"
    POSTS_PAUSED = "posts_paused"
    INTERNAL_NOTE = "internal_note"
    ACKNOWLEDGEMENT = "acknowledgement"
    HOLDING = "holding"
    UPDATE = "update"
    COMPLAINT_REPLY = "complaint_reply"
    FAKE_REPORT = "fake_report"
    CORRECTION = "correction"
    ITEM = "item"
    APPROVAL = "approval"
    LANGUAGE = "language"
    PUBLICATION_LINK = "publication_link"
    CLOSING_LINE = "closing_line"
    QUESTION = "question"
    COMMITMENT = "commitment"
    OVERRIDE_REVIEW = "override_review"
    PHONE_CONFIRMATION = "phone_confirmation"
    POSTMORTEM = "postmortem"
    ACTION_ITEM = "action_item"
    REGULATOR = "regulator"
    UPDATE_REQUEST = "update_request"


class DeadlineState(TextChoices):
    """A deadline is late while it runs past its due time; missed only when nothing can meet it any more."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    WAIVED = "waived"
    CANCELLED = "cancelled"


class ReminderState(TextChoices):
    """One alarm of a deadline."""

    PENDING = "pending"
    FIRED = "fired"
    CANCELLED = "cancelled"


class FindingKind(TextChoices):
    """What the auditor may find; docs/operations.md says what each means and what is repaired."""

    ALARM_MISSING = "alarm_missing"
    ALARMS_LATE = "alarms_late"
    LEASES_OVER = "leases_over"
    MESSAGES_UNDATED = "messages_undated"
    MESSAGES_LATE = "messages_late"
    CHAIN_BROKEN = "chain_broken"


class EventKind(TextChoices):
    """What the timeline can say, in the past tense. Old kinds and old data shapes stay renderable for ever."""

    DECLARED = "declared"
    STATUS_CHANGED = "status_changed"
    SEVERITY_CHANGED = "severity_changed"
    TITLE_CHANGED = "title_changed"
    REACH_CHANGED = "reach_changed"
    SCREENING_ANSWERED = "screening_answered"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    LINKED = "linked"
    JOINED = "joined"
    RESTRICTED = "restricted"
    ACCESS_GRANTED = "access_granted"
    ROLE_ASSIGNED = "role_assigned"
    HANDOVER_OFFERED = "handover_offered"
    HANDOVER_ACCEPTED = "handover_accepted"
    HANDOVER_WITHDRAWN = "handover_withdrawn"
    WATCH_CHANGED = "watch_changed"
    ITEM_DONE = "item_done"
    ITEM_REOPENED = "item_reopened"
    ITEM_SKIPPED = "item_skipped"
    ITEM_ASSIGNED = "item_assigned"
    ITEMS_TAKEN_OVER = "items_taken_over"
    EVIDENCE_ADDED = "evidence_added"
    NOTE_ADDED = "note_added"
    FACT_STATED = "fact_stated"
    FACT_CHANGED = "fact_changed"
    DECISION_MADE = "decision_made"
    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    TAKEN_PRIVATE = "taken_private"
    CLOSING_LINE_POSTED = "closing_line_posted"
    AMENDED = "amended"
    TEXT_ERASED = "text_erased"
    STATEMENT_ADDED = "statement_added"
    LANGUAGE_PLANNED = "language_planned"
    STATEMENT_REVISED = "statement_revised"
    APPROVAL_REQUESTED = "approval_requested"
    DEPUTY_ASKED = "deputy_asked"
    NO_ANSWER = "no_answer"
    REACHED = "reached"
    STATEMENT_APPROVED = "statement_approved"
    PHONE_APPROVAL_RECORDED = "phone_approval_recorded"
    PHONE_APPROVAL_CONFIRMED = "phone_approval_confirmed"
    STATEMENT_SENT_BACK = "statement_sent_back"
    STATEMENT_TAKEN_BACK = "statement_taken_back"
    POSTING_CLAIMED = "posting_claimed"
    POSTING_TAKEN_OVER = "posting_taken_over"
    POSTING_RELEASED = "posting_released"
    PUBLISHED = "published"
    PUBLICATION_LINKED = "publication_linked"
    OVERRIDDEN = "overridden"
    DEADLINE_WAIVED = "deadline_waived"
    DEADLINE_SNOOZED = "deadline_snoozed"
    DEADLINE_ACKNOWLEDGED = "deadline_acknowledged"
    REMINDERS_STOPPED = "reminders_stopped"
    UPDATE_REQUESTED = "update_requested"
    UPDATE_ANSWERED = "update_answered"
    DEADLINES_REPLANNED = "deadlines_replanned"
    COMMITMENT_MADE = "commitment_made"
    COMMITMENT_KEPT = "commitment_kept"
    REMINDER_DUE = "reminder_due"
    ESCALATED = "escalated"
    POSTMORTEM_SAVED = "postmortem_saved"
    POSTMORTEM_FINALISED = "postmortem_finalised"
    ACTION_ITEM_ADDED = "action_item_added"
    ACTION_ITEM_DONE = "action_item_done"
    REGULATOR_ADDED = "regulator_added"
    REGULATOR_ANSWERED = "regulator_answered"
    REGULATOR_NOTIFIED = "regulator_notified"
    PLAN_CARRIED = "plan_carried"
