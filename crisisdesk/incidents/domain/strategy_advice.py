"""What line a situation calls for, by situational crisis communication theory: pure rules, advice and never a block.

The more blame people lay on us, the more the answer has to repair; a similar crisis before and a bad reputation each
raise the threat by one step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisisdesk.incidents.enums import Line

if TYPE_CHECKING:
    from collections.abc import Collection

BLAME = ("victim", "accidental", "preventable")  # from little blame to all of it
LEVELS = range(1, 6)
WEIGHT = {Line.DENY: 0, Line.INFORM: 1, Line.DIMINISH: 2, Line.REBUILD: 3}


@dataclass(frozen=True, slots=True)
class Situation:
    """Three plain answers, and whether it is a rumour that our evidence can disprove."""

    cluster: str
    had_similar: bool = False
    bad_reputation: bool = False
    proven_rumour: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A public source that a part of the advice rests on."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Advice:
    """The threat from 1 to 5, the line it calls for, and the codes of the reasons in their order."""

    level: int
    recommended: Line
    reasons: tuple[str, ...]


THEORY = Source(
    "Coombs 2007, Situational crisis communication theory (Wikipedia)",
    "https://en.wikipedia.org/wiki/Situational_crisis_communication_theory",
)
THUNDER = Source(
    "Arpan, Roskos-Ewoldsen 2005, Stealing thunder",
    "https://daneshyari.com/en/article/10256080",
)
SYMPATHY = Source(
    "DiStaso 2015, hospital study (StudyDaddy copy)",
    "https://studydaddy.com/attachment/44624/000y0mfqlx.pdf",
)
SOURCES = {
    "tell_first": THUNDER,
    "told_first": THUNDER,
    "more_than_sympathy": SYMPATHY,
}


def advise(situation: Situation) -> Advice:
    """Return the threat and the line for a situation; a rumour that can be disproved is the one case for denying."""
    level = 1 + BLAME.index(situation.cluster)
    reasons = [f"blame_{situation.cluster}"]
    for holds, code in (
        (situation.had_similar, "had_similar"),
        (situation.bad_reputation, "bad_reputation"),
    ):
        if holds:
            level += 1
            reasons.append(code)
    if situation.cluster == "victim" and situation.proven_rumour:
        return Advice(level, Line.DENY, (*reasons, "proven_rumour"))
    recommended = Line.INFORM if level == 1 else Line.DIMINISH if level == 2 else Line.REBUILD
    return Advice(level, recommended, tuple(reasons))


def warnings(situation: Situation, lines: Collection[str]) -> tuple[str, ...]:
    """Return what speaks against the chosen lines: too little for the threat, denying what cannot be disproved, or
    denying and making amends at once.
    """
    if not lines:
        return ()
    advice = advise(situation)
    found = []
    if max(WEIGHT[Line(line)] for line in lines) < WEIGHT[advice.recommended]:
        found.append("below_recommended")
    if Line.DENY in lines and advice.recommended != Line.DENY:
        found.append("denies_without_evidence")
    if Line.DENY in lines and Line.REBUILD in lines:
        found.append("denies_and_rebuilds")
    return tuple(found)


def hints(*, self_disclosed: bool, is_public: bool) -> tuple[str, ...]:
    """Return what holds for every line, in order: safety first, who tells it first, more than sympathy."""
    first = "told_first" if self_disclosed else "" if is_public else "tell_first"
    return tuple(code for code in ("safety_first", first, "more_than_sympathy") if code)


def source_of(code: str) -> Source:
    """Return the public source that a reason, warning or hint rests on."""
    return SOURCES.get(code, THEORY)
