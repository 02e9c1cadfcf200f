"""The parts that a playbook's content is made of.

Words are mappings from language to text (`item.words["ar"]`). Minutes and days are mappings from
severity to a number; a severity that is left out has no such promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.conditions import Repeat, Start, When

Words = Mapping[str, str]


def no_words() -> Words:
    """Return words that say nothing in every language."""
    return dict.fromkeys(LANGUAGES, "")


@dataclass(frozen=True, slots=True)
class ProvenanceNote:
    """Where something comes from: a document and paragraph, a public source, or our own
    practice.
    """

    origin: str
    document: str = ""
    paragraph: int | None = None
    public: str = ""
    url: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, for copying into an incident."""
        told = {
            "document": self.document,
            "paragraph": self.paragraph,
            "public": self.public,
            "url": self.url,
        }
        return {"origin": self.origin, **{name: value for name, value in told.items() if value}}


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise about time, per severity in minutes or days, and until which status it counts."""

    key: str
    kind: str
    starts_from: str
    minutes: Mapping[str, int]
    days: Mapping[str, int]
    lives_until: str
    role: str
    label: Words
    provenance: ProvenanceNote
    when: When = field(default_factory=When)


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the checklist; `meets` names the kind of clock that ticking it meets, `after` the
    items it waits for.
    """

    key: str
    phase: str
    channel: str | None
    required: bool
    role: str
    minutes: Mapping[str, int]
    meets: str | None
    lesson: str | None
    words: Words
    detail: Words
    provenance: ProvenanceNote
    when: When = field(default_factory=When)
    starts: Start = field(default_factory=Start)
    after: tuple[str, ...] = ()
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class StatementText:
    """Prepared words for one stage; `facts` may be filled into pre-signed words without a new
    approval.
    """

    key: str
    stage: str
    audience: str
    channels: tuple[str, ...]
    lane: str
    facts: tuple[str, ...]
    title: Words
    text: Words
    provenance: ProvenanceNote
    when: When = field(default_factory=When)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A blank in statements: what goes in, what to ask, and what to write when nobody knows ('' =
    must be known).
    """

    name: str
    kind: str
    autofill: str | None
    label: Words
    prompt: Words
    unknown: Words


@dataclass(frozen=True, slots=True)
class Lane:
    """How many approvals a statement of this lane needs, per severity."""

    key: str
    approvals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Who hears of a late promise: at which share of its time, or how many minutes after it was due (one of the two is
    None); by which transports besides their own choice; and until when: "" (till it is met or waived), "acknowledged",
    or a status. `person` is the mail address of the one that `who` "person" names.
    """

    after_percent: int | None
    who: str
    after_minutes: int | None = None
    person: str = ""
    transports: tuple[str, ...] = ()
    until: str = ""
    provenance: ProvenanceNote = field(
        default_factory=lambda: ProvenanceNote("ours", "", None, "", "")
    )


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """When a promise rings: at which shares of its time before it is due, then when it is due, then up the steps, and
    after the last of them every so many percent; after `most` alarms no more. `answer`: how many minutes the lead has
    to answer a request for an update.
    """

    shares: tuple[int, ...] = (50, 80)
    every: int = 25
    most: int = 8
    answer: Mapping[str, int] = field(
        default_factory=lambda: dict.fromkeys(("sev1", "sev2", "sev3", "sev4"), 30)
    )

    def as_data(self) -> dict[str, Any]:
        """Return the rules as an incident keeps them."""
        return {
            "shares": list(self.shares),
            "every": self.every,
            "most": self.most,
            "answer": dict(self.answer),
        }


@dataclass(frozen=True, slots=True)
class AvoidWords:
    """Wording that does harm in this case, and why."""

    words: str
    because: str


@dataclass(frozen=True, slots=True)
class Case:
    """The case the playbook is drawn from, and the document that tells it; both '' without one."""

    name_key: str
    document: str


@dataclass(frozen=True, slots=True)
class ScreeningQuestion:
    """A yes-or-no question whose answer brings or takes away parts of the plan; `unknown` is what
    conditions read until somebody answers, `yes` and `no` the reasons shown on what they bring.
    """

    key: str
    unknown: bool
    ask: Words
    yes: Words
    no: Words
    provenance: ProvenanceNote


@dataclass(frozen=True, slots=True)
class Content:
    """All that one revision says."""

    schema: int
    slug: str
    crisis_type: str
    scct_cluster: str
    case: Case
    default_severity: str
    origin_channel: str
    channels: tuple[str, ...]
    title: Words
    summary: Words
    when_to_use: Words
    not_for: Words
    trap: Words
    first_facts: Mapping[str, tuple[str, ...]]
    severities: Mapping[str, Words]
    clocks: tuple[Clock, ...]
    items: tuple[Item, ...]
    statements: tuple[StatementText, ...]
    placeholders: Mapping[str, Placeholder]
    lanes: tuple[Lane, ...]
    escalation: tuple[EscalationStep, ...]
    avoid: Mapping[str, tuple[AvoidWords, ...]]
    lessons: tuple[str, ...]
    questions: tuple[ScreeningQuestion, ...] = ()
    case_note: Words = field(default_factory=no_words)
    regulators: tuple[str, ...] = ()
    reminders: ReminderRules = field(default_factory=ReminderRules)

    def statement(self, key: str) -> StatementText | None:
        """Return the statement of that key, if the playbook has it."""
        return next((statement for statement in self.statements if statement.key == key), None)

    def statements_for(self, stage: str) -> tuple[StatementText, ...]:
        """Return the statements prepared for a stage."""
        return tuple(statement for statement in self.statements if statement.stage == stage)

    def items_in(self, phase: str) -> tuple[Item, ...]:
        """Return the checklist of one phase, in the order of the file."""
        return tuple(item for item in self.items if item.phase == phase)

    def lane(self, key: str) -> Lane | None:
        """Return the approval lane of that key, if the playbook has it."""
        return next((lane for lane in self.lanes if lane.key == key), None)
