"""What we promised in public and by when: the next update, an analysis. Every promise is a dated row
(domain.md L39)."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import deadlines, labels, planning, timeline
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import DeadlineKind, EventKind, IncidentRole, Status
from crisisdesk.incidents.models import Commitment, Incident, Publication, StatementRevision
from crisisdesk.organisation.domain.actors import Actor

_CLOCK_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)")
TOLERANCE = timedelta(minutes=5)  # domain.md 7, cadence adherence


def promised_time(value: str, zone: str, *, after: datetime) -> datetime | None:
    """Return the moment that words like "15:30 Gulf time" mean: the next such clock time after `after` in the zone."""
    digits = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in value
    )
    found = _CLOCK_TIME.search(digits)
    if not found:
        return None
    local = after.astimezone(ZoneInfo(zone))
    moment = local.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    return moment if moment > local else moment + timedelta(days=1)


def keep(
    incident: Incident, revision: StatementRevision, *, published_at: datetime
) -> list[dict[str, Any]]:
    """A public word keeps the promised next update of earlier words; returns the deadlines met."""
    if revision.statement.audience == "staff":
        return []
    # The same statement going out in another language or channel is not yet the next update.
    open_promises = Commitment.objects.filter(
        incident=incident, is_next_update=True, kept_at=None
    ).exclude(publication__statement=revision.statement)
    ids = list(open_promises.values_list("pk", flat=True))
    open_promises.update(kept_at=published_at)
    rows = [
        row
        for row in deadlines.running(incident, kinds=[DeadlineKind.UPDATE])
        if row.subject_kind == "incident" or row.subject_id in ids
    ]
    return deadlines.meet(rows, met_at=published_at)


def make(incident: Incident, publication: Publication, *, actor: Actor, at: datetime) -> None:
    """Start the clock of the next update: the time promised in the words, or else the playbook's cadence."""
    statement, revision = publication.statement, publication.revision
    if statement.audience == "staff" or incident.status in (Status.RESOLVED, Status.CLOSED):
        return
    if Commitment.objects.filter(incident=incident, is_next_update=True, kept_at=None).exists():
        return
    promised = _promise_in(incident, revision, after=publication.published_at or at)
    cadence = _cadence(incident)
    if promised:
        row = Commitment.objects.create(
            incident=incident,
            publication=publication,
            is_next_update=True,
            text=revision.statement_language.values.get("next_update", ""),
            language=revision.language,
            due_at=promised,
            made_at=publication.published_at or at,
        )
        subject, length = ("commitment", row.pk), promised - (publication.published_at or at)
    else:
        said_at = publication.published_at or at
        allowed = deadlines.clock_length(cadence, incident, start=said_at) if cadence else None
        if not allowed or deadlines.running(incident, kinds=[DeadlineKind.UPDATE]):
            return
        subject, length = ("incident", 0), allowed
    deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.UPDATE,
            key=cadence["key"] if cadence and subject[0] == "incident" else "",
            label=cadence["label"] if cadence else labels.next_update(),
            started_at=publication.published_at or at,
            length=length,
            lives_until=Status(cadence["lives_until"]) if cadence else Status.RESOLVED,
            role=cadence["role"] if cadence else IncidentRole.SPOKESPERSON,
            start_event="last_publication",
            subject=subject,
        ),
        at=at,
    )


def _cadence(incident: Incident) -> dict[str, Any] | None:
    """Return the playbook's clock for the next public word, the first that is needed as things stand."""
    clocks = [row for row in incident.plan.get("clocks", []) if row["kind"] == DeadlineKind.UPDATE]
    if not any(clock.get("when") for clock in clocks):
        return next(iter(clocks), None)
    seen = planning.look(incident, ())
    return next((clock for clock in clocks if seen.is_needed(clock)), None)


def _promise_in(
    incident: Incident, revision: StatementRevision, *, after: datetime
) -> datetime | None:
    blanks = revision.statement.placeholders
    values = revision.statement_language.values
    for name, blank in blanks.items():
        if (
            blank.get("autofill") == "next_update"
            and values.get(name)
            and values[name] in revision.text
        ):
            return promised_time(
                values[name], incident.brand.zone_for(revision.language), after=after
            )
    return None


@transaction.atomic
def make_commitment(
    *, incident_id: int, text: str, due_at: datetime, actor: Actor, at: datetime
) -> Commitment:
    """Write down something we promised in public, with its time. Raises Invalid("text_missing" | "due_in_past")."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "work", incident)
    require_open(incident)
    words = text.strip()
    if not words:
        raise Invalid("text_missing", field="text")
    if due_at <= at:
        raise Invalid("due_in_past", field="due_at")
    row = Commitment.objects.create(
        incident=incident, text=words, language=guess_language(words), due_at=due_at, made_at=at
    )
    deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.COMMITMENT,
            label=labels.action_item(words),
            started_at=at,
            length=due_at - at,
            lives_until=Status.CLOSED,
            role=IncidentRole.LEAD,
            start_event="promised",
            subject=("commitment", row.pk),
        ),
        at=at,
    )
    timeline.record(
        incident,
        EventKind.COMMITMENT_MADE,
        actor=actor,
        at=at,
        data={"commitment": row.pk, "due_at": due_at.isoformat()},
        texts={"text": timeline.Text(words, row.language)},
    )
    return row


@transaction.atomic
def keep_commitment(*, commitment_id: int, actor: Actor, at: datetime) -> Commitment:
    """Note that a promise was kept."""
    found = Commitment.objects.filter(pk=commitment_id).values_list("incident", flat=True).first()
    if found is None:
        raise NotVisible
    incident = incident_for_update(found, actor=actor)
    rules.require(actor, "work", incident)
    row = Commitment.objects.get(pk=commitment_id)
    if row.kept_at:
        raise Invalid("already_kept")
    row.kept_at = at
    row.save(update_fields=["kept_at"])
    met = deadlines.meet(deadlines.running(incident, subject=("commitment", row.pk)), met_at=at)
    timeline.record(
        incident,
        EventKind.COMMITMENT_KEPT,
        actor=actor,
        at=at,
        data={"commitment": row.pk, "met": met},
        texts={"text": timeline.Text(row.text, row.language)},
    )
    return row
