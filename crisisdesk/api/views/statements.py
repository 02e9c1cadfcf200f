"""Statements: the words in each language, from the draft to the request for a yes."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from crisisdesk.api.inputs import Input, Key, Moment, Paged, Text, Versioned
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import newest_first
from crisisdesk.api.shapes import words as shapes
from crisisdesk.api.views.incidents import ENDED
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.domain import approving, drafting
from crisisdesk.incidents.enums import LanguagePlan, Stage
from crisisdesk.incidents.models import Incident, StatementLanguage, StatementRevision
from crisisdesk.incidents.queries import statements


@read("List statements", answer=shapes.StatementShape, many=True)
def list_statements(call: Call, reference: str) -> Page:
    """Every statement with its words in every language, in the order of the stages."""
    said = statements.all_statements(call.incident(reference), at=call.at)
    return {"results": shapes.statements(said), "next": None}


class StatementAdded(Input):
    """Words that the playbook has no text for."""

    stage = serializers.ChoiceField(Stage.choices)
    title = Text(max_length=500)
    channels = serializers.ListField(child=Key(allow_blank=False))
    languages = serializers.ListField(child=serializers.CharField(max_length=5))
    audience = serializers.ChoiceField(
        ["public", "press", "staff", "partners"], required=False, default="public"
    )


@write(
    "Add a statement",
    answer=shapes.StatementShape,
    status=201,
    body=StatementAdded,
    refuses=(
        ENDED, "title_missing", "channels_missing", "channel_unknown", "language_unknown",
    ),
)  # fmt: skip
def add_statement(call: Call, reference: str) -> shapes.StatementShape:
    """Empty, in each of the languages given."""
    incident = call.incident(reference)
    statement = drafting.add_statement(
        incident_id=incident.pk,
        stage=Stage(call.body["stage"]),
        title=call.body["title"],
        channels=call.body["channels"],
        languages=call.body["languages"],
        audience=call.body["audience"],
        actor=call.actor,
        at=call.at,
    )
    said = statements.one_statement(incident, statement.pk, at=call.at)
    return shapes.statements([said])[0]


@read("Read a statement", answer=shapes.StatementShape)
def get_statement(call: Call, reference: str, statement_id: int) -> shapes.StatementShape:
    """With its words in every language."""
    said = statements.one_statement(call.incident(reference), statement_id, at=call.at)
    return shapes.statements([said])[0]


@read("Read a statement in one language", answer=shapes.Words)
def get_words(call: Call, reference: str, statement_id: int, language: str) -> shapes.Words:
    """With its version, for saving a draft."""
    incident, row = _words(call, reference, statement_id, language)
    return shapes.words_of(incident, row, at=call.at)


class Draft(Versioned):
    """The words as typed, and what was filled into the placeholders."""

    text = Text()
    values = serializers.DictField(child=Text(max_length=1000), required=False)


@write(
    "Save a draft",
    answer=shapes.Words,
    body=Draft,
    refuses=(ENDED, "text_missing", "text_too_long"),
    stale=("stale",),
    versioned=True,
)
def save_draft(call: Call, reference: str, statement_id: int, language: str) -> shapes.Words:
    """One's own draft changes in place, anything else becomes the next revision, without
    approvals. Words signed in advance with only facts filled in are approved at once."""
    incident, row = _words(call, reference, statement_id, language)
    drafting.save_draft(
        statement_language_id=row.pk,
        text=call.body["text"],
        values=call.body.get("values"),
        version=call.version(row),
        actor=call.actor,
        at=call.at,
    )
    return shapes.words_of(incident, row, at=call.at)


@write(
    "Send a draft to approval",
    answer=shapes.Words,
    body=Versioned,
    refuses=(ENDED, "nothing_to_submit", "placeholders_left", "nobody_can_approve"),
    stale=("stale",),
    versioned=True,
)
def submit_draft(call: Call, reference: str, statement_id: int, language: str) -> shapes.Words:
    """Asks the brand's approver for the language and starts the clock of the answer."""
    incident, row = _words(call, reference, statement_id, language)
    approving.submit(
        statement_language_id=row.pk, version=call.version(row), actor=call.actor, at=call.at
    )
    return shapes.words_of(incident, row, at=call.at)


class PlanOfLanguage(Input):
    """Needed, not needed, or to follow by a time."""

    plan = serializers.ChoiceField(LanguagePlan.choices)
    follow_by = Moment(required=False, allow_null=True)


@write(
    "Plan a language",
    answer=shapes.Words,
    body=PlanOfLanguage,
    refuses=(ENDED, "follow_by_missing", "follow_by_past"),
)
def plan_language(call: Call, reference: str, statement_id: int, language: str) -> shapes.Words:
    """A language that is to follow has a deadline."""
    incident, row = _words(call, reference, statement_id, language)
    drafting.plan_language(
        statement_language_id=row.pk,
        plan=LanguagePlan(call.body["plan"]),
        follow_by=call.body.get("follow_by"),
        actor=call.actor,
        at=call.at,
    )
    return shapes.words_of(incident, row, at=call.at)


@read("List the revisions", answer=shapes.Revision, many=True, query=Paged)
def list_revisions(call: Call, reference: str, statement_id: int, language: str) -> Page:
    """Every exact text there was, the newest first."""
    _, row = _words(call, reference, statement_id, language)
    found, following = newest_first(texts().filter(statement_language=row), call.query)
    return {"results": shapes.revisions(found), "next": following}


@read("Read a revision", answer=shapes.Revision)
def get_revision(call: Call, reference: str, revision_id: int) -> shapes.Revision:
    """One exact text with what was said to it."""
    return shapes.revisions([revision_of(call, reference, revision_id)])[0]


def texts() -> QuerySet[StatementRevision]:
    """Return texts with what was said to them."""
    return StatementRevision.objects.prefetch_related("approvals")


def revision_of(call: Call, reference: str, revision_id: int) -> StatementRevision:
    """Return a text of this incident, or raise NotVisible."""
    incident = call.incident_id(reference)
    found = texts().filter(pk=revision_id, statement__incident=incident).first()
    if found is None:
        raise NotVisible
    return found


def _words(
    call: Call, reference: str, statement_id: int, language: str
) -> tuple[Incident, StatementLanguage]:
    incident = call.incident(reference)
    row = (
        StatementLanguage.objects.select_related("statement")
        .filter(statement=statement_id, statement__incident=incident, language=language)
        .first()
    )
    if row is None:
        raise NotVisible
    row.statement.incident = incident
    return incident, row


_STATEMENT = "incidents/<str:reference>/statements/<int:statement_id>/"
_WORDS = f"{_STATEMENT}<str:language>/"
ROUTES = {
    "incidents/<str:reference>/statements/": endpoint(get=list_statements, post=add_statement),
    _STATEMENT: endpoint(get=get_statement),
    _WORDS: endpoint(get=get_words),
    f"{_WORDS}draft/": endpoint(put=save_draft),
    f"{_WORDS}submit/": endpoint(post=submit_draft),
    f"{_WORDS}plan/": endpoint(put=plan_language),
    f"{_WORDS}revisions/": endpoint(get=list_revisions),
    "incidents/<str:reference>/revisions/<int:revision_id>/": endpoint(get=get_revision),
}
