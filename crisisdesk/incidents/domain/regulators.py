"""Regulator clocks: whether a duty applies, when its time is over, and what was told (domain.md 4A).

The desk keeps time and words; whether a law applies is for counsel, and every page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import deadlines, timeline
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import (
    DeadlineKind,
    EventKind,
    IncidentRole,
    Status,
)
from crisisdesk.incidents.models import (
    Deadline,
    Incident,
    RegulatorClock,
    RegulatorNotice,
)
from crisisdesk.organisation.domain.actors import Actor
from playbooks.domain.regulators import Duty, parse_duty
from playbooks.enums import RegulatorStart
from playbooks.models import Regulator

LONGEST_FIELD = 4000


def duty_of(clock: RegulatorClock) -> Duty:
    """Return the duty as it was copied into the incident."""
    return parse_duty(clock.key, clock.rule)


def copy_regulators(incident: Incident, keys: tuple[str, ...]) -> None:
    """Copy the duties that the playbook asks about, unanswered; at most two statements."""
    if not keys:
        return
    found = {row.key: row for row in Regulator.objects.filter(key__in=keys)}
    RegulatorClock.objects.bulk_create(
        RegulatorClock(incident=incident, key=key, position=place, rule=found[key].content)
        for place, key in enumerate(keys)
        if key in found
    )


@transaction.atomic
def add_regulator(*, incident_id: int, key: str, actor: Actor, at: datetime) -> RegulatorClock:
    """Ask about a duty that the playbook does not name.

    Raises Invalid("regulator_unknown" | "regulator_there", field="key").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "answer_regulator", incident)
    require_open(incident)
    regulator = Regulator.objects.filter(key=key, is_listed=True).first()
    if regulator is None:
        raise Invalid("regulator_unknown", field="key", value=key)
    there = RegulatorClock.objects.filter(incident=incident)
    if there.filter(key=key).exists():
        raise Invalid("regulator_there", field="key")
    clock = RegulatorClock.objects.create(
        incident=incident, key=key, position=there.count(), rule=regulator.content
    )
    timeline.record(
        incident,
        EventKind.REGULATOR_ADDED,
        actor=actor,
        at=at,
        data={"regulator": clock.pk, "key": key, "label": dict(duty_of(clock).title)},
    )
    return clock


@transaction.atomic
def answer_regulator(
    *,
    clock_id: int,
    applies: bool,
    version: int,
    actor: Actor,
    at: datetime,
    started_at: datetime | None = None,
) -> RegulatorClock:
    """Say whether the duty applies. Yes starts its clock from `started_at`, or, for a duty that another one's notice
    starts, once that was sent; no ends a clock that runs. An answer may change until a notice was sent.

    Without `started_at` the time counts from when the incident was noticed, where awareness starts it. Raises Stale,
    Invalid("started_missing" | "started_in_future", field="started_at") and Invalid("notice_sent").
    """
    incident, clock = _clock(clock_id, actor=actor, permission="answer_regulator")
    require_open(incident)
    if clock.version != version:
        raise Stale("stale", current=clock)
    if clock.notices.exists():
        raise Invalid("notice_sent", field="applies")
    duty = duty_of(clock)
    start = _start(incident, duty, started_at, at=at) if applies else None
    before = clock.deadline.due_at if clock.deadline and clock.applies else None
    if clock.deadline_id:
        running = deadlines.running(incident, subject=("regulator", clock.pk))
        deadlines.cancel(running, reason="answer")
    clock.applies, clock.started_at, clock.deadline = applies, start, None
    clock.answered_by, clock.answered_at = actor.user, at
    clock.version += 1
    if start is not None:
        clock.deadline = _start_deadline(incident, clock, duty, start, at=at)
    clock.save()
    timeline.record(
        incident,
        EventKind.REGULATOR_ANSWERED,
        actor=actor,
        at=at,
        data={
            "regulator": clock.pk,
            "key": clock.key,
            "label": dict(duty.title),
            "applies": applies,
            "started_at": start.isoformat() if start else None,
            "from": before.isoformat() if before else None,
            "to": clock.deadline.due_at.isoformat() if clock.deadline else None,
        },
    )
    return clock


def _start(
    incident: Incident, duty: Duty, started_at: datetime | None, *, at: datetime
) -> datetime | None:
    if duty.start == RegulatorStart.NOTICE:
        first = (
            RegulatorNotice.objects.filter(clock__incident=incident, clock__key=duty.after)
            .order_by("sent_at")
            .first()
        )
        return first.sent_at if first else None
    if started_at is None and duty.start == RegulatorStart.AWARE:
        return incident.aware_at
    if started_at is None:
        raise Invalid("started_missing", field="started_at")
    if started_at > at:
        raise Invalid("started_in_future", field="started_at")
    return started_at


