"""A second revision of the moving playbook, with a new part of every kind."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.models import PlaybookRevision
from tests.factories.moving import moving_folder
from tests.factories.organisation import NOON
from tests.factories.playbooks import words

HOUR = {"sev1": 60, "sev2": 60}
# What each new item has that a plain one has not.
_ITEMS: dict[str, dict[str, Any]] = {
    "new-plain": {"required": True},
    "new-late": {"minutes": {"sev2": 600}, "phase": "recover"},
    "new-opened": {"from": "opened"},
    "new-from-item": {"from": {"item": "item-0"}},
    "new-from-words": {"from": {"publication": "holding"}},
    "new-waits": {"after": ["item-4"]},
    "new-after-new": {"after": ["new-plain"]},
    "new-from-new": {"from": {"item": "new-plain"}},
    "new-repeats": {"repeat": {"minutes": {"sev2": 30}, "until": "contained"}},
    "new-asked": {"when": {"answers": {"new_question": True}}},
    "new-hidden": {"when": {"severity": ["sev1"]}},
}
NEW_ITEMS = list(_ITEMS)
NEW_WORDS = ["new-words", "other-words"]
_SAID = {"en": "We say it anew", "ar": "نقول من جديد", "he": "אומרים מחדש"}


def newer_folder(*, more: int = 0) -> dict[str, dict[str, Any]]:
    """Return the files of the moving playbook with what is new in them; `more` adds so many plain items and statements.

    A question, a lane and eleven items come, two statements, and other words for an item that was there.
    """
    files = moving_folder()
    plan = files["playbook.yaml"]
    plan["questions"].append({"key": "new_question", "unknown": False, "origin": "ours"})
    plan["lanes"].append({"key": "careful", "approvals": {"sev1": 2, "sev2": 2}})
    extra: dict[str, dict[str, Any]] = {f"more-{number}": {} for number in range(more)}
    said = [*NEW_WORDS, *(f"say-{key}" for key in extra)]
    for key, own in (_ITEMS | extra).items():
        plan["items"].append(
            {
                "key": key,
                "phase": "first_hour",
                "required": False,
                "role": "monitor",
                "minutes": dict(HOUR),
                "origin": "ours",
                **own,
            }
        )
    for key in said:
        plan["statements"].append(
            {
                "key": key,
                "stage": "update",
                "audience": "press",
                "channels": ["x"],
                "lane": "careful",
                "origin": "ours",
            }
        )
    for code in LANGUAGES:
        told = files[code + ".yaml"]
        about = words(code, "moving-plan")["title"].replace("title", "{}")
        told["questions"]["new_question"] = {
            "ask": about.format("question"), "yes": about.format("yes"), "no": about.format("no"),
        }  # fmt: skip
        told["items"]["item-1"]["words"] = about.format("other item-1")
        for key in _ITEMS | extra:
            told["items"][key] = {"words": about.format(key), "detail": about.format(f"how {key}")}
        for key in said:
            text = f"{_SAID[code]}, {key}"
            told["statements"][key] = {"title": about.format(key), "text": text}
    return files


def make_newer(revision: PlaybookRevision) -> PlaybookRevision:
    """Put a next revision of any playbook on the shelf: its first item and its first statement once more, under the
    keys `new-item` and `new-words`."""
    content = deepcopy(revision.content)
    for part, key in (("items", "new-item"), ("statements", "new-words")):
        first = content[part][0]
        content[part].append({**first, "key": key})
        for code in LANGUAGES:
            told = content["words"][code][part]
            told[key] = dict(told[first["key"]])
    content["items"][-1] |= {"minutes": dict(HOUR), "after": [], "from": "detected"}
    return PlaybookRevision.objects.create(
        playbook=revision.playbook, number=revision.number + 1, schema=revision.schema,
        content=content, content_hash=f"newer-{revision.pk}", note="What the last case taught",
        created_at=NOON,
    )  # fmt: skip
