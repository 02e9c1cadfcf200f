"""The file of authorities: loaded once, kept when it shrinks, and every fault named with its line."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from playbooks.domain.checking import check_shelf
from playbooks.domain.regulators import parse_duty
from playbooks.models import Regulator
from tests.factories.organisation import NOON
from tests.factories.playbooks import load, write_shelf, write_yaml

REAL = Path(settings.BASE_DIR) / "fixtures" / "regulators.yaml"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A shelf without faults, with the desk's own file of authorities."""
    shutil.copy(REAL, write_shelf(tmp_path) / "regulators.yaml")
    return tmp_path


def changed(shelf: Path, change: Any) -> None:
    """Change the first authority of the file."""
    data = yaml.safe_load(REAL.read_text(encoding="utf-8"))
    change(data["regulators"][0])
    write_yaml(shelf / "regulators.yaml", data)


def faults(shelf: Path) -> list[tuple[str, str]]:
    """Key and code of every fault."""
    return [(fault.key, fault.code) for fault in check_shelf(shelf).errors]


@pytest.mark.django_db
def test_loading_twice_writes_once_and_keeps_what_left_the_file(shelf: Path) -> None:
    assert load(shelf).regulators == 10
    assert load(shelf).regulators == 0
    data = yaml.safe_load(REAL.read_text(encoding="utf-8"))
    del data["regulators"][-1]
    write_yaml(shelf / "regulators.yaml", data)
    assert load(shelf).regulators == 1
    assert Regulator.objects.filter(is_listed=False).get().key == "cpsc-recall"


@pytest.mark.django_db
def test_every_duty_can_be_read_and_ends_after_it_began(shelf: Path) -> None:
    load(shelf)
    for row in Regulator.objects.all():
        duty = parse_duty(row.key, row.content)
        assert duty.due_at(NOON) > NOON
        assert all(duty.title.values()) and all(duty.ask.values()) and all(duty.rule.values())
        assert set(duty.field_words) == set(duty.fields)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda row: row.update(start="later"), ("start", "bad_value")),
        (lambda row: row.update(start={"notice": "moon"}), ("start.notice", "unknown_regulator")),
        (lambda row: row.update(length={}), ("length", "clock_length")),
        (lambda row: row.update(length={"hours": 1, "months": 1}), ("length", "clock_length")),
        (lambda row: row.update(length={"hours": 0}), ("length.hours", "bad_number")),
        (lambda row: row.update(length={"business_days": 2}), ("weekend", "missing_key")),
        (lambda row: row.update(zone="Moon/Base"), ("zone", "bad_value")),
        (lambda row: row.update(fields=[]), ("fields", "empty_text")),
        (lambda row: row["words"]["he"].pop("rule"), ("words.he.rule", "missing_key")),
        (
            lambda row: row["words"]["ar"]["fields"].update(nature=" "),
            ("words.ar.fields.nature", "empty_text"),
        ),
    ],
)
def test_a_fault_names_its_key(shelf: Path, change: Any, fault: tuple[str, str]) -> None:
    changed(shelf, change)
    key, code = fault
    assert (f"regulators.gdpr-authority.{key}", code) in faults(shelf)


def test_the_desk_s_own_file_has_no_fault(shelf: Path) -> None:
    assert faults(shelf) == []
