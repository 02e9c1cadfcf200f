"""What stands where with our words: per statement and language the newest text, its approvals and its posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery

from crisisdesk.core import placeholders
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.enums import (
    DeadlineState,
    LanguagePlan,
    PublicationState,
    RevisionState,
    Stage,
)
from crisisdesk.incidents.models import (
    Approval,
    ApprovalLane,
    Deadline,
    Incident,
    Publication,
    Statement,
    StatementLanguage,
    StatementRevision,
)
from crisisdesk.incidents.queries.approvers import counts

_SUBJECTS = ("revision", "language", "approval", "publication", "override")
_STAGES = {stage: place for place, stage in enumerate(Stage.values)}
_PEOPLE = ("author", "submitted_by", "asked", "deputy")


@dataclass(slots=True)
class Words:
    """A statement in one language: its newest text and what became of it."""

    statement: Statement
    row: StatementLanguage
    needed: int
    severity: str
    authors: set[int] = field(default_factory=set)
    revision: StatementRevision | None = None
    approvals: list[Approval] = field(default_factory=list)
    posts: list[Publication] = field(default_factory=list)
    claims: list[Publication] = field(default_factory=list)
    deadlines: dict[tuple[str, int], Deadline] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of these words."""
        return self.row.language

    @property
    def state(self) -> str:
        """One word for where these words stand: the revision's state, or empty, to_follow, not_needed, posted."""
        if self.revision is None or not self.revision.text:
            return "empty" if self.row.plan == LanguagePlan.NEEDED else str(self.row.plan)
        if self.is_out and (self.revision.state == RevisionState.APPROVED or self.was_overridden):
            return "posted"
        if (
            self.row.plan == LanguagePlan.NOT_NEEDED
            and self.revision.state != RevisionState.APPROVED
        ):
            return str(self.row.plan)
        return str(self.revision.state)

    @property
    def had(self) -> int:
        """How many approvals of the newest text count now."""
        return sum(row.approved and counts(row, self.severity) for row in self.approvals)

    @property
    def gaps(self) -> list[str]:
        """The placeholders that still stand open in the newest text."""
        return placeholders.names(self.revision.text if self.revision else self.row.template)

    @property
    def is_out(self) -> bool:
        """Whether the newest text is posted on every channel it goes to."""
        return bool(self.posts) and not self.channels_left

    @property
    def was_overridden(self) -> bool:
        """Whether the newest text went out without approval and nobody is asked about it any more."""
        found = self.revision
        if found is None or found.state != RevisionState.DRAFT:
            return False
        return any(post.revision_id == found.pk and post.override_reason for post in self.posts)

    @property
    def channels_left(self) -> list[str]:
        """Channels of the statement on which the newest text is not posted yet."""
        out = {
            row.channel
            for row in self.posts
            if self.revision and row.revision_id == self.revision.pk
        }
        return [channel for channel in self.statement.channels if channel not in out]

    @property
    def answer(self) -> Deadline | None:
        """The clock of the approver's answer, while it runs."""
        return self.deadlines.get(("revision", self.revision.pk)) if self.revision else None

    @property
    def promised(self) -> Deadline | None:
        """The clock of a language that was said to follow."""
        return self.deadlines.get(("language", self.row.pk))

    def clock_of(self, kind: str, pk: int) -> Deadline | None:
        """Return the running deadline about an approval, a publication or an override of these words."""
        return self.deadlines.get((kind, pk))


@dataclass(slots=True)
class Said:
    """A statement with its words in every language of the audience, in the incident's order."""

    statement: Statement
    words: list[Words]

    def in_language(self, language: str) -> Words:
        """Return the words in this language, or raise NotVisible."""
        for words in self.words:
            if words.language == language:
                return words
        raise NotVisible


def with_newest(rows: QuerySet[StatementLanguage], *people: str) -> list[StatementLanguage]:
    """Return these rows with their statements and newest texts, and the texts' people; one query.

    A new text supersedes the one before it (domain/drafting), so that the newest is the only one
    that stands.
    """
    stands = Q(revisions__state__in=set(RevisionState.values) - {RevisionState.SUPERSEDED})
    found = (
        rows.annotate(newest=FilteredRelation("revisions", condition=stands))
        .select_related("statement", "newest", *(f"newest__{name}" for name in people))  # type: ignore[misc]
        .order_by("statement_id", "pk")
    )
    return list(found)


