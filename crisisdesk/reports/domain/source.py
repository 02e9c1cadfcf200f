"""Every row a report is made from, read once in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import OuterRef, Subquery

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents.enums import DeadlineKind, DeadlineState, PublicationState
from crisisdesk.incidents.models import (
    ActionItem,
    Approval,
    ChecklistItem,
    Commitment,
    Deadline,
    Decision,
    Incident,
    Postmortem,
    Publication,
    Question,
    RoleAssignment,
    StatementRevision,
    TimelineEvent,
    TimelineText,
)
from crisisdesk.incidents.queries import metrics
from crisisdesk.incidents.queries.checklist import counted
from crisisdesk.incidents.queries.desk import deadlines_of
from crisisdesk.incidents.queries.regulators import RegulatorRow, regulators_of
from crisisdesk.organisation.models import BrandLanguage, Channel, Membership
from playbooks.models import Lesson


@dataclass
class Source:
    """The rows of one incident as they stand; each set is read when a section first asks for it."""

    incident: Incident
    at: datetime

    @cached_property
    def figures(self) -> metrics.Figures:
        return metrics.of_rows(
            self.incident,
            publications=self.publications,
            deadlines=self.deadlines,
            commitments=self.commitments,
            actions=self.actions,
            at=self.at,
        )

    @cached_property
    def postmortem(self) -> Postmortem:
        found = Postmortem.objects.filter(incident=self.incident).first()
        return found or Postmortem(
            incident=self.incident, language="", saved_at=self.at, cause_known=False
        )

    @cached_property
    def publications(self) -> list[Publication]:
        """What was published, in time; the language of origin is told by the first."""
        rows = Publication.objects.filter(incident=self.incident, state=PublicationState.PUBLISHED)
        return list(
            rows.exclude(published_at=None)
            .select_related("statement", "revision", "account")
            .order_by("published_at", "pk")
        )

    @cached_property
    def public(self) -> list[Publication]:
        return [row for row in self.publications if row.statement.audience != metrics.INSIDE]

    @cached_property
    def words_said(self) -> list[list[Publication]]:
        """Publications gathered into words: one text of a statement in all its languages and
        channels.

        Another text of the same statement in a language that has already spoken begins new words.
        """
        groups: list[list[Publication]] = []
        open_group: dict[int, list[Publication]] = {}
        for row in self.publications:
            group = open_group.get(row.statement_id)
            spoken = {one.language: one.revision_id for one in group or ()}
            if group is None or spoken.get(row.language, row.revision_id) != row.revision_id:
                group = []
                groups.append(group)
                open_group[row.statement_id] = group
            group.append(row)
        return groups

    @cached_property
    def revisions(self) -> list[StatementRevision]:
        """Texts that were sent to approval, in the order in which they were, with when each was first answered."""
        rows = StatementRevision.objects.filter(statement__incident=self.incident).exclude(
            submitted_at=None
        )
        first = Approval.objects.filter(revision=OuterRef("pk")).order_by("decided_at", "pk")
        answered = rows.annotate(answered_at=Subquery(first.values("decided_at")[:1]))
        return list(answered.select_related("statement").order_by("submitted_at", "pk"))

    @cached_property
    def approvals(self) -> dict[int, list[Approval]]:
        """Each yes and no, by revision."""
        found: dict[int, list[Approval]] = defaultdict(list)
        for row in Approval.objects.filter(revision__statement__incident=self.incident).order_by(
            "decided_at", "pk"
        ):
            found[row.revision_id].append(row)
        return found

    @cached_property
    def deadlines(self) -> list[Deadline]:
        return list(deadlines_of(self.incident))

    def clock(self, kind: DeadlineKind) -> Deadline | None:
        """The plan's own clock of this kind; one that was dropped only where there is no other."""
        rows = [
            row for row in self.deadlines if row.kind == kind and row.subject_kind == "incident"
        ]
        kept = [row for row in rows if row.state != DeadlineState.CANCELLED]
        return next(iter(kept or rows), None)

    @cached_property
    def item_deadlines(self) -> dict[int, Deadline]:
        """The deadline by which each item is judged; of one that came back, the last that was met."""
        met = DeadlineState.MET
        rows = sorted(self.deadlines, key=lambda row: (row.state == met, row.pk))
        return {row.subject_id: row for row in rows if row.subject_kind == "item"}

    @cached_property
    def commitments(self) -> list[Commitment]:
        return list(Commitment.objects.filter(incident=self.incident).order_by("due_at", "pk"))

    @cached_property
    def items(self) -> list[ChecklistItem]:
        """The checklist as the page has it, without what was not needed."""
        return list(counted(self.incident).order_by("position", "pk"))

    @cached_property
    def decisions(self) -> list[Decision]:
        rows = Decision.objects.filter(incident=self.incident).select_related("line")
        return list(rows.order_by("decided_at", "pk"))

    @cached_property
    def questions(self) -> list[Question]:
        """What people asked; a prepared question that nobody asked is no question of theirs."""
        return list(
            Question.objects.filter(incident=self.incident, times_asked__gt=0).order_by(
                "-times_asked", "asked_at", "pk"
            )
        )

    @cached_property
    def regulators(self) -> list[RegulatorRow]:
        return regulators_of(self.incident)

    @cached_property
    def actions(self) -> list[ActionItem]:
        rows = ActionItem.objects.filter(incident=self.incident).select_related("owner")
        return list(rows.order_by("due_date", "pk"))

    @cached_property
    def lessons(self) -> list[Lesson]:
        """The lessons that the post-mortem cites, in its order."""
        found = Lesson.objects.in_bulk(self.postmortem.lessons, field_name="key")
        return [found[key] for key in self.postmortem.lessons if key in found]

    @cached_property
    def events(self) -> list[TimelineEvent]:
        """The timeline up to the event this report is built from."""
        rows = TimelineEvent.objects.filter(
            incident=self.incident, number__lte=self.incident.last_number
        )
        return list(rows.order_by("number"))

    @cached_property
    def texts(self) -> dict[int, dict[str, TimelineText]]:
        """The free words of every event, by event and name; erased ones are left out."""
        found: dict[int, dict[str, TimelineText]] = defaultdict(dict)
        for row in TimelineText.objects.filter(event__incident=self.incident).exclude(salt=""):
            found[row.event_id][row.name] = row
        return found

    @cached_property
    def assignments(self) -> list[RoleAssignment]:
        return list(RoleAssignment.objects.filter(incident=self.incident).order_by("from_at", "pk"))

    @cached_property
    def brand_roles(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for user, role in Membership.objects.filter(brand=self.incident.brand_id).values_list(
            "user_id", "role"
        ):
            found[user].add(role)
        return found

    @cached_property
    def deputies(self) -> set[int]:
        rows = BrandLanguage.objects.filter(brand=self.incident.brand_id).values_list(
            "deputy_id", flat=True
        )
        return {user for user in rows if user}

    @cached_property
    def channels(self) -> dict[str, Channel]:
        return Channel.objects.in_bulk(field_name="key")

    def language_order(self, own: str) -> dict[str, int]:
        """Reading order of languages: the report's own, then those of the audience as the incident
        names them.
        """
        order = [own, *self.incident.languages, *LANGUAGES]
        return {language: order.index(language) for language in order}
