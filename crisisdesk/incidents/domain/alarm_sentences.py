"""What events about alarms say: reminders, escalations, who is left alone, who has it, who asks for an update."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext, ngettext

from crisisdesk.core.formats import span
from crisisdesk.core.words import word
from crisisdesk.incidents.domain.phrases import Data, label_of, name_of
from crisisdesk.incidents.enums import EventKind


def _reminder(data: Data) -> str:
    late = int(data.get("late_seconds", 0))
    state = (
        gettext("%(span)s late") % {"span": span(late)}
        if late >= 60 or int(data.get("percent", 0)) > 100
        else gettext("due now")
        if int(data.get("left_seconds", 0)) < 60
        else gettext("due in %(span)s") % {"span": span(int(data["left_seconds"]))}
    )
    said = gettext("Reminder: %(what)s · %(state)s") % {"what": label_of(data), "state": state}
    return said + " · " + gettext("nobody has it") if data.get("nobody") else said


def _escalated(data: Data) -> str:
    who = name_of(data) if data.get("name") else word("escalation", str(data.get("who", "")))
    if data.get("instead"):
        return gettext("%(reminder)s · nobody there: %(who)s; told instead: the lead") % {
            "reminder": _reminder(data),
            "who": who,
        }
    return gettext("%(reminder)s · told: %(who)s") % {"reminder": _reminder(data), "who": who}


def _rang(data: Data) -> str:
    """A reminder; or one that rings again for whoever had asked to be left alone until then."""
    if not data.get("again_for"):
        return _reminder(data)
    return gettext("%(reminder)s · again for %(name)s") % {
        "reminder": _reminder(data),
        "name": name_of(data),
    }


def _stopped(data: Data) -> str:
    times = int(data.get("times", 0))
    return ngettext(
        "No more reminders: %(what)s · %(times)s was sent",
        "No more reminders: %(what)s · %(times)s were sent",
        times,
    ) % {"what": label_of(data), "times": times}


def _snoozed(data: Data) -> str:
    """Who hears no reminder of it until when; older events silenced it for everybody and name nobody."""
    if not data.get("name"):
        return gettext("Reminders silent for a while: %(what)s") % {"what": label_of(data)}
    return gettext("Silent for %(name)s for %(span)s: %(what)s") % {
        "name": name_of(data),
        "span": span(int(data.get("seconds", 0))),
        "what": label_of(data),
    }


def _update_asked(data: Data) -> str:
    return gettext("%(name)s asks for an update within %(span)s") % {
        "name": name_of(data),
        "span": span(int(data.get("seconds", 0))),
    }


MAKERS: dict[str, Callable[[Data], str]] = {
    EventKind.REMINDER_DUE: _rang,
    EventKind.ESCALATED: _escalated,
    EventKind.REMINDERS_STOPPED: _stopped,
    EventKind.DEADLINE_SNOOZED: _snoozed,
    EventKind.DEADLINE_ACKNOWLEDGED: lambda data: (
        gettext("%(name)s has it: %(what)s") % {"name": name_of(data), "what": label_of(data)}
    ),
    EventKind.UPDATE_REQUESTED: _update_asked,
    EventKind.UPDATE_ANSWERED: lambda data: gettext("Update for those who asked"),
}
