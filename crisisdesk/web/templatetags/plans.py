"""Words of a plan for its templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from crisisdesk.incidents.domain import plan_sentences

if TYPE_CHECKING:
    from crisisdesk.incidents.queries.plan_gaps import Gap

register = template.Library()


@register.filter
def section_words(key: str) -> str:
    """The name of one part of readiness."""
    return plan_sentences.section_words(key)


@register.filter
def gap_words(gap: Gap) -> str:
    """What is missing, in one line."""
    return plan_sentences.gap_sentence(gap.code, gap.params)
