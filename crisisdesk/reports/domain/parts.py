"""The parts of a report as frozen values: everything a template prints, already worded, nothing
still to look up.
"""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.reports.domain.text import Line, Text


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above, below and behind every page."""

    brand: Text
    initial: str
    logo: str
    reference: str
    severity: str
    severity_words: Text
    status: Text
    title: Text
    period: Text
    edition: Text
    edition_number: str
    marking: Text
    zone: Text
    hash_start: str
    document_title: str
    is_drill: bool = False


@dataclass(frozen=True, slots=True)
class AffectedLine:
    """Who or what was affected: the number or "not known" in bold, then the rest of the
    sentence.
    """

    strong: Text
    rest: Text


@dataclass(frozen=True, slots=True)
class FirstWords:
    """Our first public words, quoted as published, with place and time."""

    quote: Text
    where: Text


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the six figures: its value in numbers and units, its target, and how it ended."""

    label: Text
    value: tuple[tuple[str, str], ...]
    words: Text
    target: Text
    result: Text
    is_late: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision asked of the reader: what, by when, and what happens without it."""

    number: str
    what: Text
    by: Text


@dataclass(frozen=True, slots=True)
class Side:
    """The note at the inner edge: time, role, kept or late."""

    time: Text
    note: Text
    late: Text


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """A question we had, the choice made, the reason."""

    side: Side
    question: Text
    choice: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class PublishedWords:
    """An exact copy of what was published in one language, with its label in the report's
    language.
    """

    label: Text
    text: Text


@dataclass(frozen=True, slots=True)
class PublishedStatement:
    """One statement as published: its languages in reading order, who approved, where it stood."""

    side: Side
    stage: Text
    words: tuple[PublishedWords, ...]
    proof: Text


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question from outside and the answer given; `answer` says "open" when there is none."""

    question: Text
    asked_by: Text
    times: str
    answer: Text
    at: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """A duty to tell an authority: when it was due, when it was told, how it ended."""

    authority: Text
    due: str
    told: str
    outcome: Text
    is_late: bool
    reason: Text


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson of the library, where it comes from, and how it stood here."""

    lesson: Text
    source: Text
    here: Text


@dataclass(frozen=True, slots=True)
class Learned:
    """What the post-mortem says."""

    summary: Text
    cause_label: Text
    cause: Text
    went_well: tuple[Text, ...]
    went_badly: tuple[Text, ...]
    changes: Text
    could_return: Text
    lessons: tuple[LessonRow, ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A prevention action with the role that owns it."""

    number: str
    action: Text
    owner: Text
    due: Text
    state: Text
    is_open: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """How one phase of the checklist ended."""

    phase: Text
    items: str
    done: str
    on_time: str
    notes: tuple[Text | Line, ...]


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A further measure and how it is counted."""

    label: Text
    value: Text
    target: Text
    method: Text


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One event as a sentence; `day` is set on the first event of a day."""

    number: str
    time: str
    kind: Text
    what: Text | Line
    role: Text
    is_late: bool
    day: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The event the report was built from and the hash that closes the chain there."""

    words: Text
    hash_words: str