def newest_of(row: StatementLanguage) -> StatementRevision | None:
    """Return the newest text of a row that `with_newest` returned; None before the first."""
    return getattr(row, "newest", None)


def all_statements(
    incident: Incident, *, at: datetime, clocks: Iterable[Deadline] | None = None
) -> list[Said]:
    """Return every statement that is needed in the order of the stages; four queries however many
    there are, three where the caller has read the `clocks` that run."""
    needed = Q(statement__incident=incident, statement__is_hidden=False)
    return _said(incident, needed, at=at, clocks=clocks)


def these_statements(incident: Incident, ids: Iterable[int], *, at: datetime) -> list[Said]:
    """Return these statements of the incident, also those that are not needed as things stand; four queries."""
    return _said(incident, Q(statement__incident=incident, statement__in=ids), at=at, clocks=None)


def one_statement(
    incident: Incident,
    statement_id: int,
    *,
    at: datetime,
    clocks: Iterable[Deadline] | None = None,
) -> Said:
    """Return one statement of this incident, or raise NotVisible."""
    mine = Q(statement__incident=incident, statement=statement_id)
    found = _said(incident, mine, at=at, clocks=clocks)
    if not found:
        raise NotVisible
    return found[0]


def _said(
    incident: Incident, which: Q, *, at: datetime, clocks: Iterable[Deadline] | None
) -> list[Said]:
    lane = ApprovalLane.objects.filter(incident=incident, key=OuterRef("statement__lane"))
    wrote = StatementRevision.objects.filter(
        statement_language=OuterRef("pk"), author__isnull=False
    )
    more = {
        "needed": Subquery(lane.values("approvals")[:1]),
        "authors": ArraySubquery(wrote.order_by().values("author").distinct()),
    }
    rows = with_newest(StatementLanguage.objects.filter(which).annotate(**more), *_PEOPLE)
    by_statement: dict[int, Statement] = {}
    for row in rows:
        row.statement = by_statement.setdefault(row.statement_id, row.statement)
        row.statement.incident = incident
    statements = sorted(by_statement.values(), key=lambda row: (_STAGES[row.stage], row.position))
    newest = {row.pk: revision for row in rows if (revision := newest_of(row))}
    approvals: dict[int, list[Approval]] = defaultdict(list)
    for approval in (
        Approval.objects.filter(revision__in=list(newest.values()))
        .select_related("approver", "recorded_by")
        .order_by("decided_at", "pk")
    ):
        approvals[approval.revision_id].append(approval)
    posts = _posts(statements, at=at)
    running = _clocks(_running(incident) if clocks is None else clocks)
    found: dict[int, list[Words]] = defaultdict(list)
    for row in rows:
        statement = row.statement
        lane_says = getattr(row, "needed", None) or {}
        words = Words(
            statement=statement,
            row=row,
            needed=int(lane_says.get(incident.severity, 1)),
            severity=incident.severity,
            authors=set(getattr(row, "authors", ())),
            revision=newest.get(row.pk),
            deadlines=running,
        )
        if words.revision:
            words.revision.statement, words.revision.statement_language = statement, row
            words.approvals = approvals[words.revision.pk]
        for post in posts[statement.pk, row.language]:
            if post.state == PublicationState.PUBLISHED:
                words.posts.append(post)
            elif words.revision and post.revision_id == words.revision.pk:
                words.claims.append(post)
        found[row.statement_id].append(words)
    place = {language: number for number, language in enumerate(incident.languages)}
    return [
        Said(statement, sorted(found[statement.pk], key=lambda words: place.get(words.language, 9)))
        for statement in statements
    ]


