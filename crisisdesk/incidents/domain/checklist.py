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
from crisisdesk.incidents.domain import deadlines, lifecycle, planning, replanning, timeline
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


def _swap(
    item: ChecklistItem, expected: Sequence[str], *, times: int | None, **values: Any
) -> None:
    """Change the item only from what the person saw, the state and how often it was done; a press is a compare-and-swap
    (law 9). Whatever is pressed is on the list from now on."""
    seen = {"state__in": list(expected)} | ({} if times is None else {"times_done": times})
    values["is_hidden"] = False
    changed = ChecklistItem.objects.filter(pk=item.pk, **seen).update(**values)
    if not changed:
        item.refresh_from_db()
        raise Stale("item_changed", current=item, state=item.state)
    for name, value in values.items():
        setattr(item, name, value)


def _data(item: ChecklistItem, **more: Any) -> dict[str, Any]:
    return {"item": item.pk, "key": item.key, "label": item.words, **more}


@transaction.atomic
def tick_item(
    *, item_id: int, actor: Actor, at: datetime, times: int | None = None
) -> ChecklistItem:
    """Mark an item done, meet its deadline and the clock it stands for; the first tick makes the incident active.

    An item that comes back is counted and runs again from now. What waits for this item, or counts from it, runs.
    `times` is how often the person saw it done. Raises Stale("item_changed") when somebody was first.
    """
    incident, item = _item_for_update(item_id, actor=actor)
    returns = planning.comes_back(item, incident)
    done: dict[str, Any] = {"done_at": at, "done_by": actor.user}
    if item.repeat:
        done["times_done"] = item.times_done + 1
    state = ItemState.TODO if returns else ItemState.DONE
    _swap(item, [ItemState.TODO], times=times, state=state, **done)
    rows = deadlines.running(incident, subject=("item", item.pk))
    if item.meets:
        rows += deadlines.running(incident, kinds=[item.meets])
    met = deadlines.meet(rows, met_at=at)
    if returns:
        _run_again(incident, item, at=at)
    more = {"times": item.times_done} if item.repeat else {}
    told = timeline.Draft(EventKind.ITEM_DONE, data=_data(item, met=met, **more))
    drafts = [told, *replanning.after_item(incident, item, at=at)]
    timeline.record_many(incident, drafts, actor=actor, at=at)
    lifecycle.activate_on_first_act(incident, actor=actor, at=at)
    return item


def _run_again(incident: Incident, item: ChecklistItem, *, at: datetime) -> None:
    due = planning.item_due(item, planning.look(incident, [item]))
    if due:
        deadlines.start(incident, planning.item_plan(item, due), at=at)


@transaction.atomic
def undo_item(
    *, item_id: int, actor: Actor, at: datetime, times: int | None = None
) -> ChecklistItem:
    """Take back a tick (of an item that comes back: the last one) or a skip; its deadline runs again with its old due
    time, and what waited for it waits again."""
    incident, item = _item_for_update(item_id, actor=actor)
    subject, ended_at = ("item", item.pk), item.done_at
    if item.times_done and item.state != ItemState.SKIPPED:
        before = _tick_before(incident, item)
        _swap(
            item,
            [ItemState.TODO, ItemState.DONE],
            times=times,
            state=ItemState.TODO,
            times_done=item.times_done - 1,
            done_at=before,
            done_by=item.done_by if before else None,
        )
        deadlines.cancel(deadlines.running(incident, subject=subject), reason="undone")
    else:
        _swap(
            item,
            [ItemState.DONE, ItemState.SKIPPED],
            times=times,
            state=ItemState.TODO,
            done_at=None,
            done_by=None,
            skip_reason="",
        )
    deadlines.reopen_subject(incident, subject, ended_at=ended_at, at=at)
    told = timeline.Draft(EventKind.ITEM_REOPENED, data=_data(item))
    drafts = [told, *replanning.replan(incident, "progress", at=at)]
    timeline.record_many(incident, drafts, actor=actor, at=at)
    item.refresh_from_db(fields=["is_hidden"])
    return item


def _tick_before(incident: Incident, item: ChecklistItem) -> datetime | None:
    """Return when an item that comes back was done the time before the last."""
    if item.times_done < 2:
        return None
    met = Deadline.objects.filter(
        incident=incident, subject_kind="item", subject_id=item.pk, met_at__lt=item.done_at
    )
    return met.order_by("-met_at").values_list("met_at", flat=True).first() or item.done_at


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
        times=None,
        state=ItemState.SKIPPED,
        skip_reason=words,
        done_at=at,
        done_by=actor.user,
    )
    deadlines.cancel(deadlines.running(incident, subject=("item", item.pk)), reason="skipped")
    told = timeline.Draft(
        EventKind.ITEM_SKIPPED,
        data=_data(item),
        texts={"reason": timeline.Text(words, guess_language(words))},
    )
    drafts = [told, *replanning.after_item(incident, item, at=at)]
    timeline.record_many(incident, drafts, actor=actor, at=at)
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
        raise Invalid("person_not_of_brand", field="owner", name=owner.names())
    items = [item for item in items if item.owner_id != (owner.pk if owner else None)]
    shown = {"is_hidden": False} if owner else {}
    ChecklistItem.objects.filter(pk__in=[item.pk for item in items]).update(owner=owner, **shown)
    Deadline.objects.filter(subject_kind="item", subject_id__in=[item.pk for item in items]).update(
        owner=owner
    )
    name = owner.names() if owner else ""
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
    if item is not None and item.is_hidden:
        ChecklistItem.objects.filter(pk=item.pk).update(is_hidden=False)
    data: dict[str, Any] = {"evidence": row.pk, "name": row.name, "is_file": upload is not None}
    if item:
        data.update(_data(item))
    timeline.record(incident, EventKind.EVIDENCE_ADDED, actor=actor, at=at, data=data)
    return row
