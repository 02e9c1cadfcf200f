"""Models of the response."""

from crisisdesk.incidents.models.announcements import (
    AnnouncementPlan,
    PlanChange,
    PlanDuty,
    PlanPoint,
    PlanReach,
    PlanReminder,
    PlanText,
)
from crisisdesk.incidents.models.audit import ChainCheck, Finding
from crisisdesk.incidents.models.deadlines import Commitment, Deadline, Reminder
from crisisdesk.incidents.models.feeds import CalendarFeed
from crisisdesk.incidents.models.incident import Incident, IncidentAccess, ReferenceCounter
from crisisdesk.incidents.models.plan import ApprovalLane, ChecklistItem, EscalationStep, Evidence
from crisisdesk.incidents.models.record import Decision, Fact, Question
from crisisdesk.incidents.models.regulators import RegulatorClock, RegulatorNotice
from crisisdesk.incidents.models.review import ActionItem, Postmortem
from crisisdesk.incidents.models.roles import HandOver, RoleAssignment
from crisisdesk.incidents.models.screening import ScreeningQuestion
from crisisdesk.incidents.models.statements import (
    Approval,
    Publication,
    Statement,
    StatementLanguage,
    StatementRevision,
)
from crisisdesk.incidents.models.strategy import LineChoice
from crisisdesk.incidents.models.timeline import TimelineEvent, TimelineText

__all__ = [
    "ActionItem",
    "AnnouncementPlan",
    "Approval",
    "ApprovalLane",
    "CalendarFeed",
    "ChainCheck",
    "ChecklistItem",
    "Commitment",
    "Deadline",
    "Decision",
    "EscalationStep",
    "Evidence",
    "Fact",
    "Finding",
    "HandOver",
    "Incident",
    "IncidentAccess",
    "LineChoice",
    "PlanChange",
    "PlanDuty",
    "PlanPoint",
    "PlanReach",
    "PlanReminder",
    "PlanText",
    "Postmortem",
    "Publication",
    "Question",
    "ReferenceCounter",
    "RegulatorClock",
    "RegulatorNotice",
    "Reminder",
    "RoleAssignment",
    "ScreeningQuestion",
    "Statement",
    "StatementLanguage",
    "StatementRevision",
    "TimelineEvent",
    "TimelineText",
]
