"""What a person saw, taken apart: the words are the title, the first link is the thread it started in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_TITLE = 200
_LINK = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
# What a sentence puts around a link, and what is left hanging where the link was.
_BEHIND = ".,;:!?)]}\"'»”؛،؟…"
_HANGING = " :؛،,–—-|()[]«»“”"
# What joins two links, and what merely points at one: alone they are no title.
_JOINT = r"\s*(?:[,،;؛&+/]|\band\b|\bor\b|و|ו[־-]?|וגם)?\s*"
_POINTING = {
    "see", "look", "at", "here", "this", "these", "both", "and", "also", "or", "please", "check",
    "fyi", "link", "links", "post", "posts",
    "انظر", "انظروا", "شاهد", "شاهدوا", "هنا", "هذا", "هذه", "هذان", "رابط", "الرابط", "روابط",
    "منشور", "و", "أو", "إلى", "في",
    "ראו", "תראו", "ראה", "כאן", "הנה", "זה", "זאת", "אלה", "את", "גם", "או", "קישור", "קישורים",
    "פוסט", "בבקשה", "ו",
}  # fmt: skip
# Hosts whose first step in the path is an account, and the steps that only look like one.
_ACCOUNTS = {"x.com", "twitter.com", "instagram.com", "facebook.com", "tiktok.com", "threads.net"}
_NO_ACCOUNT = {
    "explore", "events", "groups", "hashtag", "home", "i", "intent", "p", "pages", "permalink.php",
    "photo", "photo.php", "posts", "profile.php", "reel", "reels", "search", "share", "status",
    "stories", "story.php", "tv", "video", "watch",
}  # fmt: skip
_GAP = "\0"  # where a link was
_HANDLE = re.compile(r"@?[\w.]{2,40}")


@dataclass(frozen=True)
class Sighting:
    """One line about an incident: what to call it, and the links that came with it, the first one first."""

    title: str
    links: tuple[str, ...]


def take_apart(seen: str) -> Sighting:
    """Return title and links of what was typed or pasted; without other words the account or the host is the title."""
    links = tuple(dict.fromkeys(found.rstrip(_BEHIND) for found in _LINK.findall(seen)))
    words = " ".join(seen.split())
    for link in sorted(links, key=len, reverse=True):  # one may begin like another
        words = words.replace(link, _GAP)
    words = re.sub(f"{_GAP}(?:{_JOINT}{_GAP})+", _GAP, words)
    while _GAP in words:
        before, _, after = words.partition(_GAP)
        parts = (before.rstrip(_HANGING), after.strip(_HANGING + "."))
        words = " ".join(part for part in parts if part)
    if links and all(word.strip(_HANGING + _BEHIND).lower() in _POINTING for word in words.split()):
        words = _named_by(links[0])
    return Sighting(words[:LONGEST_TITLE], links)


def _named_by(link: str) -> str:
    """Return the account that the link names, with its host, or the host alone."""
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
    first = parts.path.strip("/").partition("/")[0]
    known = first.startswith("@") or (host in _ACCOUNTS and first.lower() not in _NO_ACCOUNT)
    if known and _HANDLE.fullmatch(first):
        return f"@{first.removeprefix('@')}, {host}"
    return host or link
