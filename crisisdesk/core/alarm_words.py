"""The words around alarms: whom they tell, by which way, until when. A part of `words.WORDS`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

ALARM_WORDS: dict[str, dict[str, str | Promise]] = {
    "escalation": {
        "lead": pgettext_lazy("escalation", "the lead"),
        "deputy": pgettext_lazy("escalation", "the deputy approver"),
        "executive": pgettext_lazy("escalation", "the executives"),
        "approver": pgettext_lazy("escalation", "the approver"),
        "spokesperson": pgettext_lazy("escalation", "who writes and posts"),
        "monitor": pgettext_lazy("escalation", "who watches"),
        "owner": pgettext_lazy("escalation", "whoever has it"),
        "scribe": pgettext_lazy("escalation", "who writes the log"),
        "brand_lead": pgettext_lazy("escalation", "the brand's PR leads"),
        "brand_staff": pgettext_lazy("escalation", "the brand's communications staff"),
        "brand_approver": pgettext_lazy("escalation", "the brand's approvers"),
        "brand_observer": pgettext_lazy("escalation", "the brand's observers"),
        "brand_admin": pgettext_lazy("escalation", "the brand's administrators"),
        "on_watch": pgettext_lazy("escalation", "whoever is on watch"),
        "person": pgettext_lazy("escalation", "one person"),
    },
    "step_end": {
        "acknowledged": pgettext_lazy("escalation", "somebody says “I have it”"),
        "active": pgettext_lazy("escalation", "the response runs"),
        "contained": pgettext_lazy("escalation", "it is under control"),
        "resolved": pgettext_lazy("escalation", "it is resolved"),
    },
}