def _posts(
    statements: Sequence[Statement], *, at: datetime
) -> dict[tuple[int, str], list[Publication]]:
    """Published words, and claims that still hold."""
    found: dict[tuple[int, str], list[Publication]] = defaultdict(list)
    rows = Publication.objects.filter(
        Q(state=PublicationState.PUBLISHED)
        | Q(state=PublicationState.CLAIMED, claimed_until__gt=at),
        statement__in=statements,
    ).select_related("claimed_by", "published_by", "account", "revision")
    for row in rows.order_by("published_at", "pk"):
        found[row.statement_id, row.language].append(row)
    return found


def _running(incident: Incident) -> QuerySet[Deadline]:
    return Deadline.objects.filter(incident=incident, state=DeadlineState.RUNNING)


def _clocks(running: Iterable[Deadline]) -> dict[tuple[str, int], Deadline]:
    return {
        (row.subject_kind, row.subject_id): row for row in running if row.subject_kind in _SUBJECTS
    }


@dataclass(frozen=True, slots=True)
class Compared:
    """The text that new words are compared with, and why this one: sent_back, approved or before."""

    revision: StatementRevision
    why: str


def revision_of(incident: Incident, revision_id: int) -> StatementRevision:
    """Return a revision of this incident with its people, or raise NotVisible."""
    found = (
        StatementRevision.objects.filter(pk=revision_id, statement__incident=incident)
        .select_related(
            "statement", "statement_language", "author", "submitted_by", "asked", "deputy"
        )
        .first()
    )
    if found is None:
        raise NotVisible
    found.statement.incident = incident
    return found


def compared_with(revision: StatementRevision, *, reader_id: int | None) -> Compared | None:
    """Return the last text this reader answered, else the one before; None for the first text."""
    if revision.number == 1:
        return None
    earlier = StatementRevision.objects.filter(
        statement_language=revision.statement_language_id, number__lt=revision.number
    ).order_by("-number")
    said = (
        Approval.objects.filter(revision__in=earlier, approver=reader_id)
        .select_related("revision")
        .order_by("-revision__number")
        .first()
    )
    if said is not None:
        return Compared(said.revision, "approved" if said.approved else "sent_back")
    before = earlier.first()
    return Compared(before, "before") if before else None


def glosses(revision: StatementRevision, languages: Iterable[str]) -> list[StatementRevision]:
    """Return the newest text of the same statement in these other languages, in their order."""
    wanted = [language for language in dict.fromkeys(languages) if language != revision.language]
    rows = StatementLanguage.objects.filter(statement=revision.statement_id, language__in=wanted)
    found = [newest for row in with_newest(rows) if (newest := newest_of(row))]
    return sorted(found, key=lambda row: wanted.index(row.language))


def answers_to(revision: StatementRevision) -> list[Approval]:
    """Return what was said to this text, oldest first."""
    rows = revision.approvals.select_related("approver", "recorded_by", "proof")
    return list(rows.order_by("decided_at", "pk"))


def newest_revision(revision: StatementRevision) -> StatementRevision:
    """Return the newest text of the same words."""
    return StatementRevision.objects.filter(
        statement_language=revision.statement_language_id
    ).order_by("-number")[0]


def newest_and_authors(revision: StatementRevision) -> tuple[StatementRevision, set[int]]:
    """Return the newest text of the same words and everybody who wrote any of them, in one query."""
    rows = StatementRevision.objects.filter(statement_language=revision.statement_language_id)
    texts = list(rows.only("number", "author").order_by("-number"))
    return texts[0], {text.author_id for text in texts if text.author_id}


def answer_clock(revision: StatementRevision) -> Deadline | None:
    """Return the running clock of the approver's answer."""
    return Deadline.objects.filter(
        incident=revision.statement.incident_id,
        state=DeadlineState.RUNNING,
        subject_kind="revision",
        subject_id=revision.pk,
    ).first()


def posting(revision: StatementRevision, channel: str) -> Publication | None:
    """Return the row of this text on this channel: claimed, given back or posted."""
    return (
        Publication.objects.filter(revision=revision, channel=channel)
        .select_related("claimed_by", "published_by", "account")
        .first()
    )


def publication_of(incident: Incident, publication_id: int) -> Publication:
    """Return a publication of this incident, or raise NotVisible."""
    found = incident.publications.filter(pk=publication_id).select_related("statement").first()
    if found is None:
        raise NotVisible
    return found
