"""The one inversion of the house: rooms above say here who may see their topics and how their news
reads.

A room calls `register` in its `AppConfig.ready`. Both questions are asked again whenever a mail is
sent and whenever the inbox is shown; a row that is refused then ends `withheld`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import translation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from crisisdesk.notifications.models import Notification

Pair = tuple[int, int]


class Person(Protocol):
    """What this room needs to know of a member of AUTH_USER_MODEL."""

    pk: Any
    email: str
    language: str
    zone: str
    is_active: bool


@dataclass(frozen=True)
class Quote:
    """Words of somebody else, in their own language and direction."""

    text: str
    language: str
    direction: str


@dataclass(frozen=True)
class Rendered:
    """One piece of news in one language: what happened, what to do, by when, one button, then
    context.

    `subject` starts with reference and severity. `about` names what the inbox puts
    together under one heading. `path` is absolute on the desk
    ("/incidents/CD-2026-0042/"). `bare` is what may be said of it even where its words may not: a reference, a count.
    `because` says why the reader gets this; empty: for their part in an incident.
    """

    subject: str
    headline: str
    lines: tuple[str, ...]
    action_label: str
    path: str
    due_line: str = ""
    because: str = ""
    about: str = ""
    bare: str = ""
    quote: Quote | None = None
    silence_path: str = ""  # where a reminder may be silenced for its reader; empty: nowhere


class Render(Protocol):
    """Makes the words; called under the reader's language. `data` holds all it needs: it runs no
    query per row.
    """

    def __call__(
        self, *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
    ) -> Rendered: ...


@dataclass(frozen=True)
class Because:
    """Why a person was told, in the reader's language: the rule that held, and what would change it."""

    rule: str
    changes: tuple[str, ...] = ()


class Explain(Protocol):
    """Says why a person was told, by the code on the row; called under the reader's language."""

    def __call__(
        self,
        *,
        why: str,
        kind: str,
        data: dict[str, Any],
        topic_id: int,
        user: Any,
        told_at: datetime,
    ) -> Because: ...


MaySee = Callable[[Any, int], bool]
MaySeeMany = Callable[[Collection[Pair]], Collection[Pair]]
Visible = Callable[[Any], "QuerySet[Any]"]
Hushed = Callable[[Collection[int]], Collection[int]]
Over = Callable[[Sequence["Notification"]], Collection[int]]


@dataclass(frozen=True)
class Topic:
    """How one topic answers."""

    name: str
    may_see: MaySee
    render: Render
    visible: Visible
    may_see_many: MaySeeMany | None = None
    hushed: Hushed | None = None
    explain: Explain | None = None
    over: Over | None = None


class UnknownTopic(LookupError):
    """A row names a topic that no room of this process has registered."""


_topics: dict[str, Topic] = {}


def register(
    topic: str,
    *,
    may_see: MaySee,
    render: Render,
    visible: Visible,
    may_see_many: MaySeeMany | None = None,
    hushed: Hushed | None = None,
    explain: Explain | None = None,
    over: Over | None = None,
) -> None:
    """Answer for a topic from now on; a second call replaces the first.

    `may_see(user, topic_id)` answers for one. `may_see_many(pairs of (user id, topic id))` returns
    the pairs that are allowed in a bounded number of queries; without it, batches ask one by one.
    `visible(user)` selects the ids of all that the person may see: the count on every page makes it
    part of its own query. `hushed(topic ids)` returns those whose words no other hands may carry
    (`domain/hushing.py`), in a bounded number of queries; without it none are. `explain` says why a
    person was told, for the page that answers it. `over(rows)` returns the numbers of those rows that call
    for something which has been done since, in a bounded number of queries; without it nothing ever is.
    """
    _topics[topic] = Topic(
        topic, may_see, render, visible, may_see_many, hushed=hushed, explain=explain, over=over
    )


def topics() -> list[Topic]:
    """Return every topic of this process."""
    return list(_topics.values())


def topic(name: str) -> Topic:
    """Return how the topic answers, or raise UnknownTopic."""
    try:
        return _topics[name]
    except KeyError:
        raise UnknownTopic(name) from None


def allowed(name: str, pairs: Collection[Pair], people: dict[int, Any]) -> set[Pair]:
    """Return those (user id, topic id) that may be told; inactive or missing people never are."""
    asked = {pair for pair in pairs if pair[0] in people and people[pair[0]].is_active}
    if not asked:
        return set()
    entry = topic(name)
    if entry.may_see_many is not None:
        return asked & set(entry.may_see_many(asked))
    return {pair for pair in asked if entry.may_see(people[pair[0]], pair[1])}


def hushed(name: str, topic_ids: Collection[int]) -> set[int]:
    """Return those of these whose words no other hands may carry."""
    entry = topic(name)
    return set() if entry.hushed is None or not topic_ids else set(entry.hushed(topic_ids))


def over(rows: Sequence[Notification]) -> set[int]:
    """Return the numbers of those of these rows whose matter is over."""
    by_topic: dict[str, list[Notification]] = {}
    for row in rows:
        by_topic.setdefault(row.topic, []).append(row)
    found: set[int] = set()
    for name, group in by_topic.items():
        asked = topic(name).over
        found |= set(asked(group)) if asked else set()
    return found


def written(row: Notification, person: Person) -> Rendered:
    """Return a row's news in this person's language and zone; raises UnknownTopic, or whatever its room raises."""
    with translation.override(person.language):
        return topic(row.topic).render(
            kind=row.kind,
            data=row.data,
            topic_id=row.topic_id,
            language=person.language,
            zone=person.zone,
        )
