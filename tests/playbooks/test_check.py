"""Every fault of the files is named with file, line and key, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbooks.domain.checking import check_shelf
from playbooks.domain.yaml_files import Fault
from tests.factories.playbooks import (
    SLUG,
    common_files,
    folder_data,
    write_playbook,
    write_shelf,
    write_yaml,
)

Files = dict[str, dict[str, Any]]


def at(data: Any, path: str) -> tuple[Any, Any]:
    """Return the container and the last step of a dotted path."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        data = data[step]
    return data, last


def put(file: str, path: str, value: Any) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        container, last = at(files[file], path)
        container[last] = value

    return spoil


def drop(file: str, path: str) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        container, last = at(files[file], path)
        del container[last]

    return spoil


def add(file: str, path: str, value: Any) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        container, last = at(files[file], path)
        container[last].append(value)

    return spoil


P, EN, AR, HE = "playbook.yaml", "en.yaml", "ar.yaml", "he.yaml"
# what is spoilt · its code · the file · the key · what the named line holds
FAULTS = [
    (drop(AR, "items.item-4"), "missing_key", AR, "items.item-4", "items:"),
    (drop(HE, "items.item-4.detail"), "missing_key", HE, "items.item-4.detail", "item-4:"),
    (put(HE, "items.item-x", {}), "extra_key", HE, "items.item-x", "item-x:"),
    (put(AR, "titel", "ع"), "extra_key", AR, "titel", "titel:"),
    (put(EN, "trap", "  "), "empty_text", EN, "trap", "trap:"),
    (put(EN, "trap", 13), "wrong_type", EN, "trap", "trap:"),
    (put(AR, "items", []), "wrong_type", AR, "items", "items:"),
    (drop(AR, "severities.sev4"), "missing_key", AR, "severities.sev4", "severities:"),
    (drop(AR, "clocks.first-word"), "missing_key", AR, "clocks.first-word", "clocks:"),
    (
        put(AR, "statements.holding.text", "نعرف بأمر {fake_acount}"),
        "unknown_placeholder", AR, "statements.holding.text", "fake_acount",
    ),
    (
        put(HE, "statements.update.text", "עדכון { link } {fake_account} {next_update} {link}"),
        "unknown_placeholder", HE, "statements.update.text", "{ link }",
    ),
    (
        put(HE, "statements.update.text", "{fake_account} {next_update} בלי קישור"),
        "placeholder_differs", HE, "statements.update.text", "בלי קישור",
    ),
    (put(AR, "summary", "ملخص {link}"), "placeholder_misplaced", AR, "summary", "summary:"),
    (
        put(HE, "items.item-3.words", "words of item-3, " + SLUG),
        "not_written", HE, "items.item-3.words", "words of item-3",
    ),
    (put(EN, "first_facts", ["one?"]), "first_facts_count", EN, "first_facts", "first_facts:"),
    (put(EN, "avoid", []), "avoid_count", EN, "avoid", "avoid:"),
    (drop(EN, "avoid.2.because"), "missing_key", EN, "avoid.2.because", "avoid 2"),
    (put(P, "schema", 4), "bad_value", P, "schema", "schema:"),
    (put(P, "slug", "other"), "slug_differs", P, "slug", "slug:"),
    (put(P, "slug", "Not A Slug"), "bad_key", P, "slug", "slug:"),
    (put(P, "crisis_type", "flood"), "bad_value", P, "crisis_type", "flood"),
    (put(P, "scct_cluster", "x"), "bad_value", P, "scct_cluster", "scct_cluster"),
    (put(P, "default_severity", "sev9"), "bad_value", P, "default_severity", "sev9"),
    (put(P, "channels", ["x", "myspace"]), "unknown_channel", P, "channels.1", "myspace"),
    (put(P, "origin_channel", "myspace"), "unknown_channel", P, "origin_channel", "myspace"),
    (put(P, "items.5.channel", "orkut"), "unknown_channel", P, "items.item-5.channel", "orkut"),
    (
        put(P, "statements.2.channels", ["orkut"]),
        "unknown_channel", P, "statements.update.channels.0", "orkut",
    ),
    (put(P, "lessons", ["answer-first", "no-such"]), "unknown_lesson", P, "lessons.1", "no-such"),
    (put(P, "items.5.lesson", "no-such"), "unknown_lesson", P, "items.item-5.lesson", "no-such"),
    (put(P, "lessons", []), "lesson_not_listed", P, "items.item-1.lesson", "answer-first"),
    (put(P, "case.name_key", "no-such"), "unknown_case", P, "case.name_key", "no-such"),
    (put(P, "case.document", "target-en"), "unknown_document", P, "case.document", "target-en"),
    (
        put(P, "items.4.source.document", "nope"),
        "unknown_document", P, "items.item-4.source.document", "nope",
    ),
    (
        put(P, "items.4.source.paragraph", 0),
        "bad_number", P, "items.item-4.source.paragraph", "paragraph: 0",
    ),
    (drop(P, "items.4.source"), "source_missing", P, "items.item-4.source", "item-4"),
    (
        put(P, "items.2.source", {"document": "target-ar"}),
        "source_misplaced", P, "items.item-2.source", "source:",
    ),
    (put(P, "items.4.origin", "mine"), "bad_value", P, "items.item-4.origin", "mine"),
    (put(P, "items.4.phase", "later"), "bad_value", P, "items.item-4.phase", "later"),
    (put(P, "items.4.role", "boss"), "bad_value", P, "items.item-4.role", "boss"),
    (put(P, "items.4.required", "yes"), "wrong_type", P, "items.item-4.required", "required:"),
    (
        put(P, "items.4.minutes", {"sev1": "13"}),
        "bad_number", P, "items.item-4.minutes.sev1", "sev1:",
    ),
    (put(P, "items.4.minutes", {"sev7": 1}), "extra_key", P, "items.item-4.minutes.sev7", "sev7:"),
    (put(P, "items.4.meets", "holding"), "unknown_clock", P, "items.item-4.meets", "holding"),
    (
        put(P, "items.7.phase", "first_15_minutes"),
        "first_items_too_many", P, "items.item-7", "item-7",
    ),
    (put(P, "items.3.required", True), "first_items_required", P, "items.item-3", "item-3"),
    (put(P, "items.2.required", False), "first_items_required", P, "items.item-1", "item-1"),
    (put(P, "items.4.key", "item-3"), "written_twice", P, "items.item-3.key", "item-3"),
    (drop(P, "statements.3"), "stage_missing", P, "statements", "statements:"),
    (put(P, "statements.1.stage", "boast"), "bad_value", P, "statements.holding.stage", "boast"),
    (put(P, "statements.1.lane", "fast"), "unknown_lane", P, "statements.holding.lane", "fast"),
    (
        put(P, "statements.1.facts", ["link"]),
        "facts_misplaced", P, "statements.holding.facts", "facts:",
    ),
    (
        put(P, "statements.0.facts", ["lnk"]),
        "unknown_placeholder", P, "statements.acknowledgement.facts.0", "lnk",
    ),
    (put(P, "placeholders.link.kind", "url"), "bad_value", P, "placeholders.link.kind", "url"),
    (
        put(P, "placeholders.link.autofill", "web"),
        "bad_value", P, "placeholders.link.autofill", "web",
    ),
    (
        put(P, "placeholders.extra", {"kind": "time"}),
        "unused_placeholder", P, "placeholders.extra", "extra:",
    ),
    (drop(P, "clocks.0.minutes"), "clock_length", P, "clocks.first-word", "first-word"),
    (put(P, "clocks.0.minutes", {}), "clock_length", P, "clocks.first-word.minutes", "minutes"),
    (put(P, "clocks.0.kind", "egg"), "bad_value", P, "clocks.first-word.kind", "egg"),
    (
        put(P, "clocks.0.lives_until", "noon"),
        "bad_value", P, "clocks.first-word.lives_until", "noon",
    ),
    (
        drop(P, "lanes.0.approvals.sev3"),
        "missing_key", P, "lanes.normal.approvals.sev3", "approvals:",
    ),
    (
        put(P, "escalation.1.after_percent", 110),
        "not_rising", P, "escalation.1.after_percent", "110",
    ),
    (put(P, "escalation.1.who", "mum"), "bad_value", P, "escalation.1.who", "mum"),
    (drop(P, "escalation"), "missing_key", P, "escalation", "schema: 1"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "code", "file", "key", "line"), FAULTS)
