"""Open an incident from a playbook: one transaction that copies the plan, starts the clocks and tells the team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.core.languages import LANGUAGES, fold, guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.domain.cleaning import check_channels, check_link
from crisisdesk.incidents.domain.copying import copy_plan, plan_of
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.domain.regulators import copy_regulators
from crisisdesk.incidents.domain.sightings import take_apart
from crisisdesk.incidents.enums import EventKind, IncidentRole, Severity
from crisisdesk.incidents.models import Evidence, Incident, ReferenceCounter, RoleAssignment
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import Brand, User
from crisisdesk.organisation.queries.visibility import brands_visible_to
from playbooks.domain import content as shelf
from playbooks.models import PlaybookRevision

RECENT = timedelta(hours=72)


@dataclass(frozen=True)
class Opening:
    """What a person says when they open an incident; everything but the first four is pre-filled."""

    seen: str
    brand_id: int
    revision: PlaybookRevision
    severity: str
    detected_at: datetime
    first_signal_at: datetime | None = None
    origin_channel: str = ""
    origin_url: str = ""
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    self_disclosed: bool = False
    is_drill: bool = False
    is_restricted: bool = False
    title_language: str = ""
    lead: User | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def open_incident(opening: Opening, *, actor: Actor, at: datetime) -> Incident:
    """Open the incident: its plan copied, its clocks running from `detected_at`, its team told; returns it.

    A link among the words of `seen` is the thread it started in, unless another is given; further ones are its first
    evidence. The title is the words alone.

    Raises NotVisible for a brand the actor has no role on, NotAllowed, and Invalid with the field: title_missing,
    severity_unknown, detected_in_future, first_signal_after_detection, language_unknown, channel_unknown,
    link_invalid.
    """
    brand = _brand(opening.brand_id, actor=actor)
    content = shelf.parse(opening.revision)
    _check(opening, content, at=at)
    sighting = take_apart(opening.seen)
    title = sighting.title
    links = [check_link(link, field="seen") for link in sighting.links]
    origin_url = links[0] if links else ""
    if opening.origin_url:
        origin_url = check_link(opening.origin_url, field="origin_url")
    languages = opening.languages or tuple(brand.languages)
    incident = Incident(
        brand=brand,
        title=title,
        title_language=opening.title_language or guess_language(title),
        severity=opening.severity,
        opened_by=actor.user,
        lead=opening.lead or actor.user,
        is_drill=opening.is_drill,
        is_restricted=opening.is_restricted,
        self_disclosed=opening.self_disclosed,
        playbook_revision=opening.revision,
        plan=plan_of(opening.revision, content),
        languages=list(languages),
        channels=list(opening.channels or content.channels),
        origin_channel=opening.origin_channel or content.origin_channel,
        origin_url=origin_url,
        first_signal_at=opening.first_signal_at,
        detected_at=opening.detected_at,
        aware_at=opening.detected_at,
        opened_at=at,
    )
    rules.require(actor, "open", incident)
    incident.reference = _next_reference(at.year)
    incident.search_text = fold(" ".join([incident.reference, title, brand.search_text]))
    incident.save(force_insert=True)
    if incident.lead is not None:
        RoleAssignment.objects.create(
            incident=incident, role=IncidentRole.LEAD, user=incident.lead, from_at=at
        )
    started = copy_plan(incident, content, opening.answers, actor=actor, at=at)
    copy_regulators(incident, content.regulators)
    timeline.record(
        incident,
        EventKind.DECLARED,
        actor=actor,
        at=at,
        data={
            "severity": incident.severity,
            "playbook": opening.revision.playbook.slug,
            "revision": opening.revision.number,
            "detected_at": incident.detected_at.isoformat(),
            "first_signal_at": incident.first_signal_at.isoformat()
            if incident.first_signal_at
            else None,
            "origin_channel": incident.origin_channel,
            "origin_url": origin_url,
            "missed": [row.label for row in started if row.missed_before_opening],
            "answers": dict(opening.answers),
        },
        texts={"title": timeline.Text(title, incident.title_language)},
    )
    for link in links:
        if link != origin_url:
            _keep_link(incident, link, actor=actor, at=at)
    return incident


def _keep_link(incident: Incident, link: str, *, actor: Actor, at: datetime) -> None:
    """A further link among the words is the incident's first evidence."""
    row = Evidence.objects.create(
        incident=incident, url=link, name=link[:200], added_by=actor.user, added_at=at
    )
    data = {"evidence": row.pk, "name": row.name, "is_file": False}
    timeline.record(incident, EventKind.EVIDENCE_ADDED, actor=actor, at=at, data=data)


def _brand(brand_id: int, *, actor: Actor) -> Brand:
    rows = Brand.objects.all() if actor.user is None else brands_visible_to(actor.user)
    brand = rows.filter(pk=brand_id).first()
    if brand is None:
        raise NotVisible("no_such_brand", field="brand")
    return brand


def _check(opening: Opening, content: shelf.Content, *, at: datetime) -> None:
    if not opening.seen.strip():
        raise Invalid("title_missing", field="seen")
    if opening.severity not in set(Severity):
        raise Invalid("severity_unknown", field="severity", value=opening.severity)
    if opening.detected_at > at:
        raise Invalid("detected_in_future", field="detected_at")
    if opening.first_signal_at and opening.first_signal_at > opening.detected_at:
        raise Invalid("first_signal_after_detection", field="first_signal_at")
    for language in opening.languages:
        if language not in LANGUAGES:
            raise Invalid("language_unknown", field="languages", value=language)
    if opening.channels:
        check_channels(opening.channels, field="channels")
    if opening.origin_channel:
        check_channels([opening.origin_channel], field="origin_channel")
    asked = {question.key for question in content.questions}
    for key in opening.answers:
        if key not in asked:
            raise Invalid("question_unknown", field="answers", value=key)


def _next_reference(year: int) -> str:
    """Return the next reference of the year; the counter's row lock orders people who open at the same moment."""
    table = ReferenceCounter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (year, last) VALUES (%s, 1) "  # noqa: S608 - our own table name
            f"ON CONFLICT (year) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [year],
        )
        number = cursor.fetchone()[0]
    return f"CD-{year}-{number:04d}"


@transaction.atomic
def join_incident(*, incident_id: int, seen: str, actor: Actor, at: datetime) -> Incident:
    """Bring what was seen to an incident that is already open instead of opening a second one; returns that
    incident."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "work", incident)
    if not incident.is_open:
        raise Invalid("incident_ended", status=incident.status)
    if not seen.strip():
        raise Invalid("title_missing", field="seen")
    words = timeline.Text(
        seen.strip()[:500], guess_language(seen, fallback=incident.title_language)
    )
    timeline.record(
        incident,
        EventKind.JOINED,
        actor=actor,
        at=at,
        texts={"seen": words},
        tell=[incident.lead_id or 0],
    )
    return incident
