"""What a page says about a plan that moves: why an item is there, that it comes back, what a re-planning changed.

Load with `{% load plan %}`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext, ngettext

from crisisdesk.core.formats import span
from crisisdesk.core.words import word
from crisisdesk.incidents.domain.reasons import reason_words
from crisisdesk.incidents.domain.screening import answer_word
from crisisdesk.incidents.domain.sentences import in_language, one_piece

if TYPE_CHECKING:
    from crisisdesk.incidents.domain.newer import NewItem, NewStatement
    from crisisdesk.incidents.models import ChecklistItem, Incident, ScreeningQuestion
    from crisisdesk.incidents.queries.checklist import Row

register = template.Library()


@register.filter
def item_reason(row: Row) -> str:
    """`{{ row|item_reason }}`: why the item is there, or why it is hidden; nothing for what always is."""
    return reason_words(row.reasons, row.questions, is_hidden=row.item.is_hidden)


@register.filter
def item_waits(row: Row) -> str:
    """`{{ row|item_waits }}`: what the item waits for."""
    if not row.waits_for:
        return ""
    listed = gettext(", ").join(in_language(other.words) for other in row.waits_for)
    return gettext("Waits for: %(list)s") % {"list": listed}


@register.simple_tag
def item_repeat(item: ChecklistItem, incident: Incident) -> str:
    """`{% item_repeat row.item incident %}`: how often it was done, and how soon it comes back until when."""
    parts = []
    if item.times_done:
        done = ngettext("Done %(count)s time", "Done %(count)s times", item.times_done)
        parts.append(done % {"count": item.times_done})
    minutes = item.repeat.get("minutes", {}).get(incident.severity)
    if minutes and item.state == "todo":
        facts = {"span": span(minutes * 60), "status": word("status", item.repeat["until"])}
        parts.append(gettext("comes back every %(span)s until “%(status)s”") % facts)
    return " · ".join(parts)


@register.filter
def part_reason(part: NewStatement) -> str:
    """`{{ part|part_reason }}`: why a statement would be shown or hidden."""
    return reason_words(part.reasons, part.questions, is_hidden=part.is_hidden)


@register.simple_tag
def item_start(part: NewItem, incident: Incident) -> str:
    """`{% item_start part incident %}`: how long an item has that does not run yet, and what it counts from."""
    item, words = part.row.item, []
    minutes = item.minutes.get(incident.severity)
    if not minutes:
        return gettext("No deadline at %(severity)s") % {"severity": incident.severity.upper()}
    words.append(gettext("%(span)s once it begins") % {"span": span(minutes * 60)})
    if part.counts_from is not None:
        what = one_piece(in_language(part.counts_from.words))
        words.append(gettext("Counts from: %(what)s") % {"what": what})
    elif item.starts.get("event") == "publication":
        stage = word("stage", item.starts["key"])
        words.append(gettext("Counts from the first publication: %(stage)s") % {"stage": stage})
    elif item.starts.get("event") == "resolved":
        words.append(gettext("Counts from the end of the incident"))
    return " · ".join(words)


@register.filter
def answer_of(question: ScreeningQuestion) -> str:
    """`{{ question|answer_of }}`: yes, no or unknown, as it is stored."""
    return answer_word(question)


@register.filter
def event_changes(event: Any) -> list[dict[str, Any]]:
    """`{% for change in event|event_changes %}`: the clocks that a re-planning moved, with their moments."""
    if event.kind != "deadlines_replanned":
        return []
    return [
        {"label": in_language(change["label"]), **_moments(change)}
        for change in event.data.get("changes", [])
    ]


@register.filter
def event_parts(event: Any, name: str) -> str:
    """`{{ event|event_parts:"shown" }}`: the parts of the plan that a re-planning brought or took away; of what was
    taken over the items, statements and questions."""
    if event.kind == "items_taken_over":
        labels = [row["label"] for row in event.data.get(name, [])]
    elif event.kind == "deadlines_replanned":
        labels = event.data.get(name, [])
    else:
        return ""
    return gettext(", ").join(in_language(label) for label in labels)


def _moments(change: dict[str, Any]) -> dict[str, datetime | None]:
    return {
        name: datetime.fromisoformat(change[key]) if change[key] else None
        for name, key in (("before", "from"), ("after", "to"))
    }
