"""Filters of the shelf's pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import get_language, gettext, ngettext, override

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.core.words import word
from crisisdesk.web.views.shelf.parts import KEYED, PARTS
from crisisdesk.web.views.shelf.reading import Read, counted_from
from playbooks.domain import citing, fault_words
from playbooks.domain.content import Clock
from playbooks.domain.lesson_book import LessonBook
from playbooks.domain.yaml_files import Fault
from playbooks.enums import NoLesson

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


register.filter("counted_from", counted_from)


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
register.filter("place_words", citing.place_words)
_FINDS = {
    "item": LessonBook.of_item,
    "clock": LessonBook.of_clock,
    "gate": LessonBook.of_gate,
    "behaviour": LessonBook.of_behaviour,
}


@register.inclusion_tag("web/lessons/why.html")
def why(book: LessonBook, what: str, key: str, at: object = "") -> dict[str, Any]:
    """`{% why book "clock" clock.kind clock.key %}`: the lessons behind a thing, shown on hover, focus and paper;
    nothing where there is none. `at` tells two of the same kind on one page apart."""
    return {"lessons": _FINDS[what](book, key), "id": f"why-{what}-{key}-{at}".strip("-")}


@register.filter
def no_lesson(reason: str) -> str:
    """Why a note of an article became no lesson."""
    return str(NoLesson(reason).label) if reason in NoLesson.values else ""


@register.filter
def as_json(value: Any) -> str:
    """The value as a form sends it back."""
    return json.dumps(value)


@register.filter
def listed_words(value: Any) -> str:
    """A place's value in one line: several with commas, nothing as a dash."""
    if isinstance(value, list):
        return gettext(", ").join(str(part) for part in value) or "–"
    return str(value) or "–"


@register.filter
def draft_title(content: Mapping[str, Any]) -> str:
    """The draft's title in the reader's language, else in any, else its address."""
    languages = ((get_language() or "en")[:2], *LANGUAGES)
    titles = (str((content["words"].get(code) or {}).get("title") or "") for code in languages)
    return next((title for title in titles if title), str(content.get("slug", "")))


@register.filter
def fault_way(fault: Fault) -> str:
    """The query that opens the editor where a fault can be mended."""
    parts = fault.key.split(".")
    homes = {
        "first_facts": "first",
        "severities": "first",
        "lanes": "approval",
        "escalation": "approval",
        "reminders": "approval",
    }
    part = homes.get(parts[0], parts[0] if parts[0] in PARTS else "about")
    row = parts[1] if part in KEYED and len(parts) > 1 else ""
    return f"?part={part}&row={row}" if row else f"?part={part}"


@register.filter
def approval_word(kind: str) -> str:
    """What a row of the approval part is."""
    return gettext("Lane") if kind == "lanes" else gettext("Step")


@register.simple_tag
def word_in(language: str, value: str, group: str) -> str:
    """A stored value's word in one language, for what is shown as readers of that language will see it."""
    with override(language):
        return word(group, value)


@register.simple_tag
def required_in(language: str) -> str:
    """The mark of a required item in one language."""
    with override(language):
        return gettext("required")


@register.filter
def plan_counts(rows: Sequence[Read]) -> str:
    """How many items a phase has, and how many of them depend on the case."""
    total = ngettext("%(count)s item", "%(count)s items", len(rows)) % {"count": len(rows)}
    moving = sum(row.is_conditional for row in rows)
    if not moving:
        return total
    some = ngettext("%(count)s depends on the case", "%(count)s depend on the case", moving)
    return f"{total} · {some % {'count': moving}}"
