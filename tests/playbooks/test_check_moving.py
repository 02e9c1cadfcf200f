"""Schema 2: every fault of questions, conditions, starts, waiting and coming back is named at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbooks.domain.checking import check_shelf
from playbooks.domain.conditions import Repeat, Start, When
from playbooks.domain.content import parse
from tests.factories.moving import MOVING, moving_folder, moving_revision, write_moving
from tests.factories.playbooks import SLUG, folder_data, write_yaml
from tests.playbooks.test_check import AR, EN, HE, JUNK, Files, P, drop, put

FIXTURES = Path(django_settings.BASE_DIR) / "fixtures"

Spoil = Callable[[Files], None]
FAULTS = [
    (put(P, "schema", 4), "bad_value", P, "schema"),
    (put(P, "questions.0.key", "data_involved"), "written_twice", P, "questions.data_involved.key"),
    (put(P, "questions.0.key", "people-harmed"), "bad_key", P, "questions.people-harmed.key"),
    (put(P, "questions.0.unknown", "yes"), "wrong_type", P, "questions.people_harmed.unknown"),
    (drop(P, "questions.0.unknown"), "missing_key", P, "questions.people_harmed.unknown"),
    (drop(P, "questions.0.origin"), "missing_key", P, "questions.people_harmed.origin"),
    (put(P, "questions.0.ask", "?"), "extra_key", P, "questions.people_harmed.ask"),
    (put(P, "questions", "none"), "wrong_type", P, "questions"),
    (
        put(P, "questions", [{"key": f"q{n}", "unknown": True, "origin": "ours"} for n in range(6)]),
        "questions_too_many", P, "questions.q5",
    ),
    (drop(HE, "questions.people_harmed"), "missing_key", HE, "questions.people_harmed"),
    (drop(HE, "questions"), "missing_key", HE, "questions"),
    (put(AR, "questions.people_harmed.no", " "), "empty_text", AR, "questions.people_harmed.no"),
    (put(EN, "questions.who", {}), "extra_key", EN, "questions.who"),
    (
        put(HE, "questions.people_harmed.ask", "Were people harmed?"),
        "not_written", HE, "questions.people_harmed.ask",
    ),
    (put(AR, "case_note", ""), "empty_text", AR, "case_note"),
    (drop(AR, "case_note"), "missing_key", AR, "case_note"),
    (drop(P, "case"), "case_missing", EN, "case_note"),
    (put(P, "items.5.when", {}), "empty_condition", P, "items.item-5.when"),
    (put(P, "items.5.when", ["sev1"]), "wrong_type", P, "items.item-5.when"),
    (put(P, "items.5.when", {"mood": ["bad"]}), "extra_key", P, "items.item-5.when.mood"),
    (
        put(P, "items.5.when", {"severity": ["sev9"]}),
        "bad_value", P, "items.item-5.when.severity.0",
    ),
    (put(P, "items.5.when", {"severity": []}), "empty_condition", P, "items.item-5.when.severity"),
    (put(P, "items.5.when", {"status": "active"}), "wrong_type", P, "items.item-5.when.status"),
    (
        put(P, "items.5.when", {"status": ["cancelled"]}),
        "bad_value", P, "items.item-5.when.status.0",
    ),
    (
        put(P, "items.5.when", {"languages": ["fr"]}),
        "bad_value", P, "items.item-5.when.languages.0",
    ),
    (
        put(P, "items.5.when", {"channels": ["x", "orkut"]}),
        "unknown_channel", P, "items.item-5.when.channels.1",
    ),
    (
        put(P, "items.5.when", {"answers": {"fire": True}}),
        "unknown_question", P, "items.item-5.when.answers.fire",
    ),
    (
        put(P, "items.5.when", {"answers": {"people_harmed": "yes"}}),
        "wrong_type", P, "items.item-5.when.answers.people_harmed",
    ),
    (
        put(P, "items.5.when", {"answers": {}}),
        "empty_condition", P, "items.item-5.when.answers",
    ),
    (
        put(P, "clocks.2.when", {"answers": {"fire": True}}),
        "unknown_question", P, "clocks.tell-the-people.when.answers.fire",
    ),
    (
        put(P, "statements.0.when", {"severity": ["sev0"]}),
        "bad_value", P, "statements.acknowledgement.when.severity.0",
    ),
    (put(P, "items.4.from", "yesterday"), "bad_value", P, "items.item-4.from"),
    (put(P, "items.4.from", {"item": "nope"}), "unknown_item", P, "items.item-4.from.item"),
    (
        put(P, "items.4.from", {"publication": "apology"}),
        "unknown_start", P, "items.item-4.from.publication",
    ),
    (put(P, "items.4.from", {"clock": "x"}), "extra_key", P, "items.item-4.from.clock"),
    (
        put(P, "items.4.from", {"item": "item-1", "publication": "holding"}),
        "bad_value", P, "items.item-4.from",
    ),
    (drop(P, "items.9.minutes"), "start_without_minutes", P, "items.item-9.from"),
    (put(P, "items.4.after", ["nope"]), "unknown_item", P, "items.item-4.after.0"),
    (put(P, "items.4.after", "item-1"), "wrong_type", P, "items.item-4.after"),
    (put(P, "items.4.after", []), "empty_condition", P, "items.item-4.after"),
    (
        put(P, "items.4.after", ["item-1", "item-1"]),
        "written_twice", P, "items.item-4.after.1",
    ),
    (put(P, "items.4.after", ["item-4"]), "waits_for_itself", P, "items.item-4.after"),
    (put(P, "items.4.after", ["item-3"]), "waits_for_itself", P, "items.item-3.after"),
    (put(P, "items.0.from", {"item": "item-10"}), "waits_for_itself", P, "items.item-0.from"),
    (put(P, "items.0.after", ["item-10"]), "waits_for_itself", P, "items.item-10.from"),
    (put(P, "items.4.repeat", {"until": "contained"}), "missing_key", P, "items.item-4.repeat.minutes"),
    (
        put(P, "items.4.repeat", {"minutes": {}, "until": "contained"}),
        "clock_length", P, "items.item-4.repeat.minutes",
    ),
    (
        put(P, "items.4.repeat", {"minutes": {"sev1": 0}, "until": "contained"}),
        "bad_number", P, "items.item-4.repeat.minutes.sev1",
    ),
    (
        put(P, "items.4.repeat", {"minutes": {"sev1": 5}, "until": "noon"}),
        "bad_value", P, "items.item-4.repeat.until",
    ),
    (put(P, "regulators", ["No Key"]), "bad_key", P, "regulators.0"),
    (put(P, "statements.3.audience", "press"), "stage_missing", P, "statements"),
    (drop(P, "statements.5"), "audience_missing", P, "statements"),
    (put(P, "statements.1.audience", "mars"), "bad_value", P, "statements.holding.audience"),
]  # fmt: skip


def faults(root: Path, spoil: Spoil) -> list[tuple[str, str, str]]:
    files = moving_folder()
    spoil(files)
    return [
        (fault.code, fault.path.name, fault.key)
        for fault in check_shelf(write_moving(root, files)).errors
    ]


@pytest.mark.parametrize(("spoil", "code", "file", "key"), FAULTS)
def test_a_fault_is_named_with_file_and_key(
    tmp_path: Path, spoil: Spoil, code: str, file: str, key: str
) -> None:
    found = faults(tmp_path, spoil)
    assert (code, file, key) in found, found
    assert len(found) == len(set(found))


def test_a_moving_plan_without_faults_has_none(tmp_path: Path) -> None:
    assert [fault.shown(tmp_path) for fault in check_shelf(write_moving(tmp_path)).faults] == []


def test_a_plan_needs_no_case(tmp_path: Path) -> None:
    def without(files: Files) -> None:
        del files[P]["case"]
        for name in (EN, AR, HE):
            files[name]["case_note"] = ""

    assert faults(tmp_path, without) == []


def test_the_first_schema_knows_nothing_of_it(tmp_path: Path) -> None:
    files = folder_data()
    files[P]["questions"] = []
    files[P]["items"][4]["after"] = ["item-1"]
    files[EN]["case_note"] = "told"
    write_moving(tmp_path)
    for name, data in files.items():
        write_yaml(tmp_path / "playbooks" / SLUG / name, data)
    found = {fault.key for fault in check_shelf(tmp_path).errors if fault.code == "extra_key"}
    assert found == {"questions", "items.item-4.after", "case_note"}


def test_there_is_room_for_thirty_items(tmp_path: Path) -> None:
    def more(count: int) -> Spoil:
        def spoil(files: Files) -> None:
            for number in range(20, count):
                key = f"item-{number}"
                files[P]["items"].append({**files[P]["items"][19], "key": key})
                for code, word in (("en", "more"), ("ar", "مزيد"), ("he", "עוד")):
                    said = f"{word} {key}"
                    files[f"{code}.yaml"]["items"][key] = {"words": said, "detail": said}

        return spoil

    assert faults(tmp_path, more(30)) == []
    assert faults(tmp_path, more(31)) == []
    (warned,) = check_shelf(tmp_path).faults
    assert (warned.code, warned.is_warning) == ("item_count", True)
    assert "31 items" in warned.message and "20 to 30" in warned.message


def test_regulators_are_those_of_the_file_where_there_is_one(tmp_path: Path) -> None:
    asks = put(P, "regulators", ["gdpr-authority"])
    add_words = moving_folder()
    asks(add_words)
    checked = check_shelf(write_moving(tmp_path, add_words))
    assert checked.errors == ()
    assert [(fault.code, fault.key) for fault in checked.faults] == [
        ("audience_missing", "regulators")
    ]
    known = yaml.safe_load((FIXTURES / "regulators.yaml").read_text(encoding="utf-8"))["regulators"]
    of = {row["key"]: row for row in known}
    write_yaml(tmp_path / "regulators.yaml", {"regulators": [of["sec-8k"]]})
    assert ("unknown_regulator", P, "regulators.0") in faults(tmp_path, asks)
    write_yaml(tmp_path / "regulators.yaml", {"regulators": [of["gdpr-authority"]]})
    assert faults(tmp_path, asks) == []


@pytest.mark.django_db
def test_what_moves_is_typed(tmp_path: Path) -> None:
    revision = moving_revision(tmp_path)
    assert revision.schema == 2
    content = parse(revision)
    assert content.schema == 2
    assert [(each.key, each.unknown) for each in content.questions] == [
        ("people_harmed", True),
        ("data_involved", False),
    ]
    assert content.questions[0].yes["en"] == "Shown because people may be harmed."
    assert content.questions[0].ask["he"] == "נפגעו אנשים?"
    assert content.case_note["en"].endswith(MOVING) and content.regulators == ()
    items = {item.key: item for item in content.items}
    assert items["item-0"].when == When() and not items["item-0"].when
    assert items["item-0"].starts == Start() and items["item-0"].repeat is None
    assert items["item-3"].after == ("item-4",)
    assert items["item-5"].when == When(severity=("sev1", "sev2"))
    assert items["item-6"].when == When(answers={"people_harmed": True})
    assert items["item-6"].starts == Start("opened")
    assert items["item-9"].starts == Start("publication", "holding")
    assert items["item-10"].starts == Start("item", "item-0")
    assert items["item-11"].repeat == Repeat({"sev1": 30, "sev2": 30, "sev3": 120}, "contained")
    assert content.clocks[2].when == When(answers={"data_involved": True})
    assert content.statement("for-partners") is not None
    assert content.statements[-1].when.as_data() == {"answers": {"data_involved": True}}


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"severity": ["sev1"]},
        {"answers": {"a": False}, "channels": ["x"], "languages": ["ar"], "status": ["active"]},
    ],
)
def test_a_condition_survives_being_copied(when: dict[str, Any]) -> None:
    assert When.read(when).as_data() == when
    assert When.read(When.read(when).as_data()) == When.read(when)


def test_starts_and_repeats_survive_being_copied() -> None:
    assert Start.read({"publication": "holding"}).as_data() == {
        "event": "publication",
        "key": "holding",
    }
    assert Start.read(None).as_data() == {"event": "detected"}
    repeat = {"minutes": {"sev1": 5}, "until": "closed"}
    found = Repeat.read(repeat)
    assert found is not None and found.as_data() == repeat
    assert Repeat.read({}) is None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    place=st.sampled_from(["questions", "items.4", "clocks.2", "statements.0", "regulators"]),
    part=st.sampled_from(["when", "from", "after", "repeat", "key", "unknown"]),
    junk=JUNK,
)
def test_no_spoilt_plan_breaks_the_check(tmp_path: Path, place: str, part: str, junk: Any) -> None:
    path = place if place in ("questions", "regulators") else f"{place}.{part}"
    for fault in check_shelf(write_moving(tmp_path, _spoilt(put(P, path, junk)))).faults:
        assert fault.line >= 1 and fault.shown(tmp_path)


def _spoilt(spoil: Spoil) -> Files:
    files = moving_folder()
    spoil(files)
    return files
