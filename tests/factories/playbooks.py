"""A small shelf without faults, written to a folder, for tests to spoil in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.organisation.domain.actors import SYSTEM
from playbooks.domain.loading import LoadReport, load_shelf
from playbooks.enums import Phase, Severity
from playbooks.models import PlaybookRevision
from tests.factories.organisation import NOON

SLUG = "fake-help-desk"
_WORD = {"en": "words of", "ar": "كلمات عن", "he": "מילים על"}
_STAGES = ("acknowledgement", "holding", "update", "correction", "resolution")
_BLANKS = {
    "en": "We know about {fake_account}. News at {next_update}: {link}",
    "ar": "نعرف بأمر {fake_account}. الجديد عند {next_update}: {link}",
    "he": "אנחנו יודעים על {fake_account}. עדכון בשעה {next_update}: {link}",
}


def structure(slug: str = SLUG) -> dict[str, Any]:
    """Return playbook.yaml as data: twenty items, five stages, three placeholders."""
    phases = ["first_15_minutes"] * 6 + ["first_hour"] * 5 + ["keep_talking"] * 4
    phases += ["recover"] * 3 + ["learn"] * 2
    assert set(phases) == set(Phase.values)
    items: list[dict[str, Any]] = [
        {
            "key": f"item-{number}",
            "phase": phase,
            "channel": "x" if number == 7 else None,
            "required": number < 3,
            "role": "monitor",
            "minutes": {"sev1": 10, "sev2": 15},
            "origin": "document",
            "source": {"document": "target-ar", "paragraph": number + 1},
        }
        for number, phase in enumerate(phases)
    ]
    items[0]["meets"] = "acknowledgement"
    items[1] |= {"lesson": "answer-first"}
    items[2] |= {"origin": "ours", "source": None}
    items[3] |= {"origin": "public", "source": {"public": "A page", "url": "https://a.example/"}}
    for item in items:
        if item["source"] is None:
            del item["source"]
    statements: list[dict[str, Any]] = [
        {
            "key": stage,
            "stage": stage,
            "audience": "public",
            "channels": ["x", "facebook"],
            "lane": "normal",
            "origin": "ours",
        }
        for stage in _STAGES
    ]
    statements[0]["facts"] = ["fake_account", "next_update"]
    return {
        "schema": 1,
        "slug": slug,
        "crisis_type": "impersonation",
        "scct_cluster": "victim",
        "case": {"name_key": "target", "document": "target-ar"},
        "default_severity": "sev2",
        "origin_channel": "x",
        "channels": ["x", "facebook"],
        "clocks": [
            {
                "key": "first-word",
                "kind": "acknowledgement",
                "from": "detected",
                "minutes": {"sev1": 15, "sev2": 30, "sev3": 60},
                "lives_until": "resolved",
                "role": "spokesperson",
                "origin": "ours",
            },
            {
                "key": "postmortem",
                "kind": "postmortem",
                "from": "resolved",
                "days": {"sev1": 5, "sev2": 7},
                "lives_until": "closed",
                "role": "lead",
                "origin": "ours",
            },
        ],
        "items": items,
        "statements": statements,
        "placeholders": {
            "fake_account": {"kind": "handle"},
            "next_update": {"kind": "time", "autofill": "next_update"},
            "link": {"kind": "link", "autofill": "contact_link"},
        },
        "lanes": [{"key": "normal", "approvals": dict.fromkeys(Severity.values, 1)}],
        "escalation": [
            {"after_percent": 125, "who": "lead"},
            {"after_percent": 150, "who": "deputy"},
        ],
        "lessons": ["answer-first"],
    }


def words(code: str, slug: str = SLUG) -> dict[str, Any]:
    """Return one word file as data; every text names its playbook, so that no two read the same."""

    def say(about: str) -> str:
        return f"{_WORD[code]} {about}, {slug}"

    plan = structure(slug)
    return {
        **{name: say(name) for name in ("title", "summary", "when_to_use", "not_for", "trap")},
        "first_facts": [say(f"question {number}") for number in range(3)],
        "severities": {severity: say(severity) for severity in Severity.values},
        "clocks": {row["key"]: say(row["key"]) for row in plan["clocks"]},
        "items": {
            row["key"]: {"words": say(row["key"]), "detail": say(f"detail {row['key']}")}
            for row in plan["items"]
        },
        "statements": {
            row["key"]: {"title": say(row["key"]), "text": f"{_BLANKS[code]} {say(row['key'])}"}
            for row in plan["statements"]
        },
        "placeholders": {
            name: {"label": say(name), "prompt": say(f"ask {name}"), "unknown": ""}
            for name in plan["placeholders"]
        },
        "avoid": [
            {"words": say(f"avoid {number}"), "because": say(f"because {number}")}
            for number in range(5)
        ],
    }


def folder_data(slug: str = SLUG) -> dict[str, dict[str, Any]]:
    """Return the four files of one playbook by file name."""
    return {
        "playbook.yaml": structure(slug),
        **{f"{code}.yaml": words(code, slug) for code in LANGUAGES},
    }


def write_yaml(path: Path, data: Any) -> None:
    """Write data as a person would: keys in their order, letters as letters, one key a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=10_000), encoding="utf-8"
    )


def write_playbook(
    root: Path, slug: str = SLUG, spoil: Callable[[dict[str, dict[str, Any]]], None] | None = None
) -> Path:
    """Write one playbook's folder under `root`, spoilt by the given function, and return it."""
    data = folder_data(slug)
    if spoil is not None:
        spoil(data)
    folder = root / "playbooks" / slug
    for name, part in data.items():
        write_yaml(folder / name, part)
    return folder


def common_files() -> dict[str, dict[str, Any]]:
    """Return channels, sources and lessons by path under the fixtures folder."""
    in_all = {code: f"{_WORD[code]} this" for code in LANGUAGES}
    return {
        "channels.yaml": {
            "channels": [
                {"key": "x", "limit": 280, "counting": "x_weighted", "link_length": 23},
                {"key": "facebook", "limit": 63206, "counting": "plain", "link_length": None},
            ]
        },
        "lessons/sources.yaml": {
            "documents": {"target-ar": {"language": "ar", "title": in_all, "about": in_all}},
            "cases": {"target": {"name": in_all}},
        },
        "lessons/lessons.yaml": {
            "lessons": [
                {
                    "key": "answer-first",
                    "case": "target",
                    "origin": "document",
                    "rests_on": [{"document": "target-ar", "paragraphs": [6, 14]}],
                    "in": ["reminders"],
                    "clocks": ["acknowledgement"],
                    "planned": ["drill"],
                    "words": in_all,
                }
            ]
        },
        "lessons/notes.yaml": {
            "notes": [
                {
                    "number": 1,
                    "document": "target-ar",
                    "paragraphs": [25],
                    "about": "the end of the page",
                    "no_lesson": "furniture",
                }
            ]
        },
    }


def write_shelf(root: Path, *slugs: str) -> Path:
    """Write a shelf without faults under `root` and return it."""
    for name, data in common_files().items():
        write_yaml(root / name, data)
    for slug in slugs or (SLUG,):
        write_playbook(root, slug)
    return root


def load(root: Path) -> LoadReport:
    """Load the folder as the desk does."""
    return load_shelf(root, actor=SYSTEM, at=NOON)


def loaded_revision(root: Path) -> PlaybookRevision:
    """Load a fresh shelf and return its one revision."""
    load(write_shelf(root))
    return PlaybookRevision.objects.select_related("playbook").get()
