"""What the first tab of a room shows: what is said, what is known, who is on duty, what people ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crisisdesk.incidents.enums import (
    IncidentRole,
    LanguagePlan,
    PublicationState,
    RevisionState,
    Stage,
)
from crisisdesk.incidents.models import (
    Fact,
    Incident,
    Publication,
    Question,
    Statement,
    StatementLanguage,
    StatementRevision,
    TimelineEvent,
)
from crisisdesk.incidents.queries import duty
from crisisdesk.incidents.queries.statements import Said as AllOfIt
from crisisdesk.incidents.queries.statements import newest_of, with_newest
from crisisdesk.organisation.models import User

LAST_EVENTS = 5
_STAGES = {stage: place for place, stage in enumerate(Stage)}
_ASKED = ("asked", "deputy", "author")


@dataclass
class Text:
    """A statement in one language: its plan, newest revision and where it is posted."""

    row: StatementLanguage
    revision: StatementRevision | None = None
    posts: list[Publication] = field(default_factory=list)

    @property
    def state(self) -> str:
        """posted, approved, in_review, sent_back, draft, or what is planned: to_follow, not_needed, needed."""
        if self.posts:
            return "posted"
        if self.revision is not None and self.revision.state != RevisionState.SUPERSEDED:
            if self.revision.state == RevisionState.DRAFT and self.row.plan != LanguagePlan.NEEDED:
                return str(self.row.plan)
            return str(self.revision.state)
        return str(self.row.plan)


@dataclass
class Said:
    """A statement with its texts in the order of the audience's languages."""

    statement: Statement
    texts: list[Text] = field(default_factory=list)

    @property
    def last_number(self) -> int:
        """The highest revision number among its languages."""
        return max((text.revision.number for text in self.texts if text.revision), default=0)


@dataclass(frozen=True)
class Cell:
    """One channel in one language: posted when, or what stands before it."""

    state: str
    post: Publication | None = None


@dataclass(frozen=True)
class Duty:
    """Who does what: a role on the incident, or the approval of some languages."""

    role: str
    user: User | None
    languages: tuple[str, ...] = ()


def said(incident: Incident) -> list[Said]:
    """Return every statement that is needed with its newest texts and posts, in two queries."""
    needed = StatementLanguage.objects.filter(
        statement__incident=incident, statement__is_hidden=False
    )
    rows = with_newest(needed, *_ASKED)
    posts: dict[tuple[int, str], list[Publication]] = {}
    published = Publication.objects.filter(incident=incident, state=PublicationState.PUBLISHED)
    for post in published.select_related("revision").order_by("published_at", "pk"):
        posts.setdefault((post.statement_id, post.language), []).append(post)
    found: dict[int, Said] = {}
    place = {language: number for number, language in enumerate(incident.languages)}
    for row in rows:
        entry = found.setdefault(row.statement_id, Said(row.statement))
        entry.texts.append(
            Text(row, newest_of(row), posts.get((row.statement_id, row.language), []))
        )
    for entry in found.values():
        entry.texts.sort(key=lambda text: place.get(text.row.language, 9))
    return sorted(
        found.values(),
        key=lambda entry: (_STAGES[Stage(entry.statement.stage)], entry.statement.position),
    )


def as_said(found: Iterable[AllOfIt]) -> list[Said]:
    """Return statements that were read with all that became of them as this tab tells of them."""
    return [
        Said(one.statement, [Text(words.row, words.revision, words.posts) for words in one.words])
        for one in found
    ]


def in_hand(statements: list[Said]) -> Said | None:
    """Return what we say now: the statement touched last, or the first one that waits to be written."""

    def touched(entry: Said) -> float:
        moments = [text.revision.saved_at for text in entry.texts if text.revision]
        moments += [
            post.published_at for text in entry.texts for post in text.posts if post.published_at
        ]
        return max((moment.timestamp() for moment in moments), default=0.0)

    public = [entry for entry in statements if entry.statement.audience != "staff"]
    return (
        max(public, key=touched)
        if any(touched(entry) for entry in public)
        else next(iter(public), None)
    )


def last_posted(statements: list[Said]) -> Publication | None:
    """Return the newest public post, with its words; None while nothing is out."""
    out = [
        post
        for entry in statements
        for text in entry.texts
        for post in text.posts
        if not post.is_reply and post.published_at
    ]
    return max(out, key=lambda post: (post.published_at, post.pk), default=None)


def stages_out(statements: list[Said]) -> set[str]:
    """Return the stages of which anything is public."""
    return {entry.statement.stage for entry in statements for text in entry.texts if text.posts}


def coverage(incident: Incident, statements: list[Said]) -> list[tuple[str, list[Cell]]]:
    """Return, per channel, where our words stand in each language: the latest post, or how far the next text is."""
    table = []
    for channel in incident.channels:
        cells = [_cell(statements, channel, language) for language in incident.languages]
        table.append((channel, cells))
    return table


_AHEAD = ("approved", "in_review", "sent_back", "draft", "to_follow", "not_needed")


def _cell(statements: list[Said], channel: str, language: str) -> Cell:
    texts = [
        text
        for entry in statements
        if channel in entry.statement.channels
        for text in entry.texts
        if text.row.language == language
    ]
    posts = [post for text in texts for post in text.posts if post.channel == channel]
    if posts:
        return Cell("posted", posts[-1])
    states = {text.state for text in texts} - {"posted"}
    return Cell(next((state for state in _AHEAD if state in states), "needed"))


def announcements_without_reply(statements: list[Said], questions: list[Question]) -> int:
    """Return how many announcements went out while nobody was answered (domain.md L37); 0 once somebody was."""
    posts = [post for entry in statements for text in entry.texts for post in text.posts]
    replies = any(post.is_reply for post in posts) or any(
        question.answered_at for question in questions
    )
    told = {post.statement_id for post in posts if not post.is_reply}
    return 0 if replies else len(told)


def questions(incident: Incident) -> list[Question]:
    """Return what people ask, the open ones first."""
    return list(
        Question.objects.filter(incident=incident).order_by(
            "answered_at", "-times_asked", "asked_at"
        )[:50]
    )


def facts(incident: Incident) -> list[Fact]:
    """Return what is held to be known or not known now."""
    return list(
        Fact.objects.filter(incident=incident, is_withdrawn=False).order_by("stated_at", "pk")[:60]
    )


def last_events(incident: Incident) -> list[TimelineEvent]:
    """Return the newest events with who caused them."""
    rows = (
        TimelineEvent.objects.filter(incident=incident).select_related("actor").order_by("-number")
    )
    return list(rows[:LAST_EVENTS])


def duties(incident: Incident) -> list[Duty]:
    """Return who is on duty for each role, then who approves which languages."""
    team = duty.team(incident)
    held: dict[str, User] = {}
    for row in duty.holders(incident):
        held[row.role] = row.user
    roles = (
        IncidentRole.LEAD,
        IncidentRole.SPOKESPERSON,
        IncidentRole.MONITOR,
        IncidentRole.SCRIBE,
    )
    rows = [Duty(role, held.get(role)) for role in roles]
    approvers: dict[int, Duty] = {}
    for language in incident.languages:
        user = team.approvers.get(language)
        if user:
            had = approvers.get(user.pk, Duty(IncidentRole.APPROVER, user))
            approvers[user.pk] = Duty(had.role, user, (*had.languages, language))
    return rows + list(approvers.values())
