"""The playbook's plan copied into an incident (law 8): from then on the shelf may change, the response does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from crisisdesk.incidents.domain import deadlines, planning
from crisisdesk.incidents.domain.planning import Lookout
from crisisdesk.incidents.domain.replanning import moving_parts
from crisisdesk.incidents.models import (
    ApprovalLane,
    ChecklistItem,
    Deadline,
    EscalationStep,
    Incident,
    ScreeningQuestion,
    Statement,
    StatementLanguage,
)
from crisisdesk.organisation.domain.actors import Actor
from playbooks.domain.conditions import When
from playbooks.domain.content import Content, Item, StatementText
from playbooks.models import PlaybookRevision


def plan_of(revision: PlaybookRevision, content: Content) -> dict[str, Any]:
    """Return the copy of what cannot be rows: clocks, words to avoid, first facts, and what moves."""
    conditions = [item.when for item in content.items]
    conditions += [clock.when for clock in content.clocks]
    conditions += [text.when for text in content.statements]
    return {
        "playbook": {"slug": content.slug, "number": revision.number, "title": dict(content.title)},
        "clocks": [
            {
                "key": clock.key,
                "kind": clock.kind,
                "from": clock.starts_from,
                "minutes": dict(clock.minutes),
                "days": dict(clock.days),
                "lives_until": clock.lives_until,
                "role": clock.role,
                "label": dict(clock.label),
                **({"when": clock.when.as_data()} if clock.when else {}),
            }
            for clock in content.clocks
        ],
        "avoid": {
            language: [{"words": entry.words, "because": entry.because} for entry in entries]
            for language, entries in content.avoid.items()
        },
        "first_facts": {language: list(facts) for language, facts in content.first_facts.items()},
        "severities": {key: dict(words) for key, words in content.severities.items()},
        "trap": dict(content.trap),
        "moves": moving_parts(content.items, conditions),
        "asks": bool(content.questions),
    }


def copy_plan(
    incident: Incident, content: Content, answers: Mapping[str, bool], *, actor: Actor, at: datetime
) -> list[Deadline]:
    """Copy questions, items, lanes, steps and words, hide what is not needed, and start the clocks; a fixed number of
    statements whatever the playbook's size. Returns the deadlines."""
    EscalationStep.objects.bulk_create(
        EscalationStep(
            incident=incident, position=place, after_percent=step.after_percent, who=step.who
        )
        for place, step in enumerate(content.escalation, start=1)
    )
    ApprovalLane.objects.bulk_create(
        ApprovalLane(incident=incident, key=lane.key, approvals=dict(lane.approvals))
        for lane in content.lanes
    )
    items = [_item(incident, item, place) for place, item in enumerate(content.items)]
    seen = planning.Lookout(
        incident, items, _copy_questions(incident, content, answers, actor=actor, at=at)
    )
    for item in items:
        item.is_hidden = not seen.is_needed(item)
    ChecklistItem.objects.bulk_create(items)
    _copy_statements(seen, content, at=at)
    clocks = [
        planning.clock_plan(clock, due)
        for clock in incident.plan["clocks"]
        if (due := planning.clock_due(clock, seen))
    ]
    own = [
        planning.item_plan(item, due) for item in items if (due := planning.item_due(item, seen))
    ]
    return deadlines.start_many(incident, [*clocks, *own], at=at)


def _item(incident: Incident, item: Item, place: int) -> ChecklistItem:
    return ChecklistItem(
        incident=incident,
        key=item.key,
        phase=item.phase,
        position=place,
        channel=item.channel or "",
        words=dict(item.words),
        detail=dict(item.detail),
        required=item.required,
        role=item.role,
        minutes=dict(item.minutes),
        when=item.when.as_data(),
        starts=item.starts.as_data(),
        after=list(item.after),
        repeat=item.repeat.as_data() if item.repeat else {},
        meets=item.meets or "",
        provenance=item.provenance.as_data(),
        lesson=item.lesson or "",
    )


def _copy_questions(
    incident: Incident, content: Content, answers: Mapping[str, bool], *, actor: Actor, at: datetime
) -> list[ScreeningQuestion]:
    return ScreeningQuestion.objects.bulk_create(
        ScreeningQuestion(
            incident=incident,
            key=question.key,
            position=place,
            ask=dict(question.ask),
            yes=dict(question.yes),
            no=dict(question.no),
            unknown=question.unknown,
            answer=answers.get(question.key),
            answered_by=actor.user if question.key in answers else None,
            answered_at=at if question.key in answers else None,
            provenance=question.provenance.as_data(),
        )
        for place, question in enumerate(content.questions)
    )


def channels_of(text: StatementText, incident: Incident) -> list[str]:
    """Return where these words go: their channels that are in use, or for the public where it started."""
    there = [channel for channel in text.channels if channel in incident.channels]
    elsewhere = [incident.origin_channel] if text.audience == "public" else list(text.channels)
    return there or elsewhere


def _conditions(content: Content) -> dict[str, When]:
    """Return when each statement is needed. Other words for the public of the same stage are there for their channels:
    all but the first of a stage are needed only where one of these is in use."""
    first: set[str] = set()
    found = {}
    for text in content.statements:
        other = text.audience == "public" and text.stage in first and content.schema > 1
        own = replace(text.when, channels=text.when.channels or text.channels)
        found[text.key] = own if other else text.when
        if text.audience == "public":
            first.add(text.stage)
    return found


def _copy_statements(seen: Lookout, content: Content, *, at: datetime) -> None:
    incident, conditions = seen.incident, _conditions(content)
    statements = Statement.objects.bulk_create(
        Statement(
            incident=incident,
            key=text.key,
            stage=text.stage,
            audience=text.audience,
            title=dict(text.title),
            channels=channels_of(text, incident),
            lane=text.lane,
            facts=list(text.facts),
            placeholders={
                name: {
                    "kind": blank.kind,
                    "autofill": blank.autofill,
                    "label": dict(blank.label),
                    "prompt": dict(blank.prompt),
                    "unknown": dict(blank.unknown),
                }
                for name, blank in content.placeholders.items()
                if any("{" + name + "}" in words for words in text.text.values())
            },
            when=conditions[text.key].as_data(),
            is_hidden=not seen.is_needed({"when": conditions[text.key].as_data()}),
            position=place,
            created_at=at,
        )
        for place, text in enumerate(content.statements)
    )
    texts = {text.key: text.text for text in content.statements}
    StatementLanguage.objects.bulk_create(
        StatementLanguage(
            statement=statement, language=language, template=texts[statement.key].get(language, "")
        )
        for statement in statements
        for language in incident.languages
    )
