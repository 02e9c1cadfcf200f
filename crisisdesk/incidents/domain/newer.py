"""What a newer revision of the playbook brings that a running incident does not have, and how it would stand there.
Reads; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crisisdesk.incidents.domain import planning
from crisisdesk.incidents.domain.copying import (
    channels_of,
    conditions_of,
    item_row,
    question_row,
)
from crisisdesk.incidents.domain.planning import Lookout
from crisisdesk.incidents.domain.replanning import not_past
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.models import ChecklistItem, Incident, ScreeningQuestion, Statement
from crisisdesk.incidents.queries.checklist import Row
from crisisdesk.incidents.queries.situation import why
from playbooks.domain.conditions import Ground, When
from playbooks.domain.content import Content, StatementText, parse
from playbooks.models import PlaybookRevision


@dataclass(frozen=True)
class News:
    """What the incident does not have yet, by key, in the revision's order; nothing of it is kept.

    `seen` looks at the incident as if all of it were there. `questions` are those that only the new parts ask.
    """

    content: Content
    seen: Lookout
    items: Mapping[str, ChecklistItem]
    statements: Mapping[str, StatementText]
    questions: Mapping[str, ScreeningQuestion]
    conditions: Mapping[str, When]
    next_statement: int

    def is_here(self, item_key: str) -> bool:
        """Whether the incident has this item already."""
        return item_key in self.seen.by_key and item_key not in self.items


@dataclass(frozen=True)
class NewItem:
    """An item as its row would be, were it taken over now; `counts_anew`: its time would be over, so it counts from
    now."""

    row: Row
    due_at: datetime | None
    counts_anew: bool
    counts_from: ChecklistItem | None


@dataclass(frozen=True)
class NewStatement:
    """A statement as it would stand, were it taken over now."""

    text: StatementText
    channels: tuple[str, ...]
    is_hidden: bool
    reasons: tuple[Ground, ...]
    questions: tuple[ScreeningQuestion, ...]


def read_news(incident: Incident, revision: PlaybookRevision) -> News:
    """Return what this revision has and the incident has not; two queries, one more for a plan that asks, and one where
    something counts from publications."""
    content = parse(revision)
    here = list(ChecklistItem.objects.filter(incident=incident).order_by("position"))
    first = 1 + max((item.position for item in here), default=-1)
    known = {item.key for item in here}
    fresh = [item for item in content.items if item.key not in known]
    items = {item.key: item_row(incident, item, first + n) for n, item in enumerate(fresh)}
    places = dict(Statement.objects.filter(incident=incident).values_list("key", "position"))
    statements = {text.key: text for text in content.statements if text.key not in places}
    conditions = conditions_of(content)
    seen = planning.look(incident, [*here, *items.values()])
    asked = _asked([item.when for item in fresh] + [conditions[key] for key in statements])
    place = 1 + max((row.position for row in seen.questions), default=-1)
    missing = asked - {row.key for row in seen.questions}
    new = [question for question in content.questions if question.key in missing]
    questions = {row.key: question_row(incident, row, place + n) for n, row in enumerate(new)}
    return News(
        content,
        Lookout(incident, seen.items, [*seen.questions, *questions.values()], seen.said),
        items,
        statements,
        questions,
        conditions,
        1 + max(places.values(), default=-1),
    )


def _asked(conditions: Iterable[When]) -> set[str]:
    return {key for when in conditions for key in when.answers}


def new_items(news: News, *, at: datetime) -> list[NewItem]:
    """Return the items that may be chosen, each with why it would be shown and when it would be due."""
    return [_new_item(item, news, at=at) for item in news.items.values()]


def _new_item(item: ChecklistItem, news: News, *, at: datetime) -> NewItem:
    seen = news.seen
    item.is_hidden = not seen.is_needed(item)
    row = Row(
        item,
        reasons=why(item, seen.situation),
        questions=tuple(seen.questions),
        waits_for=tuple(planning.waits_for(item, seen)),
    )
    from_item = item.starts.get("event") == "item"
    other = seen.by_key.get(item.starts["key"]) if from_item else None
    due = planning.item_due(item, seen)
    if due is None:
        return NewItem(row, None, False, other)
    plan = planning.item_plan(item, due)
    counted = not_past(plan, at=at)
    return NewItem(row, counted.started_at + counted.length, counted is not plan, other)


def new_statements(news: News) -> list[NewStatement]:
    """Return the statements that may be chosen, each with why it would be shown and where it would go."""
    found = []
    for text in news.statements.values():
        when = {"when": news.conditions[text.key].as_data()}
        reasons = why(when, news.seen.situation)
        found.append(
            NewStatement(
                text,
                tuple(channels_of(text, news.seen.incident)),
                not all(reason.holds for reason in reasons),
                reasons,
                tuple(news.seen.questions),
            )
        )
    return found


def taken_already(news: News) -> list[str]:
    """Return the names of this revision's parts that were taken over before."""
    taken = news.seen.incident.plan.get("taken_over", {}).values()
    items = {key for part in taken for key in part["items"]}
    texts = {key for part in taken for key in part["statements"]}
    found = [item.words for item in news.content.items if item.key in items]
    found += [text.title for text in news.content.statements if text.key in texts]
    return [in_language(words) for words in found]
