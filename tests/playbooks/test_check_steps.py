"""Schema 3: whom a step tells, when, by what, until when; and how often it rings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crisisdesk.organisation.models import Brand, User
from playbooks.domain import content as shelf
from playbooks.domain.archive import pack, unpack
from playbooks.domain.checking import check_shelf
from playbooks.domain.content import parse, raise_schema
from playbooks.domain.desk_checks import check_content
from playbooks.models import PlaybookDraft
from tests.factories.moving import moving_folder, write_moving
from tests.factories.organisation import make_user
from tests.playbooks.test_check import P

LEAD = {"after_percent": 125, "who": "lead", "origin": "ours"}


def faults(root: Path, steps: list[dict[str, Any]], **rules: Any) -> list[tuple[str, str]]:
    """Return code and place of every fault of a shared playbook with these steps and rules."""
    files = moving_folder()
    files[P] |= {"schema": 3, "escalation": steps}
    if rules:
        files[P]["reminders"] = rules
    return [(fault.code, fault.key) for fault in check_shelf(write_moving(root, files)).errors]


@pytest.mark.parametrize(
    ("step", "code", "place"),
    [
        ({"after_percent": None, "who": "lead"}, "step_delay", ""),
        ({"after_percent": 150, "after_minutes": 5, "who": "lead"}, "step_delay", ""),
        ({"after_percent": 125, "who": "lead"}, "not_rising", ".after_percent"),
        ({"after_percent": 90, "who": "lead"}, "bad_number", ".after_percent"),
        ({"after_minutes": 0, "who": "lead"}, "bad_number", ".after_minutes"),
        ({"after_minutes": 5, "who": "mum"}, "bad_value", ".who"),
        ({"after_minutes": 5, "who": "person"}, "step_reaches_nobody", ".who"),
        (
            {"after_minutes": 5, "who": "person", "person": "a@desk.test"},
            "step_reaches_nobody", ".person",
        ),
        (
            {"after_minutes": 5, "who": "lead", "person": "a@desk.test"},
            "person_misplaced", ".person",
        ),
        (
            {"after_minutes": 5, "who": "lead", "transports": ["pigeon"]},
            "unknown_transport", ".transports.0",
        ),
        (
            {"after_minutes": 5, "who": "lead", "transports": ["sms", "sms"]},
            "written_twice", ".transports.1",
        ),
        ({"after_minutes": 5, "who": "lead", "until": "closed"}, "bad_value", ".until"),
        ({"after_minutes": 5, "who": "lead", "origin": "document"}, "source_missing", ".source"),
    ],
)  # fmt: skip
def test_every_fault_of_a_step_is_named_at_its_place(
    tmp_path: Path, step: dict[str, Any], code: str, place: str
) -> None:
    asked = {"origin": "ours", **{name: value for name, value in step.items() if value is not None}}
    assert (code, f"escalation.1{place}") in faults(tmp_path, [LEAD, asked])


@pytest.mark.parametrize(
    ("rules", "code", "place"),
    [
        ({"first": 50, "second": 40}, "not_rising", "reminders.second"),
        ({"first": 100}, "bad_number", "reminders.first"),
        ({"most": 2}, "bad_number", "reminders.most"),
        ({"every": 1}, "bad_number", "reminders.every"),
        ({"answer": {"sev1": 1}}, "bad_number", "reminders.answer.sev1"),
        ({"third": 90}, "extra_key", "reminders.third"),
    ],
)
def test_every_fault_of_the_rules_is_named_at_its_place(
    tmp_path: Path, rules: dict[str, Any], code: str, place: str
) -> None:
    assert faults(tmp_path, [LEAD], **rules) == [(code, place)]


def test_a_step_may_wait_for_minutes_and_older_schemas_know_nothing_of_it(tmp_path: Path) -> None:
    steps = [
        LEAD,
        {"after_minutes": 5, "who": "on_watch", "transports": ["sms"], "until": "acknowledged",
         "origin": "ours"},
    ]  # fmt: skip
    assert faults(tmp_path, steps, first=30, most=5) == []
    files = moving_folder()
    files[P]["escalation"] = [{"after_percent": 125, "who": "on_watch"}]
    found = check_shelf(write_moving(tmp_path / "old", files)).errors
    assert [(fault.code, fault.key) for fault in found] == [("bad_value", "escalation.0.who")]


@pytest.mark.django_db
def test_publishing_asks_whether_the_person_is_there(
    draft: PlaybookDraft, brand: Brand, lead: User
) -> None:
    def codes(person: str, who: str = "person") -> set[tuple[str, bool]]:
        step = {"after_minutes": 5, "who": who, "origin": "ours"}
        if who == "person":
            step["person"] = person
        content = {**draft.content, "schema": 3, "escalation": [step]}
        return {
            (fault.code, fault.is_warning)
            for fault in check_content(content, brand_id=brand.pk)
            if fault.key.startswith("escalation")
        }

    stranger = make_user("stranger")
    assert codes(lead.email.upper()) == set()
    assert codes(stranger.email) == {("step_reaches_nobody", False)}
    lead.is_active = False
    lead.save()
    assert codes(lead.email) == {("step_reaches_nobody", False)}
    assert codes("", "executive") == {("nobody_there", True)}


@pytest.mark.django_db
def test_content_is_raised_only_where_it_says_what_older_readers_do_not(
    draft: PlaybookDraft,
) -> None:
    plain = {**draft.content, "schema": 2, "escalation": [{"after_percent": 125, "who": "lead"}]}
    raise_schema(plain)
    assert plain["schema"] == 2 and parse(plain).reminders == shelf.ReminderRules()
    newer = {**plain, "escalation": [{"after_minutes": 5, "who": "lead"}]}
    raise_schema(newer)
    assert newer["schema"] == 3 and newer["escalation"][0]["origin"] == "ours"
    assert parse(newer).escalation[0].after_minutes == 5


@pytest.mark.django_db
def test_steps_and_rules_leave_and_come_back_the_same(draft: PlaybookDraft) -> None:
    step = {"after_minutes": 5, "who": "lead", "transports": ["email", "sms"], "until": "contained",
            "origin": "ours"}  # fmt: skip
    rules = {"first": 40, "every": 50, "most": 5, "answer": {"sev1": 10}}
    content = {**draft.content, "schema": 3, "escalation": [step], "reminders": rules}
    folder, _ = unpack(pack(content))
    assert folder is not None
    back = folder.content()
    assert (back["escalation"], back["reminders"]) == ([step], rules)
    told = parse(back).reminders
    assert (told.shares, told.every, told.answer["sev1"], told.answer["sev2"]) == (
        (40,),
        50,
        10,
        30,
    )
