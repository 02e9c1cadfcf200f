"""Why somebody was told of an incident's event, in words: the rule that held then, and what would change it.

The codes come from `audience.py` and from the commands; a code that no rule here knows reads as a part in the incident.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from crisisdesk.core.formats import clock_time, zone_name
from crisisdesk.core.words import word
from crisisdesk.incidents.domain.audience import BRAND, NAMED, ON_WATCH, TOO
from crisisdesk.incidents.enums import EventKind, IncidentRole
from crisisdesk.incidents.models import Incident, RoleAssignment
from crisisdesk.notifications.registry import Because
from crisisdesk.notifications.rules.bidi import isolate
from crisisdesk.organisation.models import User

STEP, STAND_IN = "step:", "stand_in:"
ALARMS = (EventKind.REMINDER_DUE, EventKind.ESCALATED)


def explain(
    *, why: str, kind: str, data: dict[str, Any], topic_id: int, user: Any, told_at: datetime
) -> Because:
    """Return the rule by which this person was told, and what would change it; at most one query."""
    if why in set(IncidentRole):
        return _role(why, kind, topic_id, user, told_at)
    if why.startswith(STEP):
        return _step(why.removeprefix(STEP), data)
    if why.startswith(STAND_IN):
        return _stand_in(why.removeprefix(STAND_IN))
    if why.startswith(BRAND):
        return _brand(why.removeprefix(BRAND), topic_id)
    if why == NAMED:
        return Because(_named(kind), (_once(),))
    fixed = _fixed(why)
    return fixed or Because(
        gettext("You had a part in this incident when this was sent."), (_settings(),)
    )


def short(why: str) -> str:
    """Return a reason in a few words, for a list of who was told; empty for one that is not known."""
    if why in set(IncidentRole):
        return word("duty", why)
    if why.startswith(STEP):
        return gettext("step %(number)s of the escalation") % {"number": why.removeprefix(STEP)}
    if why.startswith(STAND_IN):
        return gettext("stands in for somebody")
    if why.startswith(BRAND):
        return gettext("%(role)s of the brand") % {"role": word("role", why.removeprefix(BRAND))}
    known = {
        NAMED: gettext("named in it"),
        "owner": gettext("had it"),
        "nobody": gettext("nobody had it"),
        ON_WATCH: gettext("on watch"),
        "snoozed": gettext("asked to be reminded again"),
        TOO: gettext("is reminded of it, too"),
    }
    return known.get(why, "")


def _role(role: str, kind: str, incident_id: int, user: Any, told_at: datetime) -> Because:
    held = (
        RoleAssignment.objects.filter(
            incident=incident_id, user=user.pk, role=role, from_at__lte=told_at
        )
        .order_by("-from_at")
        .first()
    )
    facts = {"role": word("duty", role)}
    if held is None:
        rule = gettext("You held this role on the incident when this was sent: %(role)s.") % facts
    elif held.to_at is None:
        facts["since"] = _moment(held.from_at, user)
        rule = gettext("You hold this role on the incident since %(since)s: %(role)s.") % facts
    else:
        facts |= {"since": _moment(held.from_at, user), "until": _moment(held.to_at, user)}
        rule = (
            gettext("You held this role on the incident from %(since)s to %(until)s: %(role)s.")
            % facts
        )
    if kind in ALARMS:
        return Because(
            rule + " " + gettext("The deadline belongs to whoever holds that role."),
            (
                gettext("It is silent once the deadline is met, moved or let go."),
                gettext("Hand the role over, or give the deadline's item to somebody."),
            ),
        )
    return Because(
        rule + " " + gettext("News of this kind goes to that role."),
        (gettext("Hand the role over to somebody else."), _settings()),
    )


def _step(number: str, data: dict[str, Any]) -> Because:
    facts = {
        "number": number,
        "percent": data.get("percent", ""),
        "who": word("escalation", str(data.get("who", ""))),
    }
    return Because(
        gettext(
            "Step %(number)s of the escalation: %(percent)s %% of the time was used, and the plan then tells %(who)s."
        )
        % facts,
        (
            gettext("It is silent once the deadline is met, moved or let go."),
            gettext(
                "The steps come from the playbook; a lead changes them there for the next incident."
            ),
        ),
    )


def _stand_in(person_id: str) -> Because:
    person = User.objects.filter(pk=int(person_id)).first() if person_id.isdecimal() else None
    name = isolate(person.name_in(get_language() or "en")) if person else "?"
    return Because(
        gettext("You stand in for %(name)s, who would have been told.") % {"name": name},
        (gettext("It ends when the standing-in ends; both of you can end it under Settings."),),
    )


def _brand(role: str, incident_id: int) -> Because:
    incident = Incident.objects.select_related("brand").filter(pk=incident_id).first()
    brand = isolate(incident.brand.name_in(get_language() or "en")) if incident else "?"
    facts = {"role": word("role", role), "brand": brand}
    return Because(
        gettext(
            "This is your role for %(brand)s: %(role)s. News of this kind goes to everybody with that role."
        )
        % facts,
        (_settings(), gettext("An administrator of the brand changes roles.")),
    )


def _named(kind: str) -> str:
    """What the command named the person for, by the kind of event."""
    said = {
        EventKind.APPROVAL_REQUESTED: gettext("You were asked to approve these words."),
        EventKind.DEPUTY_ASKED: gettext("You are the deputy who approves words in this language."),
        EventKind.STATEMENT_TAKEN_BACK: gettext("You had been asked to approve these words."),
        EventKind.STATEMENT_APPROVED: gettext(
            "You wrote these words, or asked for their approval."
        ),
        EventKind.STATEMENT_SENT_BACK: gettext(
            "You wrote these words, or asked for their approval."
        ),
        EventKind.PHONE_APPROVAL_RECORDED: gettext(
            "The approval is recorded in your name, or of words that you wrote."
        ),
        EventKind.ITEM_ASSIGNED: gettext("This item was given to you."),
        EventKind.ROLE_ASSIGNED: gettext("You were given this role."),
        EventKind.HANDOVER_OFFERED: gettext("The role is offered to you."),
        EventKind.HANDOVER_ACCEPTED: gettext("You handed this role over, or lead the incident."),
        EventKind.HANDOVER_WITHDRAWN: gettext("The role had been offered to you."),
        EventKind.POSTING_TAKEN_OVER: gettext("You were posting this before."),
        EventKind.ACTION_ITEM_ADDED: gettext("This prevention action is yours."),
        EventKind.ACCESS_GRANTED: gettext("You were let in to this restricted incident."),
        EventKind.DECLARED: gettext("You lead this incident since it was opened."),
        EventKind.WATCH_CHANGED: gettext("The watch of the brand passed from you, or to you."),
    }
    if kind in ALARMS:
        return gettext("You had what this reminds of, or the plan names you for it.")
    return said.get(EventKind(kind), gettext("Whoever did this named you."))


def _fixed(why: str) -> Because | None:
    silent = gettext("It is silent once the deadline is met, moved or let go.")
    known = {
        "owner": Because(
            gettext("The deadline was yours by name when this was sent."),
            (silent, gettext("Give it to somebody else: then they are reminded.")),
        ),
        "nobody": Because(
            gettext("Nobody had this deadline, so whoever leads was told."),
            (silent, gettext("Somebody takes it: then they are reminded.")),
        ),
        ON_WATCH: Because(
            gettext("You were on watch for the brand at that time."),
            (gettext("Swap the watch with somebody in the rota."),),
        ),
        "snoozed": Because(gettext("You asked to be reminded again at this time."), (silent,)),
        TOO: Because(
            gettext("Reminders of this deadline reach you, so you hear what others do about it."),
            (silent,),
        ),
    }
    return known.get(why)


def _once() -> str:
    return gettext("Nothing needs to change: you are told of it once.")


def _settings() -> str:
    return gettext("Mail that is not urgent can be turned off under Settings.")


def _moment(when: datetime, user: Any) -> str:
    zone = ZoneInfo(user.zone)
    local = when.astimezone(zone)
    return gettext("%(date)s, %(time)s, %(zone)s") % {
        "date": date_format(local, "j F"),
        "time": clock_time(when, zone),
        "zone": zone_name(zone, when),
    }
