"""Handles, links and references keep their own direction inside Arabic and Hebrew sentences."""

from __future__ import annotations

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from crisisdesk.core import languages

LRI, RLI, FSI, PDI, RLM = "\u2066", "\u2067", "\u2068", "\u2069", "\u200f"
_MARKS = {"ltr": LRI, "rtl": RLI}
_DIRECTIONS = {LRI: "ltr", RLI: "rtl"}

# What reads from left to right wherever it stands: links, addresses, handles, tags, references,
# severities, telephones.
_FOREIGN = (
    r"https?://[^\s<>\"\u2066-\u2069]*[^\s<>\".,;:!?()\u060c\u061b\u061f\u2066-\u2069]"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[@#][A-Za-z0-9_][A-Za-z0-9_.]*(?<!\.)"
    r"|\b[A-Z]{2,}-\d{4}-\d+\b|\bSEV[1-4]\b"
    r"|\+\d[\d ()-]{5,}\d"
)
_PARTS = re.compile(
    rf"(?P<mark>[{LRI}{RLI}{FSI}])(?P<inside>[^\u2066-\u2069]*){PDI}|(?P<foreign>{_FOREIGN})"
)


def isolate(text: str, direction: str = "") -> str:
    """Return the text between isolates, so that its neighbours cannot be reordered; without a
    direction it finds its own.
    """
    return f"{_MARKS.get(direction, FSI)}{text}{PDI}"


def plain(text: str, language: str) -> str:
    """Return the text for subject or plain mail: what is foreign to a right-to-left sentence stands
    between isolates.
    """
    if languages.direction(language) == "ltr":
        return text
    return _PARTS.sub(
        lambda part: isolate(part["foreign"], "ltr") if part["foreign"] else part[0], text
    )


def rich(text: str, language: str) -> SafeString:
    """Return the text for HTML mail: escaped, with an explicit `dir` where the direction changes.

    Outlook knows neither `bdi` nor the isolates, but obeys `dir` on a span.
    """
    pieces: list[str] = []
    end = 0
    for part in _PARTS.finditer(text):
        words, direction = part["foreign"], "ltr"
        if words is None:
            words = part["inside"]
            direction = _DIRECTIONS.get(part["mark"]) or languages.guess_direction(
                words, languages.direction(language)
            )
        pieces.append(escape(text[end : part.start()]))
        if direction == languages.direction(language):
            pieces.append(escape(words))
        else:
            pieces.append(f'<span dir="{direction}">{escape(words)}</span>')
        end = part.end()
    pieces.append(escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above
