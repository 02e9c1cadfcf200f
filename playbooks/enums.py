"""The words playbooks are written in; the values stand in fixtures/ and in stored content."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlaybookOrigin(models.TextChoices):
    """Who keeps the playbook: the files of the repository (only the loader writes it) or people at
    the desk.
    """

    FILES = "files", _("From the files")
    DESK = "desk", _("Written at the desk")


class CrisisType(models.TextChoices):
    """What kind of trouble a playbook is for."""

    IMPERSONATION = "impersonation", _("Impersonation")
    OUTAGE = "outage", _("Outage")
    BACKLASH = "backlash", _("Backlash")
    TAKEOVER = "takeover", _("Account takeover")
    RECALL = "recall", _("Product recall")
    RUMOUR = "rumour", _("Rumour")
    ACTIVISM = "activism", _("Activist campaign")
    DATA_LEAK = "data_leak", _("Data leak")
    ANNOUNCEMENT = "announcement", _("Planned announcement")
    CONDUCT = "conduct", _("Conduct of a person")
    GENERAL = "general", _("General")


class ScctCluster(models.TextChoices):
    """How much of the blame the public will lay on us (situational crisis communication theory)."""

    VICTIM = "victim", _("Victim: little blame is laid on us")
    ACCIDENTAL = "accidental", _("Accidental: some blame is laid on us")
    PREVENTABLE = "preventable", _("Preventable: the blame is laid on us")


class Provenance(models.TextChoices):
    """Where an item, statement, clock or lesson comes from."""

    DOCUMENT = "document", _("From the document")
    PUBLIC = "public", _("From a public source")
    OURS = "ours", _("Our practice")


class BehaviourKind(models.TextChoices):
    """What sort of thing in the desk enforces or helps a lesson."""

    GATE = "gate", _("Gate")
    RULE = "rule", pgettext_lazy("behaviour", "Rule")
    REMINDER = "reminder", pgettext_lazy("behaviour", "Reminder")
    MEASURE = "measure", pgettext_lazy("behaviour", "Figure")
    REPORT = "report", _("Part of the report")
    PAGE = "page", pgettext_lazy("behaviour", "Page")
    PLANNED = "planned", _("Still to come")


class NoLesson(models.TextChoices):
    """Why something that a document says became no lesson."""

    FURNITURE = "furniture", _("Part of the page around the article")
    CLOSING_QUESTION = "closing_question", _("A closing question to the reader")
    OTHER_TOOL = "other_tool", _("The name of a product to try")
    OUTDATED = "outdated", _("No longer possible on that channel")


class Severity(models.TextChoices):
    """The four steps a playbook explains in its own words."""

    SEV1 = "sev1", _("SEV1")
    SEV2 = "sev2", _("SEV2")
    SEV3 = "sev3", _("SEV3")
    SEV4 = "sev4", _("SEV4")


class Phase(models.TextChoices):
    """The five parts of a response, in order."""

    FIRST_15_MINUTES = "first_15_minutes", _("First 15 minutes")
    FIRST_HOUR = "first_hour", _("First hour")
    KEEP_TALKING = "keep_talking", _("Updates")
    RECOVER = "recover", _("Recovery")
    LEARN = "learn", _("Lessons")


class Stage(models.TextChoices):
    """What a statement is for."""

    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
    HOLDING = "holding", _("Holding statement")
    UPDATE = "update", _("Update")
    CORRECTION = "correction", _("Correction")
    RESOLUTION = "resolution", _("Resolution")
    APOLOGY = "apology", _("Apology")
    INTERNAL = "internal", _("Internal note")
    QA = "qa", _("Questions and answers")


class Audience(models.TextChoices):
    """Whom a statement speaks to."""

    PUBLIC = "public", _("The public")
    CUSTOMERS = "customers", _("Customers")
    STAFF = "staff", _("Staff")
    PRESS = "press", _("Press")
    REGULATOR = "regulator", _("The regulator")
    PARTNERS = "partners", _("Partners")


class Duty(models.TextChoices):
    """The role on an incident that an item or clock falls to."""

    LEAD = "lead", _("Incident lead")
    SPOKESPERSON = "spokesperson", _("Spokesperson")
    APPROVER = "approver", _("Approver")
    MONITOR = "monitor", _("Monitor")
    SCRIBE = "scribe", _("Scribe")


class ClockKind(models.TextChoices):
    """A promise about time."""

    ACTIVATION = "activation", _("Team activated")
    POSTS_PAUSED = "posts_paused", _("Scheduled posts paused")
    INTERNAL_NOTE = "internal_note", _("Note to staff")
    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
    HOLDING = "holding", _("Holding statement")
    UPDATE = "update", _("Update")
    COMPLAINT_REPLY = "complaint_reply", _("First reply to complaints")
    FAKE_REPORT = "fake_report", _("Report of the fake account")
    CORRECTION = "correction", _("Correction")
    POSTMORTEM = "postmortem", _("Post-mortem")


class ClockStart(StrEnum):
    """What a clock runs from."""

    DETECTED = "detected"
    LAST_PUBLICATION = "last_publication"
    ERROR_FOUND = "error_found"
    RESOLVED = "resolved"


class RegulatorStart(StrEnum):
    """What the time to tell an authority counts from."""

    AWARE = "aware"
    MATERIAL = "material"
    AGENCY_NOTICE = "agency_notice"
    NOTICE = "notice"


class ClockEnd(StrEnum):
    """The incident status at which a clock that still runs is dropped."""

    ACTIVE = "active"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    CLOSED = "closed"


class ItemStart(StrEnum):
    """What the minutes of an item count from, besides a publication and another item."""

    DETECTED = "detected"
    OPENED = "opened"
    FIRST_SIGNAL = "first_signal"
    RESOLVED = "resolved"


class ResponsePhase(StrEnum):
    """The statuses of an incident that a condition may name."""

    DECLARED = "declared"
    ACTIVE = "active"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    CLOSED = "closed"


class EscalationTarget(StrEnum):
    """Whom a late clock tells next: roles on the incident, roles on the brand, one person, whoever is on watch."""

    OWNER = "owner"
    LEAD = "lead"
    DEPUTY = "deputy"
    EXECUTIVE = "executive"
    SPOKESPERSON = "spokesperson"
    APPROVER = "approver"
    MONITOR = "monitor"
    SCRIBE = "scribe"
    BRAND_LEAD = "brand_lead"
    BRAND_STAFF = "brand_staff"
    BRAND_APPROVER = "brand_approver"
    BRAND_OBSERVER = "brand_observer"
    BRAND_ADMIN = "brand_admin"
    ON_WATCH = "on_watch"
    PERSON = "person"


# The only ones that content before schema 3 knows.
OLD_TARGETS = ("owner", "lead", "deputy", "executive")


# Roles on the brand by the word that a step has for them.
BRAND_ROLES = {
    EscalationTarget.EXECUTIVE: "executive",
    EscalationTarget.BRAND_LEAD: "lead",
    EscalationTarget.BRAND_STAFF: "staff",
    EscalationTarget.BRAND_APPROVER: "approver",
    EscalationTarget.BRAND_OBSERVER: "observer",
    EscalationTarget.BRAND_ADMIN: "admin",
}


class StepEnd(StrEnum):
    """Until when a step tells anybody, besides the promise being met or waived."""

    ACKNOWLEDGED = "acknowledged"
    ACTIVE = "active"
    CONTAINED = "contained"
    RESOLVED = "resolved"


class PlaceholderKind(StrEnum):
    """What sort of thing fills a placeholder."""

    HANDLE = "handle"
    LINK = "link"
    TIME = "time"
    NUMBER = "number"
    PHRASE = "phrase"
    CHANNEL = "channel"


class Autofill(StrEnum):
    """What the desk can fill in by itself."""

    OFFICIAL_ACCOUNT = "official_account"
    CONTACT_LINK = "contact_link"
    NEXT_UPDATE = "next_update"
    NOW = "now"
    BRAND = "brand"
    ORIGIN_CHANNEL = "origin_channel"
