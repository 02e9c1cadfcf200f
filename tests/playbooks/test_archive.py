"""A playbook leaves as the same bytes each time, comes back as the same content, and no archive does harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as desk_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.archive import MOST_BYTES, NAMES, pack, unpack
from playbooks.domain.checking import check_folder, check_shelf
from playbooks.domain.checking_structure import Known
from playbooks.domain.checking_words import ChannelLimit
from playbooks.domain.shelf_files import folder_of, read_shelf
from playbooks.domain.writing import files_of
from playbooks.domain.yaml_files import read_bytes
from tests.factories.moving import moving_folder
from tests.factories.playbooks import folder_data, write_shelf, write_yaml
from tests.playbooks.archives import files_in, small_content, with_link, zipped

FIXTURES = Path(desk_settings.BASE_DIR) / "fixtures"
SHELF = {folder.slug: folder for folder in read_shelf(FIXTURES).folders}
KNOWN = Known(channels=("x", "facebook"), documents=("target-ar",), lessons=("answer-first",))
LIMITS = {"x": ChannelLimit(280, "x_weighted", 23)}
SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

PLAIN = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(PLAIN, max_size=40),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("slug", sorted(SHELF))
def test_every_playbook_on_the_shelf_goes_round_byte_for_byte(slug: str) -> None:
    content = SHELF[slug].content()
    # The database keeps no order of keys.
    kept = json.loads(json.dumps(content, sort_keys=True))
    first = pack(kept)
    folder, faults = unpack(first)
    assert folder is not None and faults == ()
    assert folder.content() == content
    assert pack(folder.content()) == first == pack(content)


def test_a_plan_that_moves_goes_round_as_well() -> None:
    files = moving_folder()
    said = {code: files[f"{code}.yaml"] for code in LANGUAGES}
    content = {**files["playbook.yaml"], "words": said}
    folder, _ = unpack(pack(content))
    assert folder is not None and folder.content() == content
    assert pack(json.loads(json.dumps(content, sort_keys=True))) == pack(content)


def test_it_is_written_for_people(tmp_path: Path) -> None:
    files = {
        name: raw.decode() for name, raw in files_of(SHELF["service-outage"].content()).items()
    }
    assert list(files) == list(NAMES)
    keys = [
        line.split(":")[0] for line in files["playbook.yaml"].splitlines() if line[0] not in " -"
    ]
    assert keys[:3] == ["schema", "slug", "crisis_type"] and keys[-1] == "lessons"
    assert "minutes: {sev1: 10, sev2: 20, sev3: 60}" in files["playbook.yaml"]
    assert "توقّف الخدمة" in files["ar.yaml"] and "נפילת שירות" in files["he.yaml"]


@given(text=st.text(PLAIN, max_size=80), key=st.sampled_from(["title", "trap"]))
@settings(max_examples=150, deadline=None)
def test_whatever_words_hold_goes_round(text: str, key: str) -> None:
    content = small_content()
    content["words"]["ar"][key] = text
    content["words"]["ar"]["avoid"][0]["words"] = text
    folder, faults = unpack(pack(content))
    assert folder is not None and faults == ()
    assert folder.words["ar"].faults == [] and folder.content() == content


ROOT = files_in(pack(small_content()))
BAD: dict[str, tuple[bytes, str]] = {
    "no zip": (b"not a zip", "archive_unreadable"),
    "nothing": (b"", "archive_unreadable"),
    "cut": (pack(small_content())[:-200], "archive_unreadable"),
    "climbs": (zipped(ROOT | {"../en.yaml": b"x: 1"}), "archive_climbs"),
    "climbs inside": (zipped(ROOT | {"a/../../en.yaml": b"x: 1"}), "archive_climbs"),
    "absolute": (zipped(ROOT | {"/etc/en.yaml": b"x: 1"}), "archive_climbs"),
    "backslash": (zipped(ROOT | {"..\\en.yaml": b"x: 1"}), "archive_climbs"),
    "drive": (zipped(ROOT | {"C:en.yaml": b"x: 1"}), "archive_climbs"),
    "climbing folder": (zipped(ROOT | {"../out/": b""}), "archive_climbs"),
    "link": (with_link(), "archive_link"),
    "foreign": (zipped(ROOT | {"run.sh": b"rm"}), "archive_foreign"),
    "two folders": (zipped({f"a/{n}": r for n, r in ROOT.items()} | {"b/en.yaml": b"x: 1"}), "archive_foreign"),
    "deep": (zipped({f"a/b/{n}": r for n, r in ROOT.items()}), "archive_foreign"),
    "bomb": (zipped(ROOT | {"fr.yaml": b"0" * (MOST_BYTES + 1)}), "archive_too_large"),
    "many": (zipped({f"{n}.yaml": b"" for n in range(200)}), "archive_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_dangerous_archive_is_not_opened(name: str) -> None:
    raw, code = BAD[name]
    folder, faults = unpack(raw)
    assert folder is None
    assert {fault.code for fault in faults} == {code}


def test_a_size_that_lies_unpacks_no_more_than_it_promised() -> None:
    raw = bytearray(zipped(ROOT | {"en.yaml": b"0" * 5_000_000}))
    # The list at the end promises one byte for every file.
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        raw[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at = raw.find(b"PK\x01\x02", at + 4)
    folder, faults = unpack(bytes(raw))
    assert folder is None and {fault.code for fault in faults} == {"archive_unreadable"}


def test_what_a_file_manager_adds_is_passed_over() -> None:
    files = {f"plan/{name}": raw for name, raw in ROOT.items()}
    folder, faults = unpack(
        zipped(files | {"plan/": b"", "plan/.DS_Store": b"x", "__MACOSX/plan/._en.yaml": b"x"})
    )
    assert faults == () and folder is not None and folder.content() == small_content()


def test_a_file_that_is_not_utf_8_is_named_with_its_line() -> None:
    folder, _ = unpack(zipped(ROOT | {"he.yaml": "title: a\nsummary: עברית\n".encode("cp1255")}))
    assert folder is not None
    (fault,) = folder.words["he"].faults
    assert (fault.path.as_posix(), fault.line, fault.code) == ("he.yaml", 2, "file_unreadable")


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"a: 1\nb: !!python/object:os.system x\n", 2),
        (b"a: 1\nb: !!binary aGk=\n", 2),
        (b"a: !!bool perhaps\n", 1),
        (b'a: 1\nb: "\\0"\n', 2),
        (b'a: "\\ud800"\n', 1),
        (b"a: &a [*a]\n", 1),
        (b"a: [1, 2\n", 2),
        (b"? [x]\n: 1\n", 1),
    ],
)
def test_surprises_of_yaml_are_faults(raw: bytes, line: int) -> None:
    document = read_bytes(Path("en.yaml"), raw)
    assert document.data is None
    assert [(fault.code, fault.line) for fault in document.faults] == [("yaml", line)]


@given(
    raw=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
@settings(max_examples=200, deadline=None)
def test_no_bytes_make_the_reader_fail(raw: bytes) -> None:
    document = read_bytes(Path("en.yaml"), raw)
    assert document.faults or isinstance(document.data, dict)
    unpack(raw)


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_no_bytes_in_an_archive_make_it_fail(data: st.DataObject) -> None:
    raw = bytearray(pack(small_content()))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    folder, faults = unpack(bytes(raw))
    if folder is None:
        assert faults
    else:
        check_folder(folder, KNOWN, LIMITS)


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    rows = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [(*path, key) for key, _ in rows] + [
        place for key, part in rows for place in _places(part, (*path, key))
    ]


@given(data=st.data())
@SLOW
def test_no_value_anywhere_makes_the_check_fail(data: st.DataObject, tmp_path: Path) -> None:
    files = data.draw(st.sampled_from([folder_data, moving_folder]))()
    name = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.sampled_from(_places(files[name])))
    part = files[name]
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = data.draw(VALUES)
    content = {
        **files["playbook.yaml"],
        "words": {code: files[f"{code}.yaml"] for code in ("en", "ar", "he")},
    }
    folder = folder_of(content)
    check_folder(folder, KNOWN, LIMITS)
    write_shelf(tmp_path)
    for file, said in files.items():
        write_yaml(tmp_path / "playbooks" / content_slug(tmp_path) / file, said)
    checked = check_shelf(tmp_path)
    if not any(
        not fault.is_warning for document in folder.documents() for fault in document.faults
    ):
        assert unpack(pack(content))[0].content() == content
    assert all(fault.line >= 1 for fault in checked.faults)


def content_slug(root: Path) -> str:
    """Return the one folder of the shelf written there."""
    (folder,) = [path.name for path in (root / "playbooks").iterdir() if path.is_dir()]
    return folder


def test_yaml_written_by_hand_reads_as_what_the_desk_writes() -> None:
    raw = files_of(small_content())["he.yaml"]
    assert yaml.safe_load(raw) == small_content()["words"]["he"]
