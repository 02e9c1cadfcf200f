"""Conditions: all that is named must hold, of a list any, and every part says whether it does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbooks.domain.conditions import Ground, Situation, When, holds, reasons

HERE = Situation(
    severity="sev2",
    status="active",
    channels=("x", "facebook"),
    languages=("ar", "he"),
    answers={"harmed": None, "data": True, "told": False},
    unknown={"harmed": True, "data": False, "told": True},
)


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ({}, True),
        ({"severity": ["sev1", "sev2"]}, True),
        ({"severity": ["sev1"]}, False),
        ({"channels": ["tiktok", "x"]}, True),
        ({"channels": ["tiktok"]}, False),
        ({"languages": ["he"]}, True),
        ({"languages": ["en"]}, False),
        ({"status": ["active", "contained"]}, True),
        ({"status": ["declared"]}, False),
        ({"answers": {"data": True}}, True),
        ({"answers": {"data": False}}, False),
        ({"answers": {"told": False}}, True),
        ({"answers": {"harmed": True}}, True),  # nobody answered: what is unknown counts as yes
        ({"answers": {"harmed": False}}, False),
        ({"answers": {"harmed": True, "data": True}}, True),
        ({"answers": {"harmed": True, "data": False}}, False),
        ({"answers": {"never_asked": True}}, False),
        ({"answers": {"never_asked": False}}, False),
        ({"severity": ["sev2"], "channels": ["tiktok"]}, False),
        ({"severity": ["sev2"], "channels": ["x"], "answers": {"told": False}}, True),
    ],
)
def test_what_holds(when: dict[str, Any], wanted: bool) -> None:
    assert holds(When.read(when), HERE) is wanted


def test_every_part_says_whether_it_holds() -> None:
    when = When.read(
        {"severity": ["sev1", "sev3"], "answers": {"harmed": True}, "channels": ["tiktok", "x"]}
    )
    assert reasons(when, HERE) == (
        Ground("answer", True, ("harmed",), True, None),
        Ground("severity", False, ("sev1", "sev3")),
        Ground("channel", True, ("x",)),
    )


SEVERITIES, STATUSES = ["sev1", "sev2", "sev3", "sev4"], ["declared", "active", "contained"]
CHANNELS, LANGUAGES, KEYS = ["x", "facebook", "tiktok"], ["en", "ar", "he"], ["a", "b"]


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3)


WHENS = st.fixed_dictionaries(
    {},
    optional={
        "severity": some(SEVERITIES), "status": some(STATUSES), "channels": some(CHANNELS),
        "languages": some(LANGUAGES),
        "answers": st.dictionaries(st.sampled_from(KEYS), st.booleans(), max_size=2),
    },
)  # fmt: skip
SITUATIONS = st.builds(
    Situation,
    severity=st.sampled_from(SEVERITIES),
    status=st.sampled_from(STATUSES),
    channels=some(CHANNELS).map(tuple),
    languages=some(LANGUAGES).map(tuple),
    answers=st.dictionaries(st.sampled_from(KEYS), st.none() | st.booleans()),
    unknown=st.fixed_dictionaries({key: st.booleans() for key in KEYS}),
)


# A busy machine makes slow examples; that says nothing about a condition.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@UNHURRIED
@given(when=WHENS, here=SITUATIONS)
def test_a_condition_holds_exactly_when_each_of_its_parts_does(
    when: dict[str, Any], here: Situation
) -> None:
    read = When.read(when)
    parts = [
        When.read({name: value}) for name, value in read.as_data().items() if name != "answers"
    ]
    parts += [When.read({"answers": {key: value}}) for key, value in read.answers.items()]
    assert holds(read, here) is all(holds(part, here) for part in parts)
    assert len(reasons(read, here)) == len(parts)


@UNHURRIED
@given(here=SITUATIONS, key=st.sampled_from(KEYS))
def test_an_asked_question_is_either_yes_or_no(here: Situation, key: str) -> None:
    yes, no = (holds(When.read({"answers": {key: wanted}}), here) for wanted in (True, False))
    assert yes is not no


@UNHURRIED
@given(when=WHENS, here=SITUATIONS)
def test_what_is_named_more_is_never_easier(when: dict[str, Any], here: Situation) -> None:
    more = When.read(when | {"severity": [here.severity]})
    without = When.read({name: value for name, value in when.items() if name != "severity"})
    assert holds(more, here) is holds(without, here)