def test_a_fault_is_named_with_file_line_and_key(
    tmp_path: Path, spoil: Callable[[Files], None], code: str, file: str, key: str, line: str
) -> None:
    write_shelf(tmp_path)
    folder = write_playbook(tmp_path, SLUG, spoil)
    found = [each for each in check_shelf(tmp_path).errors if each.code == code and each.key == key]
    assert found, [each.shown(tmp_path) for each in check_shelf(tmp_path).faults]
    assert found[0].path == folder / file
    assert line in (folder / file).read_text(encoding="utf-8").splitlines()[found[0].line - 1]


def codes(root: Path) -> list[str]:
    return [fault.code for fault in check_shelf(root).faults]


def test_a_shelf_without_faults_has_none(tmp_path: Path) -> None:
    assert check_shelf(write_shelf(tmp_path, SLUG, "second-plan")).faults == ()


def test_only_the_spoilt_place_is_named(tmp_path: Path) -> None:
    write_shelf(tmp_path)
    write_playbook(tmp_path, SLUG, drop("he.yaml", "items.item-4.detail"))
    assert codes(tmp_path) == ["missing_key"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (write_shelf(tmp_path) / "playbooks" / SLUG / "ar.yaml").unlink()
    (fault,) = check_shelf(tmp_path).faults
    assert (fault.code, fault.path.name) == ("file_missing", "ar.yaml")


def test_an_empty_folder_is_no_shelf(tmp_path: Path) -> None:
    assert {"no_playbooks", "file_missing"} == set(codes(tmp_path))


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a: [1\nb: 2\n", 2, "yaml"),
        ("a: b\nc: \x07\n", 2, "yaml"),
        ("a: 1\n---\nb: 2\n", 2, "yaml"),
        ("a: !!python/object:os.system x\n", 1, "yaml"),
        ("? [1]\n: 2\n", 1, "yaml"),
        ("x: &x [*x]\n", 1, "yaml"),
        ("- 1\n", 1, "not_a_mapping"),
        ("", 1, "not_a_mapping"),
        ("title: a\ntrap: b\ntitle: c\n", 3, "written_twice"),
    ],
)
def test_what_is_not_our_yaml_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, code: str
) -> None:
    path = write_shelf(tmp_path) / "playbooks" / SLUG / "he.yaml"
    path.write_text(text, encoding="utf-8")
    found = [fault for fault in check_shelf(tmp_path).errors if fault.code == code]
    assert [(fault.path, fault.line) for fault in found] == [(path, line)]


