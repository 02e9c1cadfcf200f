"""The six figures, from rows alone: met, late by how much, or not measured; never filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from crisisdesk.incidents.enums import Stage
from crisisdesk.incidents.queries.metrics import (
    Agreed,
    Figures,
    Outcome,
    Promised,
    Record,
    Word,
    figures,
)

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def count(**fields: Any) -> Figures:
    values: dict[str, Any] = {
        "detected_at": NOON,
        "first_signal_at": None,
        "until": after(300),
        "at": after(300),
        "today": date(2026, 11, 11),
    } | fields
    return figures(Record(**values))


def test_nothing_known_is_not_measured() -> None:
    assert {measure.outcome for measure in count().all()} == {Outcome.NOT_MEASURED}


def test_noticed_after_counts_from_the_first_public_post() -> None:
    assert count(first_signal_at=after(-6)).noticed_after.value == 6
    late = count(first_signal_at=after(-40)).noticed_after
    assert (late.outcome, late.value, late.over) == (Outcome.LATE, 40, 25)


def test_a_word_is_held_against_its_own_deadline() -> None:
    words = [Word(after(9), Stage.ACKNOWLEDGEMENT), Word(after(82), Stage.HOLDING)]
    found = count(words=words, first_word_due=after(30), full_statement_due=after(60))
    assert (found.first_word_after.outcome, found.first_word_after.value, found.first_word_after.target) == (
        Outcome.MET, 9, 30,
    )  # fmt: skip
    full = found.full_statement_after
    assert (full.outcome, full.value, full.target, full.over) == (Outcome.LATE, 82, 60, 22)


def test_twenty_seconds_late_is_late() -> None:
    found = count(
        words=[Word(after(30) + timedelta(seconds=20), Stage.ACKNOWLEDGEMENT)],
        first_word_due=after(30),
    )
    assert (found.first_word_after.outcome, found.first_word_after.over) == (Outcome.LATE, 1)


def test_a_word_that_never_came_is_late_without_a_value() -> None:
    found = count(full_statement_due=after(60)).full_statement_after
    assert (found.outcome, found.value, found.over) == (Outcome.LATE, None, 240)
    assert (
        count(full_statement_due=after(60), until=after(20)).full_statement_after.outcome
        == Outcome.NOT_YET
    )


def test_an_update_is_no_full_statement() -> None:
    found = count(words=[Word(after(9), Stage.UPDATE)], full_statement_due=after(60))
    assert found.full_statement_after.value is None


def test_silence_is_the_longest_gap_between_words() -> None:
    words = [
        Word(after(9), Stage.ACKNOWLEDGEMENT),
        Word(after(82), Stage.HOLDING),
        Word(after(120), Stage.RESOLUTION),
    ]
    found = count(words=words, cadence=timedelta(minutes=60))
    assert (found.longest_silence.value, found.longest_silence.over) == (73, 13)
    assert found.silence is not None
    assert (found.silence.start, found.silence.end, found.silence.ended_by_word) == (
        after(9),
        after(82),
        True,
    )


def test_silence_runs_on_after_the_last_word_unless_it_was_the_resolution() -> None:
    spoken = [Word(after(9), Stage.ACKNOWLEDGEMENT)]
    assert count(words=spoken, cadence=timedelta(minutes=60)).longest_silence.value == 291
    solved = [*spoken, Word(after(30), Stage.RESOLUTION)]
    assert count(words=solved, cadence=timedelta(minutes=60)).longest_silence.value == 21


def test_promises_count_when_they_are_due_or_kept() -> None:
    promises = [
        Promised(after(52), after(82)),
        Promised(after(142), after(136)),
        Promised(after(202), after(193)),
        Promised(after(900), None),
    ]
    found = count(promises=promises).promises_kept
    assert (found.value, found.of, found.broken, found.over, found.outcome) == (
        2,
        3,
        1,
        30,
        Outcome.LATE,
    )


def test_a_promise_due_after_the_end_counts_at_the_moment_of_looking() -> None:
    found = count(
        until=after(60), at=after(400), promises=[Promised(after(300), None)]
    ).promises_kept
    assert (found.value, found.of, found.over) == (0, 1, 100)


def test_actions_are_late_only_when_one_is_overdue() -> None:
    waiting = [Agreed(date(2026, 11, 20), is_done=False), Agreed(date(2026, 11, 10), is_done=True)]
    assert (
        count(actions=waiting).actions_open.value,
        count(actions=waiting).actions_open.outcome,
    ) == (1, Outcome.MET)
    overdue = count(actions=[Agreed(date(2026, 11, 9), is_done=False)]).actions_open
    assert (overdue.outcome, overdue.broken, overdue.over) == (Outcome.LATE, 1, 2)
