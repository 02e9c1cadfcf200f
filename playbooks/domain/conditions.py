"""When a part of a plan is needed, what its minutes count from, and how often it comes back."""

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