def test_text_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (write_shelf(tmp_path) / "playbooks" / SLUG / "he.yaml").write_bytes(b"title: \xff\n")
    assert codes(tmp_path) == ["file_unreadable"]


def test_times_and_small_words_stay_text(tmp_path: Path) -> None:
    write_shelf(tmp_path)
    folder = write_playbook(tmp_path)
    text = (folder / "en.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("trap:", "summary:"))]
    lines += ["trap: no", "summary: 13:00"]
    (folder / "en.yaml").write_text("\n".join(lines), encoding="utf-8")
    checked = check_shelf(tmp_path)
    assert checked.faults == ()
    english = checked.shelf.folders[0].words["en"].data
    assert (english["trap"], english["summary"]) == ("no", "13:00")


def shared(root: Path, text: str) -> list[Fault]:
    write_shelf(root, "one-plan", "two-plan")
    for slug, number in (("one-plan", 3), ("two-plan", 9)):
        write_playbook(root, slug, put("he.yaml", f"items.item-{number}.words", text))
    return [fault for fault in check_shelf(root).faults if fault.code == "shared_text"]


def test_words_that_two_playbooks_share_are_named(tmp_path: Path) -> None:
    (fault,) = shared(tmp_path, "עצירת הפוסטים המתוזמנים")
    assert fault.key == "items.item-9.words"
    assert fault.path == tmp_path / "playbooks" / "two-plan" / "he.yaml"
    assert "one-plan/he.yaml" in fault.message and "items.item-3.words" in fault.message


def test_shared_words_are_allowed_with_a_reason(tmp_path: Path) -> None:
    allow = tmp_path / "playbooks" / "shared-texts.yaml"
    rows = [{"text": "עצירת הפוסטים  המתוזמנים.", "because": "the same press on every channel"}]
    write_yaml(allow, {"shared": rows})
    assert shared(tmp_path, "עצירת הפוסטים המתוזמנים") == []
    write_yaml(allow, {"shared": [{"text": rows[0]["text"], "because": ""}]})
    assert {"empty_text", "shared_text"} == set(codes(tmp_path))


def test_an_allowance_that_nothing_needs_is_a_warning(tmp_path: Path) -> None:
    write_shelf(tmp_path)
    rows = [{"text": "gone", "because": "once"}]
    write_yaml(tmp_path / "playbooks" / "shared-texts.yaml", {"shared": rows})
    (fault,) = check_shelf(tmp_path).faults
    assert fault.code == "not_shared" and fault.is_warning


def test_a_text_over_the_channel_s_limit_is_a_warning(tmp_path: Path) -> None:
    write_shelf(tmp_path)
    long = "{fake_account} {next_update} {link} " + "ع " * 130
    write_playbook(tmp_path, SLUG, put("ar.yaml", "statements.update.text", long))
    (fault,) = check_shelf(tmp_path).faults
    assert fault.is_warning and fault.code == "too_long" and "of 280 on x" in fault.message
    assert check_shelf(tmp_path).errors == ()


def test_a_phrase_among_the_facts_is_a_warning(tmp_path: Path) -> None:
    write_shelf(tmp_path)
    write_playbook(tmp_path, SLUG, put(P, "placeholders.fake_account.kind", "phrase"))
    assert codes(tmp_path) == ["fact_is_phrase"]


def test_the_command_prints_one_fault_a_line_and_fails(tmp_path: Path) -> None:
    root = tmp_path / "fixtures"
    write_shelf(root)
    write_playbook(root, SLUG, put("ar.yaml", "items.item-4.words", ""))
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("load_playbooks", "--check", fixtures=root, stdout=out, stderr=err)
    (line,) = err.getvalue().splitlines()
    assert line.startswith(f"fixtures/playbooks/{SLUG}/ar.yaml:")
    assert ": items.item-4.words: is empty" in line


def test_the_check_needs_no_database(tmp_path: Path) -> None:
    # Without the db fixture pytest-django refuses every query.
    out = StringIO()
    call_command("load_playbooks", "--check", fixtures=write_shelf(tmp_path), stdout=out)
    assert "1 playbooks, no faults" in out.getvalue()


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["key", "words", "text", "x", "sev1"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_spoilt_file_breaks_the_check(tmp_path: Path, data: st.DataObject) -> None:
    files = folder_data() | common_files()
    name = data.draw(st.sampled_from(sorted(files)))
    container: Any = {name: files[name]}
    whole = container
    for _ in range(data.draw(st.integers(0, 3))):
        inner = container.values() if isinstance(container, dict) else container
        deeper = [each for each in inner if isinstance(each, dict | list) and each]
        container = data.draw(st.sampled_from(deeper)) if deeper else container
    keys = sorted(container) if isinstance(container, dict) else range(len(container))
    container[data.draw(st.sampled_from(keys))] = data.draw(JUNK)
    if not (tmp_path / "channels.yaml").exists():
        write_shelf(tmp_path)
    place = tmp_path / "playbooks" / SLUG / name if name in folder_data() else tmp_path / name
    write_yaml(place, whole[name])
    try:
        for fault in check_shelf(tmp_path).faults:
            assert fault.line >= 1 and fault.shown(tmp_path)
    finally:  # so that the next example too is spoilt in one place only
        write_yaml(place, (folder_data() | common_files())[name])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,? \n\t", max_size=60))
def test_no_text_breaks_the_reader(tmp_path: Path, text: str) -> None:
    path = tmp_path / "playbooks" / SLUG / "ar.yaml"
    if not path.exists():
        write_shelf(tmp_path)
    path.write_text(text, encoding="utf-8")
    assert check_shelf(tmp_path).errors
    try:
        yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        assert codes(tmp_path) == ["yaml"]