def _start_deadline(
    incident: Incident, clock: RegulatorClock, duty: Duty, start: datetime, *, at: datetime
) -> Deadline:
    return deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.REGULATOR,
            key=clock.key,
            label=dict(duty.title),
            started_at=start,
            length=duty.due_at(start) - start,
            lives_until=Status.CANCELLED,  # the law does not wait for us to close the matter
            role=IncidentRole.LEAD,
            start_event=duty.start,
            subject=("regulator", clock.pk),
        ),
        at=at,
    )


@transaction.atomic
def record_notice(
    *,
    clock_id: int,
    sent_at: datetime,
    contents: Mapping[str, str],
    version: int,
    actor: Actor,
    at: datetime,
    receipt: str = "",
    late_reason: str = "",
) -> RegulatorNotice:
    """Keep what was told and when; the first part meets the clock, later parts add what was missing.

    Raises Stale, Invalid("duty_not_applying"), Invalid("sent_in_future" | "sent_before_start", field="sent_at"),
    Invalid("contents_missing", field="contents"), Invalid("field_unknown", field=…), Invalid("text_too_long"), and for
    a first part after its time without a reason Invalid("late_reason_missing", field="late_reason"): the law wants one.
    """
    incident, clock = _clock(clock_id, actor=actor, permission="work")
    if clock.version != version:
        raise Stale("stale", current=clock)
    if not clock.applies or clock.started_at is None or clock.deadline is None:
        raise Invalid("duty_not_applying")
    if sent_at > at:
        raise Invalid("sent_in_future", field="sent_at")
    if sent_at < clock.started_at:
        raise Invalid("sent_before_start", field="sent_at")
    duty = duty_of(clock)
    told = _told(duty, contents)
    is_first = not clock.notices.exists()
    late = max(0, int((sent_at - clock.deadline.due_at).total_seconds())) if is_first else 0
    if late and not late_reason.strip():
        raise Invalid("late_reason_missing", field="late_reason")
    words = " ".join(told.values())
    notice = RegulatorNotice.objects.create(
        clock=clock,
        sent_at=sent_at,
        contents=told,
        language=guess_language(words, fallback=incident.title_language),
        receipt=receipt.strip()[:120],
        late_reason=late_reason.strip()[:2000] if late else "",
        late_seconds=late,
        recorded_by=actor.user,
        recorded_at=at,
    )
    clock.version += 1
    clock.save(update_fields=["version"])
    met = deadlines.meet(
        deadlines.running(incident, subject=("regulator", clock.pk)), met_at=sent_at
    )
    texts = (
        {"reason": timeline.Text(notice.late_reason, guess_language(notice.late_reason))}
        if notice.late_reason
        else {}
    )
    timeline.record(
        incident,
        EventKind.REGULATOR_NOTIFIED,
        actor=actor,
        at=at,
        occurred_at=sent_at,
        data={
            "regulator": clock.pk,
            "key": clock.key,
            "label": dict(duty.title),
            "notice": notice.pk,
            "first": is_first,
            "fields": sorted(told),
            "receipt": notice.receipt,
            "met": met,
        },
        texts=texts,
    )
    if is_first:
        _start_followers(incident, clock.key, sent_at, at=at)
    return notice


def _told(duty: Duty, contents: Mapping[str, str]) -> dict[str, str]:
    told = {}
    for name, words in contents.items():
        if name not in duty.fields:
            raise Invalid("field_unknown", field=f"contents.{name}", value=name)
        said = words.strip()
        if len(said) > LONGEST_FIELD:
            raise Invalid(
                "text_too_long", field=f"contents.{name}", limit=LONGEST_FIELD, length=len(said)
            )
        if said:
            told[name] = said
    if not told:
        raise Invalid("contents_missing", field="contents")
    return told


def _start_followers(incident: Incident, key: str, sent_at: datetime, *, at: datetime) -> None:
    """Start the clocks of duties that this notice starts and that were answered with yes."""
    for clock in RegulatorClock.objects.filter(incident=incident, applies=True, deadline=None):
        duty = duty_of(clock)
        if duty.after == key:
            clock.started_at = sent_at
            clock.deadline = _start_deadline(incident, clock, duty, sent_at, at=at)
            clock.version += 1
            clock.save()


def _clock(clock_id: int, *, actor: Actor, permission: str) -> tuple[Incident, RegulatorClock]:
    found = RegulatorClock.objects.filter(pk=clock_id).values_list("incident", flat=True).first()
    if found is None:
        raise NotVisible
    incident = incident_for_update(found, actor=actor)
    rules.require(actor, permission, incident)
    return incident, RegulatorClock.objects.select_related("deadline").get(pk=clock_id)
