"""Where a lesson rests, in words: never a quotation, always the paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext, ngettext

from playbooks.enums import Provenance

if TYPE_CHECKING:
    from playbooks.models import Lesson


def place_words(place: dict[str, Any]) -> str:
    """Return one place a lesson rests on: a document's title with paragraphs, or the public source."""
    if "document" not in place:
        return str(place["public"])
    title = place["title"]
    numbers = [str(number) for number in place["paragraphs"]]
    words = ngettext(
        "“%(title)s”, paragraph %(numbers)s", "“%(title)s”, paragraphs %(numbers)s", len(numbers)
    )
    return words % {
        "title": title.get((get_language() or "en")[:2]) or title.get("en", ""),
        "numbers": gettext(", ").join(numbers),
    }


def rests_on(lesson: Lesson) -> str:
    """Return every place a lesson rests on, in the language that is active."""
    return gettext("; ").join(place_words(place) for place in lesson.rests_on)


def where_from(lesson: Lesson) -> str:
    """Return in one line what sort of origin a lesson has, and the places it rests on."""
    facts = {"places": rests_on(lesson)}
    if lesson.origin == Provenance.DOCUMENT:
        return gettext("From the document: %(places)s") % facts
    if lesson.origin == Provenance.PUBLIC:
        return gettext("From a public source: %(places)s") % facts
    return gettext("Our practice, learnt from %(places)s") % facts
