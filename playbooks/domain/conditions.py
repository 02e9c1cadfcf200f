"""When a part of a plan is needed and why, what its minutes count from, and how often it comes
back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class When:
    """A condition: all that is named must hold, and of a list any. Nothing named holds always."""

    severity: tuple[str, ...] = ()
    answers: Mapping[str, bool] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    status: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any] | None) -> When:
        """Return the condition that `when:` states."""
        told = data or {}
        return cls(
            severity=tuple(told.get("severity") or ()),
            answers=dict(told.get("answers") or {}),
            channels=tuple(told.get("channels") or ()),
            languages=tuple(told.get("languages") or ()),
            status=tuple(told.get("status") or ()),
        )

    def __bool__(self) -> bool:
        """Whether anything is named at all."""
        return bool(self.as_data())

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, for copying into an incident."""
        told: dict[str, Any] = {
            "severity": list(self.severity),
            "answers": dict(self.answers),
            "channels": list(self.channels),
            "languages": list(self.languages),
            "status": list(self.status),
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Start:
    """What minutes count from: an event of the incident, the first publication of the stage `key`,
    or the moment the item `key` is done.
    """

    event: str = "detected"
    key: str = ""

    @classmethod
    def read(cls, data: str | Mapping[str, str] | None) -> Start:
        """Return what `from:` names: a word, or a mapping of one word to a key."""
        if isinstance(data, Mapping):
            ((event, key),) = data.items()
            return cls(event, key)
        return cls(data or "detected")

    def as_data(self) -> dict[str, str]:
        """Return it as plain data, for copying into an incident."""
        return {"event": self.event, "key": self.key} if self.key else {"event": self.event}


@dataclass(frozen=True, slots=True)
class Repeat:
    """How long after each tick an item comes back, per severity, and until which status."""

    minutes: Mapping[str, int]
    until: str

    @classmethod
    def read(cls, data: Mapping[str, Any] | None) -> Repeat | None:
        """Return what `repeat:` says, or None where nothing comes back."""
        return cls(dict(data["minutes"]), data["until"]) if data else None

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, for copying into an incident."""
        return {"minutes": dict(self.minutes), "until": self.until}


@dataclass(frozen=True, slots=True)
class Situation:
    """What conditions are read against. `answers` holds what was said, `unknown` what counts while
    nobody has.
    """

    severity: str
    status: str
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    answers: Mapping[str, bool | None] = field(default_factory=dict)
    unknown: Mapping[str, bool] = field(default_factory=dict)

    def answer(self, question: str) -> bool | None:
        """Return what a condition reads for this question; None for one that is not asked here."""
        given = self.answers.get(question)
        return self.unknown.get(question) if given is None else given


@dataclass(frozen=True, slots=True)
class Ground:
    """One part of a condition and whether it holds.

    `what` is severity, answer, channel, language or status. `values` are those that make it hold,
    or, where it does not, all that would; for an answer the question, with the answer `wanted` and
    the one `given` (None: not known yet).
    """

    what: str
    holds: bool
    values: tuple[str, ...]
    wanted: bool = True
    given: bool | None = None


def reasons(when: When, situation: Situation) -> tuple[Ground, ...]:
    """Return every part of the condition with whether it holds; it holds when all of them do."""
    found = [
        Ground(
            "answer",
            situation.answer(question) is wanted,
            (question,),
            wanted,
            situation.answers.get(question),
        )
        for question, wanted in when.answers.items()
    ]
    for what, asked, there in (
        ("severity", when.severity, (situation.severity,)),
        ("channel", when.channels, situation.channels),
        ("language", when.languages, situation.languages),
        ("status", when.status, (situation.status,)),
    ):
        if asked:
            met = tuple(value for value in asked if value in there)
            found.append(Ground(what, bool(met), met or asked))
    return tuple(found)


def holds(when: When, situation: Situation) -> bool:
    """Whether all that the condition names is so."""
    return all(reason.holds for reason in reasons(when, situation))
