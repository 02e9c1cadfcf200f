"""A playbook of schema 2 whose plan moves: questions, conditions, waiting, coming back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.models import PlaybookRevision
from tests.factories.playbooks import folder_data, load, write_shelf, write_yaml

MOVING = "moving-plan"
QUESTIONS = {
    "people_harmed": {
        "en": (
            "Were people harmed?",
            "Shown because people may be harmed.",
            "Shown because nobody was harmed.",
        ),
        "ar": (
            "هل أصيب أحد؟",
            "يظهر هذا لاحتمال وجود متضررين.",
            "يظهر هذا لعدم وجود متضررين.",
        ),
        "he": ("נפגעו אנשים?", "מוצג כי ייתכן שנפגעו אנשים.", "מוצג כי איש לא נפגע."),
    },
    "data_involved": {
        "en": (
            "Is personal data involved?",
            "Shown because personal data is involved.",
            "Shown because no personal data is involved.",
        ),
        "ar": (
            "هل تتعلق الحادثة ببيانات شخصية؟",
            "يظهر هذا لأن بيانات شخصية تأثرت.",
            "يظهر هذا لأن البيانات الشخصية لم تتأثر.",
        ),
        "he": ("מעורב מידע אישי?", "מוצג כי מעורב מידע אישי.", "מוצג כי לא מעורב מידע אישי."),
    },
}
OTHER_AUDIENCES = {
    "customers": "holding",
    "staff": "internal",
    "press": "holding",
    "partners": "holding",
}
_WORD = {"en": "words for", "ar": "كلمات من أجل", "he": "מילים עבור"}
_BLANKS = {
    "en": "We look into it. News at {next_update}.",
    "ar": "نتابع الأمر. الجديد عند {next_update}.",
    "he": "אנחנו בודקים. עדכון בשעה {next_update}.",
}


def moving_folder(slug: str = MOVING) -> dict[str, dict[str, Any]]:
    """Return the four files of one playbook of schema 2 by file name.

    item-3 waits for item-4 · item-5 is for SEV1 and SEV2 · item-6 for harmed people, and counts from the opening ·
    item-7 is for X · item-8 is for personal data · item-9 counts from the first holding statement · item-10 counts from
    item-0 · item-11 comes back · item-12 is for Arabic · item-13 is for a contained or resolved incident · item-15
    counts from the end.
    """
    files = folder_data(slug)
    plan = files["playbook.yaml"]
    plan["schema"] = 2
    plan["questions"] = [
        {"key": "people_harmed", "unknown": True, "origin": "ours"},
        {"key": "data_involved", "unknown": False, "origin": "ours"},
    ]
    plan["regulators"] = []
    items = {row["key"]: row for row in plan["items"]}
    every = {"sev1": 60, "sev2": 60, "sev3": 120}
    items["item-3"]["after"] = ["item-4"]
    items["item-5"]["when"] = {"severity": ["sev1", "sev2"]}
    items["item-6"] |= {
        "when": {"answers": {"people_harmed": True}},
        "from": "opened",
        "minutes": dict(every),
    }
    items["item-8"] |= {"when": {"answers": {"data_involved": True}}, "minutes": dict(every)}
    items["item-9"] |= {"from": {"publication": "holding"}, "minutes": dict(every)}
    items["item-10"] |= {"from": {"item": "item-0"}, "minutes": dict(every)}
    items["item-11"] |= {
        "minutes": dict(every),
        "repeat": {"minutes": {"sev1": 30, "sev2": 30, "sev3": 120}, "until": "contained"},
    }
    items["item-12"]["when"] = {"languages": ["ar"], "channels": ["x", "facebook"]}
    items["item-13"] |= {"when": {"status": ["contained", "resolved"]}, "minutes": {}}
    items["item-13"].pop("minutes")
    items["item-15"] |= {"from": "resolved", "minutes": dict(every)}
    plan["clocks"].append(
        {
            "key": "tell-the-people",
            "kind": "complaint_reply",
            "from": "detected",
            "minutes": {"sev1": 45, "sev2": 90},
            "lives_until": "resolved",
            "role": "spokesperson",
            "origin": "ours",
            "when": {"answers": {"data_involved": True}},
        }
    )
    for audience, stage in OTHER_AUDIENCES.items():
        plan["statements"].append(
            {
                "key": f"for-{audience}",
                "stage": stage,
                "audience": audience,
                "channels": ["x"],
                "lane": "normal",
                "origin": "ours",
            }
        )
    plan["statements"][-1]["when"] = {"answers": {"data_involved": True}}
    for code in LANGUAGES:
        words = files[f"{code}.yaml"]
        words["case_note"] = f"{_WORD[code]} the case, {slug}"
        words["questions"] = {
            key: dict(zip(("ask", "yes", "no"), told[code], strict=True))
            for key, told in QUESTIONS.items()
        }
        words["clocks"]["tell-the-people"] = f"{_WORD[code]} tell-the-people, {slug}"
        for audience in OTHER_AUDIENCES:
            about = f"{_WORD[code]} {audience}, {slug}"
            words["statements"][f"for-{audience}"] = {
                "title": about,
                "text": f"{_BLANKS[code]} {about}",
            }
    return files


def write_moving(root: Path, files: dict[str, dict[str, Any]] | None = None) -> Path:
    """Write a shelf that holds the moving playbook alone, and return its root."""
    write_shelf(root)
    for name, data in (files or moving_folder()).items():
        write_yaml(root / "playbooks" / MOVING / name, data)
    return root


def moving_revision(root: Path, files: dict[str, dict[str, Any]] | None = None) -> PlaybookRevision:
    """Load the moving playbook and return its revision."""
    load(write_moving(root, files))
    return PlaybookRevision.objects.select_related("playbook").get(playbook__slug=MOVING)
