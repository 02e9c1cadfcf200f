"""Items of the checklist, and evidence."""

from __future__ import annotations

from django.http import HttpResponseBase
from rest_framework import serializers

from crisisdesk.api.downloads import attachment
from crisisdesk.api.inputs import Id, Input, Paged, Text
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import newest_first
from crisisdesk.api.shapes import checklist as shapes
from crisisdesk.api.views.incidents import ENDED
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.domain import checklist
from crisisdesk.incidents.enums import ItemState, Phase
from crisisdesk.incidents.models import ChecklistItem, Evidence
from crisisdesk.incidents.queries.checklist import counted


class ItemQuery(Input):
    """Which items."""

    phase = serializers.ChoiceField(Phase.choices, required=False)
    state = serializers.ChoiceField(ItemState.choices, required=False)
    hidden = serializers.BooleanField(
        required=False, help_text="Also those that are not needed as things stand."
    )


@read("List the checklist", answer=shapes.Item, many=True, query=ItemQuery)
def list_items(call: Call, reference: str) -> Page:
    """The items in the plan's order; those that are not needed only with `hidden`."""
    incident = call.incident(reference)
    wanted = {name: value for name, value in call.query.items() if name != "hidden"}
    rows = counted(incident)
    if call.query.get("hidden"):
        rows = ChecklistItem.objects.filter(incident=incident)
    found = list(rows.filter(**wanted).order_by("position", "pk"))
    return {"results": shapes.items(incident, found), "next": None}


@read("Read an item", answer=shapes.Item)
def get_item(call: Call, reference: str, item_id: int) -> shapes.Item:
    """One step with its deadline."""
    item = _item(call, reference, item_id)
    return shapes.items(item.incident, [item])[0]


class Times(Input):
    """How often the item was done when it was seen, so that one press counts once."""

    times_done = serializers.IntegerField(required=False, min_value=0)


@write("Tick an item", answer=shapes.Item, body=Times, refuses=(ENDED,), stale=("item_changed",))
def tick_item(call: Call, reference: str, item_id: int) -> shapes.Item:
    """Meets its deadline; the first tick makes the incident active. An item that comes back is
    counted and runs again."""
    item = _item(call, reference, item_id)
    done = checklist.tick_item(
        item_id=item.pk, times=call.body.get("times_done"), actor=call.actor, at=call.at
    )
    return _answer(call, reference, done)


@write("Undo an item", answer=shapes.Item, body=Times, refuses=(ENDED,), stale=("item_changed",))
def undo_item(call: Call, reference: str, item_id: int) -> shapes.Item:
    """Takes back a tick (of an item that comes back: the last one) or a skip; the deadline runs
    again as it was."""
    item = _item(call, reference, item_id)
    undone = checklist.undo_item(
        item_id=item.pk, times=call.body.get("times_done"), actor=call.actor, at=call.at
    )
    return _answer(call, reference, undone)


class Skip(Input):
    """Why it is left out."""

    reason = Text(max_length=2000)


@write(
    "Skip an item",
    answer=shapes.Item,
    body=Skip,
    refuses=(ENDED, "reason_missing"),
    stale=("item_changed",),
)
def skip_item(call: Call, reference: str, item_id: int) -> shapes.Item:
    """The reason appears in the timeline and in the report."""
    item = _item(call, reference, item_id)
    skipped = checklist.skip_item(
        item_id=item.pk, reason=call.body["reason"], actor=call.actor, at=call.at
    )
    return _answer(call, reference, skipped)


class Assignment(Input):
    """Which items go to whom; no owner gives them back."""

    items = serializers.ListField(child=Id(), max_length=200)
    owner = Id(allow_null=True)


@write(
    "Assign items",
    answer=shapes.Item,
    many=True,
    body=Assignment,
    misses=("no_such_item",),
    refuses=(ENDED, "items_missing", "no_such_person", "person_not_of_brand"),
)
def assign_items(call: Call, reference: str) -> Page:
    """Their reminders go to the owner from now on."""
    incident = call.incident(reference)
    owner = call.body["owner"]
    checklist.assign_items(
        incident_id=incident.pk,
        item_ids=call.body["items"],
        owner=None if owner is None else call.somebody(owner, name="owner"),
        actor=call.actor,
        at=call.at,
    )
    rows = ChecklistItem.objects.filter(incident=incident, pk__in=call.body["items"])
    return {"results": shapes.items(incident, list(rows.order_by("position", "pk"))), "next": None}


def _item(call: Call, reference: str, item_id: int) -> ChecklistItem:
    return call.child(ChecklistItem.objects.select_related("incident"), reference, item_id)


def _answer(call: Call, reference: str, item: ChecklistItem) -> shapes.Item:
    """Answer with the item as the incident stands after the command."""
    return shapes.items(call.incident(reference), [item])[0]


@read("List evidence", answer=shapes.EvidenceShape, many=True, query=Paged)
def list_evidence(call: Call, reference: str) -> Page:
    """Files and links, the newest first."""
    rows = Evidence.objects.filter(incident=call.incident_id(reference)).select_related("file")
    found, following = newest_first(rows, call.query)
    return {"results": shapes.evidence(found), "next": following}


class EvidenceGiven(Input):
    """A file (multipart) or a link; it may belong to one item."""

    file = serializers.FileField(required=False, allow_empty_file=True)
    url = Text(required=False)
    name = Text(required=False, max_length=500)
    item = Id(required=False, allow_null=True)


@write(
    "Add evidence",
    answer=shapes.EvidenceShape,
    status=201,
    body=EvidenceGiven,
    upload=True,
    misses=("no_such_item",),
    refuses=(
        "evidence_missing", "link_invalid", "file_too_large", "file_empty",
        "file_type_not_allowed",
    ),
)  # fmt: skip
def add_evidence(call: Call, reference: str) -> shapes.EvidenceShape:
    """A file of up to 25 MB whose content is of a known type, or a link."""
    row = checklist.add_evidence(
        incident_id=call.incident_id(reference),
        upload=call.body.get("file"),
        item_id=call.body.get("item"),
        actor=call.actor,
        at=call.at,
        **call.given("url", "name"),
    )
    return shapes.evidence([row])[0]


@read("Download a file of evidence", file="application/octet-stream")
def download_evidence(call: Call, reference: str, evidence_id: int) -> HttpResponseBase:
    """As an attachment, never shown in place."""
    rows = Evidence.objects.select_related("file")
    row = call.child(rows, reference, evidence_id)
    if row.file is None:
        raise NotVisible
    return attachment(row.file, row.name)


_INCIDENT = "incidents/<str:reference>/"
_ITEM = f"{_INCIDENT}items/<int:item_id>/"
ROUTES = {
    f"{_INCIDENT}items/": endpoint(get=list_items),
    f"{_INCIDENT}items/assign/": endpoint(post=assign_items),
    _ITEM: endpoint(get=get_item),
    f"{_ITEM}tick/": endpoint(post=tick_item),
    f"{_ITEM}undo/": endpoint(post=undo_item),
    f"{_ITEM}skip/": endpoint(post=skip_item),
    f"{_INCIDENT}evidence/": endpoint(get=list_evidence, post=add_evidence),
    f"{_INCIDENT}evidence/<int:evidence_id>/file/": endpoint(get=download_evidence),
}
