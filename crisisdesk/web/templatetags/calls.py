"""Steps of an escalation in the reader's words, of a playbook or of an incident's own copy."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from crisisdesk.core.formats import span
from crisisdesk.core.words import word
from playbooks.enums import EscalationTarget

register = template.Library()


@register.filter
def step_who(step: Any) -> str:
    """Whom a step tells: a role in words, or the person's name (a playbook keeps their mail address)."""
    if step.who != EscalationTarget.PERSON or not step.person:
        return word("escalation", step.who)
    if isinstance(step.person, str):
        return step.person
    return str(step.person.name_in((get_language() or "en")[:2]))


@register.filter
def step_when(step: Any) -> str:
    """When a step tells: at which share of the time, or how long after it was due."""
    if step.after_percent is not None:
        return gettext("at %(share)s %% of the time") % {"share": step.after_percent}
    return gettext("%(span)s after it was due") % {"span": span(step.after_minutes * 60)}


@register.filter
def step_how(step: Any) -> str:
    """By what and until when a step tells, where it says so."""
    parts = []
    if step.transports:
        ways = gettext(", ").join(word("transport", way) for way in step.transports)
        parts.append(gettext("also by: %(ways)s") % {"ways": ways})
    if step.until:
        parts.append(gettext("only until %(end)s") % {"end": word("step_end", step.until)})
    return " · ".join(parts)


@register.filter
def dead_step(step: Any) -> str:
    """That a step reaches nobody, in one sentence."""
    who = step.name or word("escalation", step.who)
    return gettext("Step %(number)s reaches nobody: %(who)s. The lead is told instead.") % {
        "number": step.position,
        "who": who,
    }
