"""What a chat is answered: a title, a few rows with a link or a button, a hint. Only the person who asked sees it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.utils.translation import get_language

from crisisdesk.core import languages
from crisisdesk.notifications.rules import bidi


@dataclass(frozen=True)
class Press:
    """A button: its word, what it does, and to what."""

    label: str
    act: str
    value: str


@dataclass(frozen=True)
class Row:
    """One line, with where it leads and what can be pressed."""

    text: str
    link: str = ""
    press: Press | None = None


@dataclass(frozen=True)
class Reply:
    """The whole answer, in the person's language."""

    title: str
    rows: tuple[Row, ...] = ()
    hint: str = ""
    link: str = ""

    def kept(self) -> dict[str, Any]:
        """Return the answer as it is kept for a repeat."""
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Return the answer that was kept."""
        rows = tuple(
            Row(row["text"], row["link"], Press(**row["press"]) if row["press"] else None)
            for row in kept["rows"]
        )
        return cls(kept["title"], rows, kept["hint"], kept["link"])


def line(text: str) -> str:
    """Return the text in the direction of the language that is spoken: a chat knows no `dir`."""
    language = get_language() or "en"
    mark = bidi.RLM if languages.direction(language) == "rtl" else ""
    return "\n".join(mark + bidi.plain(part, language) for part in text.splitlines())
