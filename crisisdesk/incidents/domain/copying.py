"""The playbook's plan copied into an incident (law 8): from then on the shelf may change, the response does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from crisisdesk.organisation.models import User
from playbooks.domain import content as shelf
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
        "reminders": content.reminders.as_data(),
    }


def copy_plan(
    incident: Incident, content: Content, answers: Mapping[str, bool], *, actor: Actor, at: datetime
) -> list[Deadline]:
    """Copy questions, items, lanes, steps and words, hide what is not needed, and start the clocks; a fixed number of
    statements whatever the playbook's size. Returns the deadlines."""
    copy_steps(incident, content)
    ApprovalLane.objects.bulk_create(
        ApprovalLane(incident=incident, key=lane.key, approvals=dict(lane.approvals))
        for lane in content.lanes
    )
    items = [item_row(incident, item, place) for place, item in enumerate(content.items)]
    questions = [
        question_row(incident, question, place) for place, question in enumerate(content.questions)
    ]
    for row in questions:
        if row.key in answers:
            row.answer, row.answered_by, row.answered_at = answers[row.key], actor.user, at
    seen = planning.Lookout(incident, items, ScreeningQuestion.objects.bulk_create(questions))
    copy_items(seen, items)
    copy_statements(seen, content, content.statements, at=at)
    clocks = [
        planning.clock_plan(clock, due)
        for clock in incident.plan["clocks"]
        if (due := planning.clock_due(clock, seen))
    ]
    own = [
        planning.item_plan(item, due) for item in items if (due := planning.item_due(item, seen))
    ]
    return deadlines.start_many(incident, [*clocks, *own], at=at)


def copy_steps(incident: Incident, content: Content) -> None:
    """Keep whom to tell of what is late; a person by their mail address, nobody where there is no such person any more
    (the room says so). One statement, and one more where a step names somebody."""
    named = {step.person.lower() for step in content.escalation if step.person}
    people = (
        {user.email: user for user in User.objects.filter(email__in=named, is_active=True)}
        if named
        else {}
    )
    EscalationStep.objects.bulk_create(
        EscalationStep(
            incident=incident,
            position=place,
            after_percent=step.after_percent,
            after_minutes=step.after_minutes,
            who=step.who,
            person=people.get(step.person.lower()),
            transports=list(step.transports),
            until=step.until,
        )
        for place, step in enumerate(content.escalation, start=1)
    )


def copy_items(seen: Lookout, items: Sequence[ChecklistItem]) -> None:
    """Keep these items, hidden where their condition does not hold; one statement."""
    for item in items:
        item.is_hidden = not seen.is_needed(item)
    ChecklistItem.objects.bulk_create(items)


def item_row(incident: Incident, item: Item, place: int) -> ChecklistItem:
    """Return an item of a playbook as the incident would keep it, not kept yet."""
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


def question_row(
    incident: Incident, question: shelf.ScreeningQuestion, place: int
) -> ScreeningQuestion:
    """Return a question of a playbook as the incident would ask it, not kept yet and not answered."""
    return ScreeningQuestion(
        incident=incident,
        key=question.key,
        position=place,
        ask=dict(question.ask),
        yes=dict(question.yes),
        no=dict(question.no),
        unknown=question.unknown,
        provenance=question.provenance.as_data(),
    )


def channels_of(text: StatementText, incident: Incident) -> list[str]:
    """Return where these words go: their channels that are in use, or for the public where it started."""
    there = [channel for channel in text.channels if channel in incident.channels]
    elsewhere = [incident.origin_channel] if text.audience == "public" else list(text.channels)
    return there or elsewhere


def conditions_of(content: Content) -> dict[str, When]:
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


def copy_statements(
    seen: Lookout,
    content: Content,
    chosen: Sequence[StatementText],
    *,
    first: int = 0,
    at: datetime,
) -> list[Statement]:
    """Keep these of the playbook's statements from the place `first` on, with their words in the incident's languages,
    hidden where their condition does not hold; two statements of SQL."""
    incident, conditions = seen.incident, conditions_of(content)
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
        for place, text in enumerate(chosen, start=first)
    )
    texts = {text.key: text.text for text in chosen}
    StatementLanguage.objects.bulk_create(
        StatementLanguage(
            statement=statement, language=language, template=texts[statement.key].get(language, "")
        )
        for statement in statements
        for language in incident.languages
    )
    return statements


def texts_of(incident: Incident) -> dict[str, StatementText]:
    """Return what the playbook says for the incident's statements: its own revision, and those that something was taken
    over from; one query more where something was."""
    texts = {text.key: text for text in shelf.parse(incident.playbook_revision).statements}
    taken = incident.plan.get("taken_over", {})
    for revision in PlaybookRevision.objects.filter(pk__in=taken) if taken else ():
        said = taken[str(revision.pk)]["statements"]
        texts |= {text.key: text for text in shelf.parse(revision).statements if text.key in said}
    return texts
