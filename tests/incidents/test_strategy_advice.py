"""The adviser's rules: every combination of answers, and every choice of lines against it."""

from __future__ import annotations

from itertools import chain, combinations, product

import pytest

from crisisdesk.core.words import WORDS
from crisisdesk.incidents.domain.strategy_advice import (
    BLAME,
    LEVELS,
    Situation,
    advise,
    hints,
    source_of,
    warnings,
)
from crisisdesk.incidents.enums import Line
from playbooks.enums import ScctCluster

# cluster, had something similar, bad reputation -> threat, line
TABLE = {
    ("victim", False, False): (1, "inform"),
    ("victim", True, False): (2, "diminish"),
    ("victim", False, True): (2, "diminish"),
    ("victim", True, True): (3, "rebuild"),
    ("accidental", False, False): (2, "diminish"),
    ("accidental", True, False): (3, "rebuild"),
    ("accidental", False, True): (3, "rebuild"),
    ("accidental", True, True): (4, "rebuild"),
    ("preventable", False, False): (3, "rebuild"),
    ("preventable", True, False): (4, "rebuild"),
    ("preventable", False, True): (4, "rebuild"),
    ("preventable", True, True): (5, "rebuild"),
}
SITUATIONS = list(product(BLAME, (False, True), (False, True)))
CHOICES = list(chain.from_iterable(combinations(Line.values, n) for n in range(1, 5)))


def test_the_table_is_whole_and_speaks_of_the_same_clusters_as_playbooks() -> None:
    assert set(TABLE) == set(SITUATIONS)
    assert set(BLAME) == set(ScctCluster.values) == set(WORDS["cluster"])
    assert {level for level, _line in TABLE.values()} == set(LEVELS)


@pytest.mark.parametrize("proven", [False, True])
@pytest.mark.parametrize(("cluster", "similar", "bad"), SITUATIONS)
def test_threat_and_line(cluster: str, similar: bool, bad: bool, proven: bool) -> None:
    advice = advise(Situation(cluster, similar, bad, proven))
    level, line = TABLE[cluster, similar, bad]
    if proven and cluster == "victim":
        line = "deny"
    assert (advice.level, advice.recommended) == (level, line)
    assert len(advice.reasons) == 1 + similar + bad + (line == "deny")
    for code in advice.reasons:
        assert WORDS["advice"][code] and source_of(code).url.startswith("https://")


@pytest.mark.parametrize("lines", CHOICES)
@pytest.mark.parametrize("proven", [False, True])
@pytest.mark.parametrize(("cluster", "similar", "bad"), SITUATIONS)
def test_what_speaks_against_a_choice(
    cluster: str, similar: bool, bad: bool, proven: bool, lines: tuple[str, ...]
) -> None:
    situation = Situation(cluster, similar, bad, proven)
    may_deny = proven and cluster == "victim"
    order = ["deny", "inform", "diminish", "rebuild"]
    wanted = "deny" if may_deny else TABLE[cluster, similar, bad][1]
    strongest = max(order.index(line) for line in lines)
    expected = {
        "below_recommended": strongest < order.index(wanted),
        "denies_without_evidence": "deny" in lines and not may_deny,
        "denies_and_rebuilds": {"deny", "rebuild"} <= set(lines),
    }
    found = warnings(situation, lines)
    assert set(found) == {code for code, holds in expected.items() if holds}
    assert set(found) <= set(WORDS["advice"])


def test_nothing_speaks_against_a_choice_that_is_not_made() -> None:
    assert warnings(Situation("preventable"), []) == ()


@pytest.mark.parametrize(
    ("self_disclosed", "is_public", "first"),
    [(True, True, "told_first"), (True, False, "told_first"), (False, False, "tell_first")],
)
def test_who_tells_it_first_is_said_while_it_matters(
    self_disclosed: bool, is_public: bool, first: str
) -> None:
    found = hints(self_disclosed=self_disclosed, is_public=is_public)
    assert found == ("safety_first", first, "more_than_sympathy")
    assert {source_of(code).name for code in found[1:]} != {source_of("safety_first").name}


def test_what_is_public_already_cannot_be_told_first() -> None:
    assert hints(self_disclosed=False, is_public=True) == ("safety_first", "more_than_sympathy")
