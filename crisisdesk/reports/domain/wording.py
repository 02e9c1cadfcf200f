"""The few words for stored values that only a report has; the others are in core/words.py."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crisisdesk.core.words import word
from crisisdesk.incidents.enums import CancelReason, Stage
from crisisdesk.incidents.models import Incident


def standing(incident: Incident) -> str:
    """The status of this incident; a duplicate is not called a false alarm."""
    if incident.cancel_reason == CancelReason.SAME_MATTER:
        return word("cancel_reason", incident.cancel_reason)
    return word("status", incident.status)


def axis_stage(stage: str, *, is_first: bool) -> str:
    """A stage as it stands under a dot of the axis: short."""
    if is_first:
        return _("first word")
    words: dict[str, str] = {
        Stage.ACKNOWLEDGEMENT: pgettext("axis", "acknowledgement"),
        Stage.HOLDING: pgettext("axis", "full statement"),
        Stage.UPDATE: pgettext("axis", "update"),
        Stage.CORRECTION: pgettext("axis", "correction"),
        Stage.RESOLUTION: pgettext("axis", "resolved"),
        Stage.APOLOGY: pgettext("axis", "apology"),
    }
    return words.get(stage, "")


def label_words(label: Mapping[str, str] | str, language: str) -> str:
    """A label that was stored in every language, in this one; else in English, else in whichever it
    has.
    """
    if isinstance(label, str):
        return label
    return str(label.get(language) or label.get("en") or next(iter(label.values()), ""))
