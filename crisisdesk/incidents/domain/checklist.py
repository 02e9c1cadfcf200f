"""Tick, undo, skip and assign items; attach evidence. Each is a timeline event at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crisisdesk.core.domain.files import store_file
from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import deadlines, lifecycle, timeline
from crisisdesk.incidents.domain.cleaning import check_link
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import EventKind, ItemState
from crisisdesk.incidents.models import ChecklistItem, Deadline, Evidence, Incident
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import brand_roles


def _item_for_update(item_id: int, *, actor: Actor) -> tuple[Incident, ChecklistItem]:
    found = ChecklistItem.objects.filter(pk=item_id).values_list("incident", flat=True).first()
    incident = incident_for_update(found or 0, actor=actor)
    rules.require(actor, "work", incident)
    require_open(incident)
    return incident, ChecklistItem.objects.get(pk=item_id)


def _swap(item: ChecklistItem, expected: Sequence[str], **values: Any) -> None:
    """Change the item only from a state that the person saw; a press is a compare-and-swap (law 9)."""
    changed = ChecklistItem.objects.filter(pk=item.pk, state__in=list(expected)).update(**values)
    if not changed:
        item.refresh_from_db()
        raise Stale("item_changed", current=item, state=item.state)
    for name, value in values.items():
        setattr(item, name, value)


def _data(item: ChecklistItem, **more: Any) -> dict[str, Any]:
    return {"item": item.pk, "key": item.key, "label": item.words, **more}


@transaction.atomic
def tick_item(*, item_id: int, actor: Actor, at: datetime) -> ChecklistItem:
    """Mark an item done, meet its deadline and the clock it stands for; the first tick makes the incident active.

    Raises Stale("item_changed") when somebody ticked or skipped it first.
    """
    incident, item = _item_for_update(item_id, actor=actor)
    _swap(item, [ItemState.TODO], state=ItemState.DONE, done_at=at, done_by=actor.user)
    rows = deadlines.running(incident, subject=("item", item.pk))
    if item.meets:
        rows += deadlines.running(incident, kinds=[item.meets])
    met = deadlines.meet(rows, met_at=at)
    timeline.record(incident, EventKind.ITEM_DONE, actor=actor, at=at, data=_data(item, met=met))
    lifecycle.activate_on_first_act(incident, actor=actor, at=at)
    return item


@transaction.atomic
def undo_item(*, item_id: int, actor: Actor, at: datetime) -> ChecklistItem:
    """Take back a tick or a skip; the deadline runs again with its old due time."""
    incident, item = _item_for_update(item_id, actor=actor)
    _swap(
        item,
        [ItemState.DONE, ItemState.SKIPPED],
        state=ItemState.TODO,
        done_at=None,
        done_by=None,
        skip_reason="",
    )
    deadlines.reopen_subject(incident, ("item", item.pk), at=at)
    timeline.record(incident, EventKind.ITEM_REOPENED, actor=actor, at=at, data=_data(item))
    return item


@transaction.atomic
def skip_item(*, item_id: int, reason: str, actor: Actor, at: datetime) -> ChecklistItem:
    """Leave an item out, with a reason that timeline and report show. Raises Invalid("reason_missing")."""
    incident, item = _item_for_update(item_id, actor=actor)
    words = reason.strip()[:300]
    if not words:
        raise Invalid("reason_missing", field="reason")
    _swap(
        item,
        [ItemState.TODO],
        state=ItemState.SKIPPED,
        skip_reason=words,
        done_at=at,
        done_by=actor.user,
    )
    deadlines.cancel(deadlines.running(incident, subject=("item", item.pk)), reason="skipped")
    timeline.record(
        incident,
        EventKind.ITEM_SKIPPED,
        actor=actor,
        at=at,
        data=_data(item),
        texts={"reason": timeline.Text(words, guess_language(words))},
    )
    return item


@transaction.atomic
def assign_items(
    *, incident_id: int, item_ids: Sequence[int], owner: User | None, actor: Actor, at: datetime
) -> list[ChecklistItem]:
    """Give items to a person (or to nobody); their reminders go there from now on.

    Raises NotVisible for an item of another incident, Invalid("person_not_of_brand" | "items_missing").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "work", incident)
    require_open(incident)
    items = list(
        ChecklistItem.objects.filter(incident=incident, pk__in=item_ids).order_by("position")
    )
    if not items:
        raise Invalid("items_missing", field="items")
    if len(items) != len(set(item_ids)):
        raise NotVisible("no_such_item")
    if owner is not None and not brand_roles(owner, incident.brand_id):
        raise Invalid("person_not_of_brand", field="owner", name=owner.full_name)
    items = [item for item in items if item.owner_id != (owner.pk if owner else None)]
    ChecklistItem.objects.filter(pk__in=[item.pk for item in items]).update(owner=owner)
    Deadline.objects.filter(subject_kind="item", subject_id__in=[item.pk for item in items]).update(
        owner=owner
    )
    name = owner.full_name if owner else ""
    drafts = [
        timeline.Draft(
            EventKind.ITEM_ASSIGNED,
            data=_data(item, user=owner.pk if owner else None, name=name),
            tell=[owner.pk] if owner else [],
        )
        for item in items
    ]
    for item in items:
        item.owner = owner
    timeline.record_many(incident, drafts, actor=actor, at=at)
    return items


@transaction.atomic
def add_evidence(
    *,
    incident_id: int,
    actor: Actor,
    at: datetime,
    upload: Any = None,
    url: str = "",
    name: str = "",
    item_id: int | None = None,
) -> Evidence:
    """Keep a file (up to 25 MB, known types) or a link, for the incident or one item.

    Raises Invalid("evidence_missing" | "link_invalid" | "file_too_large" | "file_type_not_allowed").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "work", incident)
    item = None
    if item_id is not None:
        item = ChecklistItem.objects.filter(pk=item_id, incident=incident).first()
        if item is None:
            raise NotVisible("no_such_item", field="item")
    if upload is None and not url.strip():
        raise Invalid("evidence_missing", field="file")
    row = Evidence(incident=incident, item=item, added_by=actor.user, added_at=at)
    if upload is not None:
        row.file = store_file(upload, at=at)
        row.name = (name.strip() or upload.name or "file")[:200]
    else:
        row.url = check_link(url)
        row.name = (name.strip() or row.url)[:200]
    row.save()
    data: dict[str, Any] = {"evidence": row.pk, "name": row.name, "is_file": upload is not None}
    if item:
        data.update(_data(item))
    timeline.record(incident, EventKind.EVIDENCE_ADDED, actor=actor, at=at, data=data)
    return row
