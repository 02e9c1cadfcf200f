"""The post-mortem and its prevention actions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotReady, NotVisible, Stale
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import deadlines, labels, timeline
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.enums import DeadlineKind, EventKind, IncidentRole, Status
from crisisdesk.incidents.models import ActionItem, Incident, Postmortem
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import brand_roles
from playbooks.models import Lesson

TEXT_FIELDS = (
    "verdict",
    "summary",
    "cause",
    "affected",
    "business_effect",
    "went_well",
    "went_badly",
    "what_could_return",
    "decisions_asked",
    "changes",
)
OR_NOT_KNOWN = (
    "affected",
    "business_effect",
    "cause",
)  # an empty line is no answer, "not known" is
NEEDED_WHEN_FINAL = ("verdict", "summary", *OR_NOT_KNOWN, "went_well", "went_badly")
LONGEST = {"verdict": 140, "decisions_asked": 2000}


@transaction.atomic
def save_postmortem(
    *, incident_id: int, fields: dict[str, Any], version: int, actor: Actor, at: datetime
) -> Postmortem:
    """Keep the review as far as it is written; a final one becomes a draft of the next edition when it is changed.

    `version` is 0 for the first save. Raises Stale with the review as it stands,
    Invalid("text_too_long" | "lesson_unknown").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "write_postmortem", incident)
    review = Postmortem.objects.filter(incident=incident).first()
    if (review.version if review else 0) != version:
        raise Stale("stale", current=review)
    review = review or Postmortem(incident=incident, language=incident.title_language, version=0)
    changed = _apply(review, fields)
    review.is_final = False
    review.saved_at, review.saved_by, review.version = at, actor.user, version + 1
    review.save()
    timeline.record(
        incident, EventKind.POSTMORTEM_SAVED, actor=actor, at=at, data={"fields": changed}
    )
    return review


def _apply(review: Postmortem, fields: dict[str, Any]) -> list[str]:
    changed = []
    for name in TEXT_FIELDS:
        if name not in fields:
            continue
        words = str(fields[name]).replace("\r\n", "\n").strip()
        most = LONGEST.get(name, 10_000)
        if len(words) > most:
            raise Invalid("text_too_long", field=name, limit=most, length=len(words))
        if words != getattr(review, name):
            setattr(review, name, words)
            changed.append(name)
    for name in (*(f"{name}_known" for name in OR_NOT_KNOWN), "language"):
        if name in fields and fields[name] != getattr(review, name):
            setattr(review, name, fields[name])
            changed.append(name)
    if "lessons" in fields and list(fields["lessons"]) != review.lessons:
        wanted = list(dict.fromkeys(fields["lessons"]))
        known = set(Lesson.objects.filter(key__in=wanted).values_list("key", flat=True))
        for key in wanted:
            if key not in known:
                raise Invalid("lesson_unknown", field="lessons", key=key)
        review.lessons = wanted
        changed.append("lessons")
    return changed


@transaction.atomic
def finalise_postmortem(
    *, incident_id: int, version: int, actor: Actor, at: datetime
) -> Postmortem:
    """The lead signs the review: a new edition. Raises NotReady("postmortem_incomplete") naming what is missing."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "finalise_postmortem", incident)
    review = Postmortem.objects.filter(incident=incident).first()
    if review is None or review.version != version:
        raise Stale("stale", current=review)
    missing = missing_lines(review)
    if missing:
        raise NotReady(
            "postmortem_incomplete",
            reasons=[
                {"code": "line_missing", "blocks": True, "params": {"line": name}}
                for name in missing
            ],
        )
    review.is_final, review.edition = True, review.edition + 1
    review.finalised_by, review.finalised_at, review.version = actor.user, at, version + 1
    review.save()
    met = deadlines.meet(deadlines.running(incident, kinds=[DeadlineKind.POSTMORTEM]), met_at=at)
    timeline.record(
        incident,
        EventKind.POSTMORTEM_FINALISED,
        actor=actor,
        at=at,
        data={"edition": review.edition, "met": met},
    )
    return review


def missing_lines(review: Postmortem | None) -> list[str]:
    """Return what a review still lacks before it may be final, in the order of the page; who was affected, what it
    cost and why it happened may be "not known"."""
    if review is None:
        return list(NEEDED_WHEN_FINAL)
    return [
        name
        for name in NEEDED_WHEN_FINAL
        if not getattr(review, name).strip() and getattr(review, f"{name}_known", True)
    ]


@transaction.atomic
def add_action_item(
    *,
    incident_id: int,
    text: str,
    owner: User,
    due_date: date,
    actor: Actor,
    at: datetime,
    is_prevention: bool = True,
) -> ActionItem:
    """Add what will be done, by whom and by which day in the brand's zone; it is a deadline too.

    Raises Invalid("text_missing" | "due_in_past" | "person_not_of_brand").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "write_postmortem", incident)
    words = text.strip()
    if not words:
        raise Invalid("text_missing", field="text")
    if len(words) > 300:
        raise Invalid("text_too_long", field="text", limit=300, length=len(words))
    if not brand_roles(owner, incident.brand_id):
        raise Invalid("person_not_of_brand", field="owner", name=owner.names())
    zone = ZoneInfo(incident.brand.zone)
    due_at = datetime.combine(due_date + timedelta(days=1), time(0), tzinfo=zone)
    if due_at <= at:
        raise Invalid("due_in_past", field="due_date")
    row = ActionItem.objects.create(
        incident=incident,
        text=words,
        language=guess_language(words),
        owner=owner,
        due_date=due_date,
        is_prevention=is_prevention,
        added_at=at,
    )
    _start_clock(incident, row, due_at, at=at)
    timeline.record(
        incident,
        EventKind.ACTION_ITEM_ADDED,
        actor=actor,
        at=at,
        data={
            "action": row.pk,
            "owner": owner.pk,
            "name": owner.names(),
            "due": due_date.isoformat(),
        },
        texts={"text": timeline.Text(words, row.language)},
        tell=[owner.pk],
    )
    return row


def _start_clock(incident: Incident, row: ActionItem, due_at: datetime, *, at: datetime) -> None:
    deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.ACTION_ITEM,
            label=labels.action_item(row.text),
            started_at=at,
            length=due_at - at,
            lives_until=Status.CANCELLED,  # prevention goes on after closing
            role=IncidentRole.LEAD,
            start_event="action_added",
            subject=("action", row.pk),
            owner_id=row.owner_id,
            escalate=False,
        ),
        at=at,
    )


@transaction.atomic
def finish_action_item(*, action_id: int, version: int, actor: Actor, at: datetime) -> ActionItem:
    """Mark an action done; its owner or anyone who works on the incident. Raises Stale, Invalid("already_done")."""
    found = ActionItem.objects.filter(pk=action_id).values_list("incident", flat=True).first()
    if found is None:
        raise NotVisible
    incident = incident_for_update(found, actor=actor)
    row = ActionItem.objects.get(pk=action_id)
    if row.owner_id != actor.id or not actor.may_write:
        rules.require(actor, "write_postmortem", incident)
    if row.version != version:
        raise Stale("stale", current=row)
    if row.done_at:
        raise Invalid("already_done")
    row.done_at, row.version = at, version + 1
    row.save(update_fields=["done_at", "version"])
    met = deadlines.meet(deadlines.running(incident, subject=("action", row.pk)), met_at=at)
    timeline.record(
        incident,
        EventKind.ACTION_ITEM_DONE,
        actor=actor,
        at=at,
        data={"action": row.pk, "met": met},
        texts={"text": timeline.Text(row.text, row.language)},
    )
    return row
