"""An empty playbook: what every plan has, without a word in it."""

from __future__ import annotations

from typing import Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.rows import add_row
from playbooks.enums import Severity, Stage

_STAGES = (Stage.ACKNOWLEDGEMENT, Stage.HOLDING, Stage.UPDATE, Stage.CORRECTION, Stage.RESOLUTION)
_OTHERS = (
    ("customers", Stage.UPDATE),
    ("staff", Stage.INTERNAL),
    ("press", Stage.HOLDING),
    ("partners", Stage.UPDATE),
)
_PHASES = {
    "first_15_minutes": 3,
    "first_hour": 1,
    "keep_talking": 1,
    "recover": 1,
    "learn": 1,
}
_LINES = ("title", "summary", "when_to_use", "not_for", "trap", "case_note")


def blank_content(slug: str) -> dict[str, Any]:
    """Return content with the bones of a plan: lanes, steps, clocks, an item per phase, a statement per need."""
    content: dict[str, Any] = {
        "schema": 3,
        "slug": slug,
        "crisis_type": "general",
        "scct_cluster": "accidental",
        "default_severity": "sev2",
        "origin_channel": "x",
        "channels": ["x"],
        "questions": [],
        "clocks": [],
        "items": [],
        "statements": [],
        "placeholders": {},
        "lanes": [{"key": "normal", "approvals": dict.fromkeys(Severity.values, 1)}],
        "escalation": [
            {"after_percent": 125, "who": "lead", "origin": "ours"},
            {"after_percent": 150, "who": "deputy", "origin": "ours"},
        ],
        "reminders": {"first": 50, "second": 80, "every": 25, "most": 8},
        "lessons": [],
        "words": {
            code: {
                **dict.fromkeys(_LINES, ""),
                "first_facts": ["", "", ""],
                "severities": dict.fromkeys(Severity.values, ""),
                "clocks": {},
                "items": {},
                "statements": {},
                "placeholders": {},
                "avoid": [{"words": "", "because": ""} for _ in range(5)],
            }
            for code in LANGUAGES
        },
    }
    _clocks(content)
    for phase, count in _PHASES.items():
        for _ in range(count):
            row = _named(content, "items", add_row(content, "items"))
            row["phase"] = phase
            row["required"] = phase == "first_15_minutes"
    for stage in _STAGES:
        row = _named(content, "statements", add_row(content, "statements", name=stage.value))
        row["stage"], row["channels"] = stage.value, ["x"]
    for audience, stage in _OTHERS:
        row = _named(content, "statements", add_row(content, "statements", name=f"for-{audience}"))
        row["stage"], row["audience"] = stage.value, audience
        row["channels"] = [
            "internal" if audience == "staff" else "press" if audience == "press" else "email"
        ]
    return content


def _clocks(content: dict[str, Any]) -> None:
    for key, kind, minutes in (
        ("acknowledgement", "acknowledgement", {"sev1": 15, "sev2": 30, "sev3": 60}),
        ("holding", "holding", {"sev1": 60, "sev2": 60, "sev3": 240}),
    ):
        row = _named(content, "clocks", add_row(content, "clocks", name=key))
        row["kind"], row["minutes"], row["role"] = kind, minutes, "spokesperson"


def _named(content: dict[str, Any], part: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in content[part] if row["key"] == key)
    return found
