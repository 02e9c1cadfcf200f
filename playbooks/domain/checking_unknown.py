"""How a statement reads once its gaps hold the words for "not known": doubled signs, doubled labels,
broken joins.

Nobody reads these fillings while writing, and they are posted as they stand in the worst hour. All
of it is a warning: what reads wrong in one language may be meant in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from crisisdesk.core.placeholders import PLACEHOLDER
from playbooks.domain.shelf_files import Folder
from playbooks.enums import PlaceholderKind

_ENDS = ".!?؟…"
_GOES_ON = ".,;:!?؟،؛"
_QUOTES = "”»״\"'"
# What stands between the last sentence, line or other label and the colon before a gap.
_LABEL = re.compile(r"([^.!?؟;؛:\n“«״}]*):\s*$")
_WORD = re.compile(r"\w+")
# These hold Latin letters or digits in every language; a particle cannot be joined to them.
_NEVER_JOINED = frozenset(
    {
        PlaceholderKind.HANDLE,
        PlaceholderKind.LINK,
        PlaceholderKind.TIME,
        PlaceholderKind.NUMBER,
        PlaceholderKind.CHANNEL,
    }
)


def check_unknown(folder: Folder) -> None:
    """Note every gap of a statement that reads wrong once the words for "not known" stand in it."""
    for document in folder.words.values():
        blanks, texts = document.at("placeholders"), document.at("statements")
        if not isinstance(blanks, dict) or not isinstance(texts, dict):
            continue
        unknown = {
            str(name): row["unknown"].strip()
            for name, row in blanks.items()
            if isinstance(row, dict) and isinstance(row.get("unknown"), str)
        }
        for key, row in texts.items():
            text = row.get("text") if isinstance(row, dict) else None
            for name, code, message in found_in(text, unknown, _kinds(folder)):
                document.fault(
                    ("statements", str(key), "text"), code, f"{{{name}}} {message}", is_warning=True
                )


def found_in(
    text: object, unknown: Mapping[str, str], kinds: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield for each faulty gap of the text its name, the code of the fault and what it is."""
    for gap in PLACEHOLDER.finditer(text) if isinstance(text, str) else ():
        name, words = gap[1], unknown.get(gap[1], "")
        before, after = gap.string[: gap.start()], gap.string[gap.end() :]
        if before[-1:].isalpha() and (words or kinds.get(name) in _NEVER_JOINED):
            yield name, "unknown_joined", "is joined to the word before it"
        if not words:
            continue
        is_sentence = words.rstrip(_QUOTES)[-1:] in _ENDS
        if is_sentence and after[:1] and after[0] in _GOES_ON:
            yield name, "unknown_doubled_sign", f"reads “{words[-8:]}{after[0]}” if it is not known"
        elif is_sentence and after[:1] == " " and after[1].islower():
            yield name, "unknown_mid_sentence", "ends a sentence that goes on after it"
        elif not is_sentence and after[:1] == " " and (after[1] == "{" or after[1].isupper()):
            yield name, "unknown_no_end", "has no full stop, and the next sentence follows"
        if words[0].islower() and _begins_sentence(before, unknown):
            yield name, "unknown_small_letter", "begins a sentence with a small letter"
        if _says_twice(before, words):
            yield name, "unknown_twice", f"says its label twice if it is not known: “{words}”"


def _kinds(folder: Folder) -> dict[str, str]:
    found = folder.structure.at("placeholders")
    rows = found.items() if isinstance(found, dict) else ()
    return {str(name): str(row.get("kind")) for name, row in rows if isinstance(row, dict)}


def _begins_sentence(before: str, unknown: Mapping[str, str]) -> bool:
    rest = before.rstrip(" ")
    if not rest or rest.endswith("\n"):
        return True
    if last := re.search(r"\{([a-z][a-z0-9_]*)\}$", rest):
        return unknown.get(last[1], "").rstrip(_QUOTES)[-1:] in tuple(_ENDS)
    return rest.rstrip(_QUOTES)[-1] in _ENDS


def _says_twice(before: str, words: str) -> bool:
    """Return whether the label's words stand in the words as they are, or both begin alike."""
    label = _LABEL.search(before)
    named = _WORD.findall(label[1].casefold()) if label else []
    said = _WORD.findall(words.casefold())
    if len(named) < 2:  # "Cause: The cause is not confirmed" is short enough to pass
        return False
    return named[:2] == said[:2] or any(
        said[start : start + len(named)] == named for start in range(len(said))
    )
