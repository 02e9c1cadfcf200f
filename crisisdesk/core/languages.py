"""Languages of the desk: their names, their direction, and one normal form for search."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Direction = Literal["ltr", "rtl"]

LANGUAGES = ("en", "ar", "he")
CHOICES = [("en", "English"), ("ar", "العربية"), ("he", "עברית")]
NAMES = dict(CHOICES)
RTL = frozenset({"ar", "he"})

_NOT_PROSE = re.compile(
    r"(?:https?://|www\.)\S+|[@#][\w.]+|\S+@\S+\.\S+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.UNICODE
)
_LTR_CLASSES = frozenset({"L"})
_RTL_CLASSES = frozenset({"R", "AL"})


def direction(language: str) -> Direction:
    """Return the direction in which the language is written."""
    return "rtl" if language[:2] in RTL else "ltr"


def guess_direction(text: str, fallback: Direction = "ltr") -> Direction:
    """Return the direction of the majority of strong letters; handles, links and addresses do not count.

    A tie or a text without letters takes the fallback (the page's direction).
    """
    left = right = 0
    for letter in _NOT_PROSE.sub(" ", text):
        kind = unicodedata.bidirectional(letter)
        left += kind in _LTR_CLASSES
        right += kind in _RTL_CLASSES
    if left == right:
        return fallback
    return "rtl" if right > left else "ltr"


def guess_language(text: str, fallback: str = "en") -> str:
    """Return the language whose script most letters of the text belong to."""
    prose = _NOT_PROSE.sub(" ", text)
    counts = {
        "ar": len(re.findall(r"[\u0620-\u064a\u0671-\u06d3]", prose)),
        "he": len(re.findall(r"[\u05d0-\u05ea]", prose)),
        "en": len(re.findall(r"[A-Za-z]", prose)),
    }
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] else fallback


_FOLDS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ء": "", "ـ": "",
        "ک": "ك", "ی": "ي", "ۀ": "ه", "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
        "׳": "", "״": "", "'": "", '"': "", "’": "", "‘": "", "“": "", "”": "", "`": "", "־": " ", "-": " ",
    }
)  # fmt: skip
_MARKS = frozenset({"Mn", "Cf"})


def fold(text: str) -> str:
    """Return the form in which text is stored for and compared in search.

    Case, hamza and alef forms, ى/ي, ة/ه, tatweel, tashkeel, niqqud, geresh and gershayim, final letters and all
    digit sets fall together; punctuation becomes a space.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", plain)
        if unicodedata.category(letter) not in _MARKS
    )
    # NFD splits hamza off its seat: the marks are gone now and the seats are folded.
    plain = unicodedata.normalize("NFC", plain).translate(_FOLDS)
    plain = "".join(
        str(unicodedata.digit(letter))
        if letter.isdigit() and unicodedata.digit(letter, None) is not None
        else letter
        for letter in plain
    )
    return " ".join(re.sub(r"[^\w@#]+", " ", plain).split())


_CLITICS = {
    "ar": ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل"),
    "he": ("וה", "שה", "ה", "ו", "ב", "ל", "מ", "ש", "כ"),
}


def search_forms(query: str) -> list[list[str]]:
    """Return, for each word typed, the folded forms to look for: the word and the word without a leading clitic.

    Clitics are cut only where three letters remain, so that short words are not torn apart.
    """
    forms = []
    for word in fold(query).split():
        options = [word]
        for clitics in _CLITICS.values():
            for clitic in clitics:
                rest = word.removeprefix(fold(clitic))
                if rest != word and len(rest) >= 3 and rest not in options:
                    options.append(rest)
        forms.append(options)
    return forms
