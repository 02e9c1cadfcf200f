"""The line taken in public: what is advised, and what was chosen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from crisisdesk.api.shapes.people import Person, people, person
from crisisdesk.core.words import word
from crisisdesk.incidents.domain.strategy_advice import advise, source_of, warnings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crisisdesk.incidents.domain.strategy_advice import Situation
    from crisisdesk.incidents.models import LineChoice


class AdviceReason(TypedDict):
    """One part of the advice: its code, its words in the asker's language, and where it comes from."""

    code: str
    words: str
    source: str
    url: str


class LineChoiceShape(TypedDict):
    """A line that was taken: the answers, what was advised, what spoke against it, and the decision."""

    id: int
    decision: int
    cluster: str
    had_similar: bool
    bad_reputation: bool
    proven_rumour: bool
    level: int
    recommended: str
    lines: list[str]
    warnings: list[str]
    reason: str
    decided_by: Person | None
    decided_at: datetime


class AdviceShape(TypedDict):
    """The answers that were used, the threat from 1 to 5, the line it calls for, and why."""

    cluster: str
    had_similar: bool
    bad_reputation: bool
    proven_rumour: bool
    level: int
    recommended: str
    reasons: list[AdviceReason]
    warnings: list[AdviceReason]
    hints: list[AdviceReason]
    choices: list[LineChoiceShape]


def advice(
    situation: Situation,
    *,
    lines: Sequence[str],
    hints: Iterable[str],
    choices: Sequence[LineChoice],
) -> AdviceShape:
    """Return the advice for these answers, what speaks against the lines asked about, and the choices so far."""
    found = advise(situation)
    return {
        "cluster": situation.cluster,
        "had_similar": situation.had_similar,
        "bad_reputation": situation.bad_reputation,
        "proven_rumour": situation.proven_rumour,
        "level": found.level,
        "recommended": found.recommended,
        "reasons": [_reason(code) for code in found.reasons],
        "warnings": [_reason(code) for code in warnings(situation, lines)],
        "hints": [_reason(code) for code in hints],
        "choices": line_choices(choices),
    }


def _reason(code: str) -> AdviceReason:
    source = source_of(code)
    return {
        "code": code,
        "words": word("advice", code),
        "source": source.name,
        "url": source.url,
    }


def line_choices(rows: Sequence[LineChoice]) -> list[LineChoiceShape]:
    """Return these choices; their decisions must be read ahead."""
    names = people([row.decision for row in rows], "decided_by")
    return [
        {
            "id": row.pk,
            "decision": row.decision_id,
            "cluster": row.cluster,
            "had_similar": row.had_similar,
            "bad_reputation": row.bad_reputation,
            "proven_rumour": row.proven_rumour,
            "level": row.level,
            "recommended": row.recommended,
            "lines": row.lines,
            "warnings": row.warnings,
            "reason": row.decision.reason,
            "decided_by": person(names, row.decision.decided_by_id),
            "decided_at": row.decision.decided_at,
        }
        for row in rows
    ]
