"""The whole report as one frozen value, in the order in which it is read."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.core.languages import Direction, direction
from crisisdesk.reports.domain import parts
from crisisdesk.reports.domain.axis import Axis
from crisisdesk.reports.domain.text import Text


@dataclass(frozen=True, slots=True)
class Report:
    """Page one from `head` to `asked`, the full report after it."""

    language: str
    eastern: bool
    head: parts.Head
    verdict: Text
    affected: tuple[parts.AffectedLine, ...]
    first_words: parts.FirstWords | None
    figures: tuple[parts.Figure, ...]
    axis: Axis | None
    could_return: Text
    asked: tuple[parts.Asked, ...]
    decisions: tuple[parts.DecisionEntry, ...]
    statements_note: Text
    statements: tuple[parts.PublishedStatement, ...]
    questions_caption: Text
    questions: tuple[parts.QuestionRow, ...]
    authorities: tuple[parts.AuthorityRow, ...]
    learned: parts.Learned
    actions_caption: Text
    actions: tuple[parts.ActionRow, ...]
    checklist: tuple[parts.ChecklistRow, ...]
    measures: tuple[parts.MeasureRow, ...]
    timeline_caption: Text
    timeline: tuple[parts.TimelineRow, ...]
    proof: parts.Proof | None

    @property
    def direction(self) -> Direction:
        return direction(self.language)
