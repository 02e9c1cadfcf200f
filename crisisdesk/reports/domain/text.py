"""Words as they stand in a report: escaped, in their own direction, handles and links held
together.

WeasyPrint gives a bare `<bdi>` the direction of its parent, so every direction is written out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from crisisdesk.core.languages import Direction, direction, guess_language

_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_QUOTES = {"en": ("“", "”"), "ar": ("«", "»"), "he": ("”", "“")}
_FITS_ON_A_LINE = 30

# Addresses, handles and codes read left to right wherever they stand, and keep their own digits.
_JOINED = re.compile(
    r"\b(\d{1,2}) (?=[^\W\d_]{3,4}\b)|\b([A-Z]{3}) (?=\d)"
)  # 20 Nov, AED 38,000: not torn apart
_CODES = (
    r"https?://[^\s<>«»“”]+[^\s<>«»“”.,;:!?،؛؟)\]]"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/[^\s<>«»“”]*[^\s<>«»“”.,;:!?،؛؟)\]])?"
    r"|@[A-Za-z0-9_](?:[A-Za-z0-9_.]*[A-Za-z0-9_])?"
    r"|#[A-Za-z][A-Za-z0-9_]*"
    r"|\bCD-\d{4}-\d+\b|\bSEV[1-4]\b|\bUTC(?:[+\u2212-]\d{1,2}(?::\d\d)?)?"
    r"|\+\d[\d \u00a0-]{6,}\d"
)
# Latin names inside right-to-left words; a run may hold digits and single joints, not end with
# them.
_LATIN = r"|[A-Za-z][A-Za-z0-9]*(?:[ \u00a0.'’&+/-]{1,2}[A-Za-z0-9]+(?::\d+)?)*"
_IN_LTR = re.compile(_CODES)
_IN_RTL = re.compile(_CODES + _LATIN)


@dataclass(frozen=True, slots=True)
class Text:
    """Some words, the language they are in, and the language of the report around them.

    Printed in a template, it is safe HTML: words in another language than the report's are isolated
    with their own `lang` and `dir`. `eastern` turns the digits of Arabic words into ١٢٣ (never
    those of handles, links and codes).
    """

    words: str
    language: str
    around: str
    eastern: bool = False

    def __bool__(self) -> bool:
        return bool(self.words.strip())

    @property
    def direction(self) -> Direction:
        return direction(self.language)

    @property
    def is_foreign(self) -> bool:
        return self.language != self.around

    @property
    def block(self) -> SafeString:
        """The words as HTML without a wrapper, for an element that carries `lang` and `dir`
        itself.
        """
        pattern = _IN_RTL if self.direction == "rtl" else _IN_LTR
        parts: list[str] = []
        end = 0
        for found in pattern.finditer(self.words):
            parts.append(self._plain(self.words[end : found.start()]))
            long = ' class="long"' if len(found[0]) > _FITS_ON_A_LINE else ""
            parts.append(f'<bdi dir="ltr"{long}>{escape(found[0])}</bdi>')
            end = found.end()
        parts.append(self._plain(self.words[end:]))
        return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above

    @property
    def plain(self) -> str:
        """The words without markup, for a title or an alternative text."""
        return (
            self.words.translate(_EASTERN) if self.eastern and self.language == "ar" else self.words
        )

    def _plain(self, words: str) -> str:
        if self.eastern and self.language == "ar":
            words = words.translate(_EASTERN)
        return escape(words).replace("\r\n", "\n").replace("\n", "<br>")

    def __str__(self) -> str:
        if not self.is_foreign:
            return self.block
        return mark_safe(  # noqa: S308 - `block` is escaped, language and direction come from closed lists
            f'<bdi lang="{self.language}" dir="{self.direction}">{self.block}</bdi>'
        )

    def with_words(self, words: str) -> Text:
        """Other words of the same language."""
        return replace(self, words=words)

    def in_quotes(self) -> Text:
        """The same words between the quotation marks of their language."""
        before, after = _QUOTES.get(self.language, _QUOTES["en"])
        return replace(self, words=f"{before}{self.words}{after}")

    def shortened(self, most: int) -> Text:
        """The same words, cut at a word's end with an ellipsis where they are longer than `most`
        letters.
        """
        if len(self.words) <= most:
            return self
        return replace(self, words=self.words[:most].rsplit(None, 1)[0].rstrip(",.;:،؛") + "…")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence whose parts may be in different languages: our words, then what somebody typed."""

    parts: tuple[Text, ...]

    def __bool__(self) -> bool:
        return any(self.parts)

    def __str__(self) -> str:
        return mark_safe(" ".join(str(part) for part in self.parts if part))  # noqa: S308 - Text is safe HTML


def written_in(words: Any, around: str, *, eastern: bool = False, language: str = "") -> Text:
    """Return what a person typed as Text; its language is told by its letters when it is not
    known.
    """
    plain = _JOINED.sub(lambda found: f"{found[1] or found[2]}\u00a0", str(words or "").strip())
    return Text(plain, language or guess_language(plain, around), around, eastern)
