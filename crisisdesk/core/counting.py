"""How long a text is, as each channel counts it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

RULES = ("plain", "graphemes", "x_weighted", "utf16", "sms_segments")
X_LINK_LENGTH = 23
# twitter-text configuration v3: these code points weigh one, all others two.
X_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
GSM_ALONE, GSM_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67

_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")

_CLUSTER = regex.compile(r"\X")
# An emoji as twitter-text counts it: by default drawn as a picture, or asked for with U+FE0F, a
# keycap or a flag.
_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})"
    r"|[#*0-9]\uFE0F?\u20E3|\p{Regional_Indicator}"
)
_LINK = regex.compile(
    r"""(?<![\w@\#$.\-/])
    (?:
        https?://[\w\-]+(?:\.[\w\-]+)+(?::\d+)?
      | (?:[a-z0-9\-]+\.)+
        (?:com|org|net|info|biz|edu|gov|int|io|co|app|dev|shop|store|online|site|news|me|tv|ly)
        (?![\w\-]|\.[a-z0-9])(?::\d+)?
      | (?:[a-z0-9\-]+\.)+[a-z]{2}(?=/)
    )
    (?:[/?\#][a-z0-9\-._~:/?\#\[\]@!$&'()*+,;=%]*[a-z0-9\-_~/=\#&+])?/?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Count:
    """What a text takes: units used, units allowed (None: no limit known), parts where a channel
    splits a message.
    """

    used: int
    limit: int | None = None
    segments: int | None = None

    @property
    def left(self) -> int | None:
        """Return how many units remain; negative when the text is too long."""
        return None if self.limit is None else self.limit - self.used

    @property
    def is_over(self) -> bool:
        """Return whether the text does not fit."""
        return self.limit is not None and self.used > self.limit


def count(
    text: str, rule: str, link_length: int | None = None, *, limit: int | None = None
) -> Count:
    """Return the length of the text under one of RULES.

    `link_length` is what any link counts for, whatever its length (X: 23 unless told otherwise).
    For `sms_segments` the limit is a number of parts: `used` is in characters of the alphabet that
    the text needs, `limit` is what that many parts hold of them (the parts in use, when no limit is
    given), `segments` is how many parts are in use.
    """
    if rule == "sms_segments":
        return _sms(text, limit)
    if rule == "x_weighted":
        text = unicodedata.normalize("NFC", text)
        link_length = link_length or X_LINK_LENGTH
    measure = {"plain": len, "graphemes": graphemes, "x_weighted": _x_weight, "utf16": utf16}.get(
        rule
    )
    if measure is None:
        raise ValueError(f"unknown counting rule {rule!r}")
    if not link_length:
        return Count(measure(text), limit)
    rest, links = _LINK.subn("\n", text)
    # Each link left one line break behind, so that its neighbours do not join into one sign; it
    # weighs one.
    return Count(measure(rest) + links * (link_length - 1), limit)


def graphemes(text: str) -> int:
    """Return how many signs a reader sees: a letter with its vowel marks is one, so is a family
    emoji.
    """
    return len(_CLUSTER.findall(text))


def utf16(text: str) -> int:
    """Return the length in UTF-16 units, as JavaScript and the Meta applications count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _x_weight(text: str) -> int:
    total = 0
    for cluster in _CLUSTER.findall(text):
        emoji = _EMOJI.search(cluster)
        total += 2 if emoji else sum(_x_letter(ord(letter)) for letter in cluster)
    return total


def _x_letter(code: int) -> int:
    return 1 if any(low <= code <= high for low, high in X_LIGHT) else 2


def _sms(text: str, limit: int | None) -> Count:
    """Units never straddle a part: an escaped GSM sign or a surrogate pair moves to the next one
    whole.
    """
    if all(letter in _GSM_BASIC or letter in _GSM_EXTENDED for letter in text):
        sizes, alone, part = [1 + (letter in _GSM_EXTENDED) for letter in text], GSM_ALONE, GSM_PART
    else:
        sizes, alone, part = [1 + (ord(letter) > 0xFFFF) for letter in text], UCS2_ALONE, UCS2_PART
    used = sum(sizes)
    segments = min(used, 1) if used <= alone else _parts(sizes, part)
    allowed = segments if limit is None else limit
    return Count(used, alone if allowed <= 1 else allowed * part, segments)


def _parts(sizes: list[int], part: int) -> int:
    parts, room = 1, part
    for size in sizes:
        if size > room:
            parts, room = parts + 1, part
        room -= size
    return parts
