"""What differs between two contents is named by row and place, and nothing else is."""

from __future__ import annotations

import copy
import json
from typing import Any

from playbooks.domain.comparing import compare
from tests.playbooks.archives import small_content


def told(change: Any, content: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Return what `change` did to the small playbook, as the comparison tells it."""
    old = content or small_content()
    new = copy.deepcopy(old)
    change(new)
    # The database keeps no order of keys.
    rows = compare(json.loads(json.dumps(old, sort_keys=True)), new)
    return [
        (row.part, row.name, row.kind, [(c.path, c.old, c.new) for c in row.changes])
        for row in rows
    ]


def test_the_same_content_has_no_differences() -> None:
    assert told(lambda new: None) == []


def test_a_changed_word_and_a_changed_number() -> None:
    def change(new: dict[str, Any]) -> None:
        new["items"][0]["minutes"]["sev1"] = 7
        new["words"]["ar"]["items"]["item-0"]["words"] = "آخر"
        new["words"]["he"]["title"] = "כותרת"

    about, item = told(change)
    assert about == (
        "about",
        "",
        "changed",
        [("words.he.title", "מילים על title, fake-help-desk", "כותרת")],
    )
    assert item[:3] == ("items", "item-0", "changed")
    assert {path: (old, new) for path, old, new in item[3]} == {
        "items.item-0.minutes.sev1": (10, 7),
        "words.ar.items.item-0.words": ("كلمات عن item-0, fake-help-desk", "آخر"),
    }


def test_a_row_that_came_and_one_that_went() -> None:
    def change(new: dict[str, Any]) -> None:
        new["items"][4] = {**new["items"][4], "key": "fresh"}
        for code in ("en", "ar", "he"):
            new["words"][code]["items"]["fresh"] = {"words": "a", "detail": "b"}

    rows = {(name, kind) for _part, name, kind, _changes in told(change)}
    assert rows == {("fresh", "added"), ("item-4", "removed")}


def test_a_moved_row_is_named_alone() -> None:
    def change(new: dict[str, Any]) -> None:
        new["items"].insert(0, new["items"].pop(7))

    assert told(change) == [("items", "item-7", "moved", [])]


def test_lists_without_keys_are_compared_as_one_text() -> None:
    def change(new: dict[str, Any]) -> None:
        new["words"]["ar"]["avoid"][1]["words"] = "كلا"
        new["words"]["en"]["first_facts"].append("And?")
        new["escalation"][0]["who"] = "owner"

    rows = told(change)
    assert [(part, kind) for part, _n, kind, _c in rows] == [
        ("first_facts", "changed"), ("avoid", "changed"), ("escalation", "changed"),
    ]  # fmt: skip
    assert "كلا · " in rows[1][3][0][2]


def test_words_of_a_row_that_is_gone_are_not_told_twice() -> None:
    content = small_content()
    content["words"]["en"]["items"]["ghost"] = {"words": "left over", "detail": ""}
    assert told(lambda new: new["words"]["en"]["items"].pop("ghost"), content) == []
