"""Blanks in prepared words: `{name}` in a text, the values that fill it, and the proof that nothing
else changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# A fact is a time, a link, a name. What is longer is new wording and has to be approved.
LONGEST_FACT = 200
# A text that can be read in more ways than this is not taken for its template: approval then goes
# the normal way.
MOST_STEPS = 20_000
_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its known values put in, and the names that still stand open, in order of
    appearance.
    """

    text: str
    missing: tuple[str, ...]


def names(text: str) -> list[str]:
    """Return the placeholder names of the text in order of appearance, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def stray_braces(text: str) -> list[str]:
    """Return pieces that look like a placeholder and are none: `{Name}`, `{ name }`, a lone
    brace.
    """
    return re.findall(r"\{[^{}\n]{0,60}\}?|\}", PLACEHOLDER.sub("", text))


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Return the text with every given value put in; a blank value counts as not given and its name
    stays.

    Values are put in once and never read again, so a value that contains braces cannot pull in
    another value.
    """
    missing: dict[str, None] = {}

    def put(match: re.Match[str]) -> str:
        value = values.get(match[1], "")
        if value.strip():
            return value
        missing[match[1]] = None
        return match[0]

    return Filled(PLACEHOLDER.sub(put, text), tuple(missing))


def any_fact(name: str, value: str) -> bool:
    """Accept whatever `matches_template` itself lets through."""
    return True


def matches_template(
    template: str,
    text: str,
    allowed: Collection[str],
    *,
    accepts: Callable[[str, str], bool] = any_fact,
) -> bool:
    """Return whether the text is the template with nothing but the allowed placeholders
    substituted.

    A value has 1 to LONGEST_FACT characters, no line break, no brace and no blank at its ends; the
    same name has the same value everywhere; `accepts(name, value)` may narrow it further. A
    placeholder that is not allowed has to stand in the text unfilled. The work is bounded: a text
    too ambiguous to decide is refused.
    """
    parts = PLACEHOLDER.split(template)
    literals, blanks = [parts[0]], []
    for name, literal in zip(parts[1::2], parts[2::2], strict=True):
        if name in allowed:
            blanks.append(name)
            literals.append(literal)
        else:
            literals[-1] += "{" + name + "}" + literal
    if not text.startswith(literals[0]):
        return False
    return _Reading(text, literals, blanks, accepts).fits(0, len(literals[0]), {})


class _Reading:
    """A search for the values that turn the template into the text; gives up after MOST_STEPS."""

    def __init__(
        self, text: str, literals: list[str], blanks: list[str], accepts: Callable[[str, str], bool]
    ) -> None:
        self.text = text
        self.literals = literals
        self.blanks = blanks
        self.accepts = accepts
        self.repeated = {name for name in blanks if blanks.count(name) > 1}
        self.dead: set[tuple[int, int, tuple[tuple[str, str], ...]]] = set()
        self.steps = 0

    def fits(self, index: int, start: int, known: dict[str, str]) -> bool:
        """Return whether the rest of the text, from `start`, can be read from blank number `index`
        on.
        """
        if index == len(self.blanks):
            return start == len(self.text)
        state = (index, start, tuple(sorted(known.items())))
        if state in self.dead:
            return False
        name, literal = self.blanks[index], self.literals[index + 1]
        for end in self._ends(index, start, literal):
            self.steps += 1
            if self.steps > MOST_STEPS:
                return False
            value = self.text[start:end]
            if (
                value != value.strip()
                or known.get(name, value) != value
                or not self.accepts(name, value)
            ):
                continue
            told = {**known, name: value} if name in self.repeated else known
            if self.fits(index + 1, end + len(literal), told):
                return True
        self.dead.add(state)
        return False

    def _ends(self, index: int, start: int, literal: str) -> list[int]:
        """Return where the value that begins at `start` may end: before the literal, within one
        line.
        """
        last = index == len(self.blanks) - 1
        ends = []
        for end in range(start + 1, min(len(self.text), start + LONGEST_FACT) + 1):
            if self.text[end - 1] in _LINE_BREAKS or self.text[end - 1] in "{}":
                break
            if self.text.startswith(literal, end) and (
                not last or end + len(literal) == len(self.text)
            ):
                ends.append(end)
        return ends
