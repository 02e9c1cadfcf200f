"""Duties to tell an authority, as pages, API and reports show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crisisdesk.incidents.models import Incident, RegulatorClock, RegulatorNotice
from playbooks.domain.regulators import Duty, Words, parse_duty
from playbooks.models import Regulator


@dataclass(frozen=True)
class Told:
    """One part of a notice with the words of its fields, in the order the rule asks for them."""

    notice: RegulatorNotice
    parts: tuple[tuple[Words, str], ...]


@dataclass(frozen=True)
class RegulatorRow:
    """One duty with its answer, its clock and what was told."""

    clock: RegulatorClock
    duty: Duty
    told: tuple[Told, ...]

    @property
    def due_at(self) -> datetime | None:
        """When its time is over; None while no clock runs or ran."""
        return self.clock.deadline.due_at if self.clock.deadline else None

    @property
    def waits(self) -> bool:
        """Whether it applies and waits for the notice that starts it."""
        return bool(self.clock.applies) and self.clock.deadline is None

    @property
    def late_seconds(self) -> int:
        """How late the first part was sent."""
        return self.told[0].notice.late_seconds if self.told else 0

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that no part has told yet."""
        told = {name for part in self.told for name in part.notice.contents}
        return tuple(name for name in self.duty.fields if name not in told)

    @property
    def asked_fields(self) -> tuple[tuple[str, Words], ...]:
        """The fields that are still to be told, with their words."""
        return tuple((name, self.duty.field_words[name]) for name in self.missing)


def regulators_of(incident: Incident) -> list[RegulatorRow]:
    """Return the incident's duties in the playbook's order, in two queries."""
    clocks = (
        RegulatorClock.objects.filter(incident=incident)
        .select_related("deadline", "answered_by")
        .prefetch_related("notices")
        .order_by("position", "pk")
    )
    return [_row(clock) for clock in clocks]


def _row(clock: RegulatorClock) -> RegulatorRow:
    duty = parse_duty(clock.key, clock.rule)
    return RegulatorRow(
        clock,
        duty,
        tuple(
            Told(
                notice,
                tuple(
                    (duty.field_words[name], notice.contents[name])
                    for name in duty.fields
                    if name in notice.contents
                ),
            )
            for notice in clock.notices.all()
        ),
    )


def others(rows: list[RegulatorRow]) -> list[tuple[str, Words]]:
    """Return the authorities of the list that the incident does not ask about, by key and title."""
    there = {row.clock.key for row in rows}
    return [
        (found.key, parse_duty(found.key, found.content).title)
        for found in Regulator.objects.filter(is_listed=True)
        if found.key not in there
    ]
