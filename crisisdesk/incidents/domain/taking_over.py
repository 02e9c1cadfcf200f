"""Take chosen parts of a newer revision of the playbook into a running incident; what it has stays as it is (law 8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from crisisdesk.core.errors import Invalid, Stale
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import replanning, timeline
from crisisdesk.incidents.domain.copying import copy_items, copy_statements
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.domain.newer import News, read_news
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import (
    ApprovalLane,
    ChecklistItem,
    Incident,
    ScreeningQuestion,
    Statement,
)
from crisisdesk.organisation.domain.actors import Actor
from playbooks.domain.content import Content, StatementText
from playbooks.models import PlaybookRevision
from playbooks.queries.visibility import revisions_visible_to


@dataclass(frozen=True)
class Taken:
    """What came into the incident."""

    items: tuple[ChecklistItem, ...]
    statements: tuple[Statement, ...]


@transaction.atomic
def take_over(
    *,
    incident_id: int,
    revision_id: int,
    items: Collection[str],
    statements: Collection[str],
    actor: Actor,
    at: datetime,
) -> Taken:
    """Copy the chosen items and statements of a newer revision into the incident, with the questions and the lane that
    they need, as opening would; a fixed number of queries whatever is chosen. What is there does not change.

    An item whose time would be over already counts from now. It waits only for what is there or chosen with it. Raises
    Invalid("no_such_revision" | "revision_of_other_playbook" | "revision_not_newer", field="revision"),
    Invalid("nothing_chosen" | "not_in_revision" | "counts_from_missing", field="items" or "statements"),
    Invalid("incident_ended"), and Stale("already_taken_over") for what the incident has already.
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "take_over", incident)
    require_open(incident)
    if not (items or statements):
        raise Invalid("nothing_chosen", field="items")
    revision = _revision(incident, revision_id, actor=actor)
    news = read_news(incident, revision)
    _check(incident, news, items, statements)
    rows = [item for key, item in news.items.items() if key in items]
    texts = [text for key, text in news.statements.items() if key in statements]
    _check_starts(news, rows)
    for item in rows:
        item.after = [key for key in item.after if key in items or news.is_here(key)]
    questions = _ask(news, rows, texts)
    copy_items(news.seen, rows)
    said = copy_statements(news.seen, news.content, texts, first=news.next_statement, at=at)
    _copy_lanes(incident, news.content, texts)
    _note_in_plan(incident, revision, news, rows, texts, asks=bool(questions))
    told = timeline.Draft(
        EventKind.ITEMS_TAKEN_OVER,
        data={
            "playbook": revision.playbook.slug,
            "revision": revision.number,
            "items": [{"key": row.key, "label": row.words} for row in rows],
            "statements": [{"key": row.key, "label": row.title} for row in said],
            "questions": [{"key": row.key, "label": row.ask} for row in questions],
        },
    )
    drafts = [told, *replanning.replan(incident, "taken_over", at=at)]
    timeline.record_many(incident, drafts, actor=actor, at=at)
    return Taken(tuple(rows), tuple(said))


def _revision(incident: Incident, pk: int, *, actor: Actor) -> PlaybookRevision:
    rows = PlaybookRevision.objects.all()
    if actor.user is not None:
        rows = revisions_visible_to(actor.user)
    own = PlaybookRevision.objects.filter(
        pk=incident.playbook_revision_id, playbook=OuterRef("playbook")
    )
    found = rows.filter(pk=pk).select_related("playbook").annotate(is_ours=Exists(own)).first()
    if found is None:
        raise Invalid("no_such_revision", field="revision")
    if not found.is_ours:
        raise Invalid("revision_of_other_playbook", field="revision")
    if found.number <= incident.plan["playbook"]["number"]:
        raise Invalid("revision_not_newer", field="revision", number=found.number)
    return found


def _check(
    incident: Incident, news: News, items: Collection[str], statements: Collection[str]
) -> None:
    """Refuse what the revision does not have, and what the incident has already."""
    chosen: tuple[tuple[str, Collection[str], Mapping[str, Any], Mapping[str, Any]], ...] = (
        ("items", items, {row.key: row.words for row in news.content.items}, news.items),
        (
            "statements",
            statements,
            {row.key: row.title for row in news.content.statements},
            news.statements,
        ),
    )
    for field, keys, there, new in chosen:
        for key in keys:
            if key not in there:
                raise Invalid("not_in_revision", field=field, key=key)
            if key not in new:
                raise Stale(
                    "already_taken_over",
                    current=incident,
                    field=field,
                    what=in_language(there[key]),
                )


def _check_starts(news: News, rows: Collection[ChecklistItem]) -> None:
    """Refuse an item that would never be due, because what it counts from is neither here nor chosen."""
    chosen = {row.key for row in rows}
    for row in rows:
        other = row.starts["key"] if row.starts.get("event") == "item" else ""
        if other and other not in chosen and not news.is_here(other):
            raise Invalid(
                "counts_from_missing",
                field="items",
                what=in_language(row.words),
                other=in_language(news.items[other].words),
            )


def _ask(
    news: News, rows: Collection[ChecklistItem], texts: Collection[StatementText]
) -> list[ScreeningQuestion]:
    """Ask what the chosen parts depend on and nobody asks here yet; not answered, as at opening."""
    named = {key for row in rows for key in row.when.get("answers", {})}
    named |= {key for text in texts for key in news.conditions[text.key].answers}
    asked = [row for key, row in news.questions.items() if key in named]
    return ScreeningQuestion.objects.bulk_create(asked)


def _copy_lanes(incident: Incident, content: Content, texts: Collection[StatementText]) -> None:
    """Bring the lanes that the new words need; those of the incident stay as they are."""
    wanted = {text.lane for text in texts}
    ApprovalLane.objects.bulk_create(
        (
            ApprovalLane(incident=incident, key=lane.key, approvals=dict(lane.approvals))
            for lane in content.lanes
            if lane.key in wanted
        ),
        ignore_conflicts=True,
    )


def _note_in_plan(
    incident: Incident,
    revision: PlaybookRevision,
    news: News,
    rows: Collection[ChecklistItem],
    texts: Collection[StatementText],
    *,
    asks: bool,
) -> None:
    """Keep in the copied plan what moves from now on, and which words came from where."""
    plan = incident.plan
    keys = {row.key for row in rows}
    parts = [item for item in news.content.items if item.key in keys]
    conditions = [item.when for item in parts] + [news.conditions[text.key] for text in texts]
    new, old = replanning.moving_parts(parts, conditions), plan.get("moves", {})
    plan["moves"] = {
        "items": sorted({*old.get("items", ()), *new["items"]}),
        "stages": sorted({*old.get("stages", ()), *new["stages"]}),
        "status": bool(old.get("status")) or new["status"],
    }
    plan["asks"] = bool(plan.get("asks")) or asks
    taken = plan.setdefault("taken_over", {}).setdefault(
        str(revision.pk), {"number": revision.number, "items": [], "statements": []}
    )
    taken["items"] += [row.key for row in rows]
    taken["statements"] += [text.key for text in texts]
    incident.save(update_fields=["plan"])
