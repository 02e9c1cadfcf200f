"""Pieces that sentences about an incident are made of, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from crisisdesk.core.languages import direction, guess_direction

Data = Mapping[str, Any]


def in_language(words: Any) -> str:
    """Return a text that is kept in every language, in the reader's; a plain text as it is."""
    if not isinstance(words, Mapping):
        return str(words or "")
    language = (get_language() or "en")[:2]
    return str(words.get(language) or words.get("en") or next(iter(words.values()), ""))


def label_of(data: Data) -> str:
    """The name of what it is about."""
    return one_piece(in_language(data.get("label")))


def one_piece(words: str) -> str:
    """Return words that stand as one piece in a sentence of the reader's language, whatever their own direction."""
    around = direction(get_language() or "en")
    return words if guess_direction(words, around) == around else f"\u2068{words}\u2069"


def name_of(data: Data, key: str = "name") -> str:
    """Who it is about, as the reader's language writes them; older records keep one spelling only."""
    return one_piece(in_language(data.get(key)))
