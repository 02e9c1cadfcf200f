"""Filters of the shelf's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language, ngettext

from playbooks.domain import citing, fault_words
from playbooks.domain.content import Clock
from playbooks.domain.yaml_files import Fault

register = template.Library()


@register.filter
def by_severity(clock: Clock) -> list[str]:
    """What a clock allows at SEV1, SEV2 and SEV3: minutes, or days with the word; a dash where it does not run."""
    cells = []
    for severity in ("sev1", "sev2", "sev3"):
        days = clock.days.get(severity)
        if days:
            cells.append(ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
        else:
            cells.append(str(clock.minutes.get(severity, "–")))
    return cells


@register.filter
def source_title(sources: Mapping[str, Any], key: str) -> str:
    """The title of the document that a step rests on, in the reader's language."""
    source = sources.get(key)
    return str(source.title_in((get_language() or "en")[:2])) if source else key


@register.filter
def content_title(words: Mapping[str, Any]) -> str:
    """The title of a playbook out of its stored words, without parsing the rest."""
    language = (get_language() or "en")[:2]
    return str((words.get(language) or words.get("en") or {}).get("title", ""))


@register.filter
def fault_text(fault: Fault) -> str:
    """What is wrong with a playbook at one place, in the reader's language."""
    return fault_words.fault_text(fault)


register.filter("where_from", citing.where_from)
