"""Filters for pages about words: where they stand, what was filled in, where they go.

Load with `{% load words %}`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from crisisdesk.core import formats
from crisisdesk.core.words import REVISION_SHAPES, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

register = template.Library()

_SHAPES = {"posted": "full", "not_needed": "none", "to_follow": "part"}


@register.filter
def state_shape(state: str) -> str:
    """The shape beside a state's word: filled is out or approved, a dashed ring waits."""
    return _SHAPES.get(state) or REVISION_SHAPES.get(state, "")


@register.filter
def state_word(state: str) -> str:
    """The word for where words stand."""
    if state == "posted":
        return word("publication", "published")
    if state == "empty":
        return pgettext("words", "Not written")
    if state in ("not_needed", "to_follow"):
        return word("plan", state)
    return word("revision", state)


@register.filter
def marked(text: str, values: Iterable[str]) -> SafeString:
    """The words, escaped and isolated, with what was filled in marked."""
    wanted = [re.escape(value) for value in values if len(value) > 1]
    if not wanted:
        return formats.isolate(text)
    parts = re.split(rf"(?<!\w)({'|'.join(wanted)})(?!\w)", text)
    shown = [
        f"<mark>{formats.isolate(part)}</mark>" if number % 2 else str(formats.isolate(part))
        for number, part in enumerate(parts)
    ]
    return mark_safe("".join(shown))  # noqa: S308 - isolate() escapes every part


@register.filter
def with_gaps(text: str) -> SafeString:
    """The words, escaped and isolated, with open gaps standing out."""
    parts = re.split(r"(\{[a-z][a-z0-9_]*\})", text)
    shown = [
        f'<b class="late-word">{formats.isolate(part)}</b>' if number % 2 else formats.isolate(part)
        for number, part in enumerate(parts)
    ]
    return mark_safe("".join(shown))  # noqa: S308 - isolate() escapes every part


@register.filter
def of_language(words: Mapping[str, str], language: str = "") -> str:
    """Stored words in the page's language, or in English."""
    code = language or get_language() or "en"
    return str(words.get(code) or words.get("en") or next(iter(words.values()), ""))


@register.filter
def listed(things: Iterable[Any]) -> str:
    """Names of channels, one after the other, in the page's language."""
    names = [
        thing.name_in(get_language() or "en") if hasattr(thing, "name_in") else str(thing)
        for thing in things
    ]
    return gettext(", ").join(names)


@register.filter
def who(person: Any) -> SafeString:
    """A person's name, isolated: it may be in another script than the sentence."""
    if person is None:
        return SafeString("")
    return format_html("<bdi>{}</bdi>", person.name_in(get_language() or "en"))


@register.filter
def is_in(thing: Any, things: Any) -> bool:
    """Whether the thing is one of these."""
    return thing in things


@register.filter
def channel_name(key: str, channels: Iterable[Any]) -> str:
    """The name of a channel by its key in the page's language, or the key."""
    found = next((channel for channel in channels if channel.key == key), None)
    return found.name_in(get_language() or "en") if found else key


@register.filter
def channel_names(keys: Iterable[str], channels: Iterable[Any]) -> str:
    """The names of channels by their keys, one after the other."""
    known = list(channels)
    return listed(channel_name(key, known) for key in keys)


@register.filter
def override_open(revision_id: int, words: Any) -> bool:
    """Whether the review of an override of this text is still due."""
    return words.clock_of("override", revision_id) is not None
