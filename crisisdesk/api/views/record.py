"""Facts, decisions, questions, promises in public."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input, Key, Moment, Paged, Text, Versioned
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import newest_first
from crisisdesk.api.shapes import record as shapes
from crisisdesk.api.views.incidents import ENDED
from crisisdesk.incidents.domain import notebook, promises
from crisisdesk.incidents.models import Commitment, Decision, Fact, Question

_TEXT = ("text_missing", "text_too_long")


@read("List facts", answer=shapes.FactShape, many=True, query=Paged)
def list_facts(call: Call, reference: str) -> Page:
    """What is known and what is not, the newest first."""
    rows = Fact.objects.filter(incident=call.incident_id(reference))
    found, following = newest_first(rows, call.query)
    return {"results": shapes.facts(found), "next": following}


@read("Read a fact", answer=shapes.FactShape)
def get_fact(call: Call, reference: str, fact_id: int) -> shapes.FactShape:
    """With its version, for changing it."""
    return shapes.facts([call.child(Fact.objects.all(), reference, fact_id)])[0]


class FactStated(Input):
    """What is known, or not known yet."""

    text = Text()
    is_known = serializers.BooleanField()


@write("State a fact", answer=shapes.FactShape, status=201, body=FactStated, refuses=_TEXT)
def state_fact(call: Call, reference: str) -> shapes.FactShape:
    """Something known, or something we do not know yet and say so."""
    fact = notebook.state_fact(
        incident_id=call.incident_id(reference),
        text=call.body["text"],
        is_known=call.body["is_known"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.facts([fact])[0]


class FactChanged(Versioned):
    """What changes; what is left out stays."""

    text = Text(required=False)
    is_known = serializers.BooleanField(required=False)
    is_withdrawn = serializers.BooleanField(required=False)


@write(
    "Change a fact",
    answer=shapes.FactShape,
    body=FactChanged,
    refuses=_TEXT,
    stale=("stale",),
    versioned=True,
)
def change_fact(call: Call, reference: str, fact_id: int) -> shapes.FactShape:
    """Settle, reword or withdraw it. A known fact that proves wrong starts the clock of the
    public correction, where the plan has one."""
    fact = call.child(Fact.objects.all(), reference, fact_id)
    changed = notebook.change_fact(
        fact_id=fact.pk,
        version=call.version(fact),
        actor=call.actor,
        at=call.at,
        **{"is_withdrawn": fact.is_withdrawn, **call.given("text", "is_known", "is_withdrawn")},
    )
    return shapes.facts([changed])[0]


@read("List decisions", answer=shapes.DecisionShape, many=True, query=Paged)
def list_decisions(call: Call, reference: str) -> Page:
    """The newest first."""
    rows = Decision.objects.filter(incident=call.incident_id(reference))
    found, following = newest_first(rows, call.query)
    return {"results": shapes.decisions(found), "next": following}


class DecisionMade(Input):
    """The question, the choice, and why."""

    question = Text()
    choice = Text()
    reason = Text()


@write(
    "Write down a decision",
    answer=shapes.DecisionShape,
    status=201,
    body=DecisionMade,
    refuses=_TEXT,
)
def make_decision(call: Call, reference: str) -> shapes.DecisionShape:
    """It is never edited; another may follow it."""
    decision = notebook.make_decision(
        incident_id=call.incident_id(reference),
        question=call.body["question"],
        choice=call.body["choice"],
        reason=call.body["reason"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.decisions([decision])[0]


@read("List questions", answer=shapes.QuestionShape, many=True, query=Paged)
def list_questions(call: Call, reference: str) -> Page:
    """What people ask, the newest first."""
    rows = Question.objects.filter(incident=call.incident_id(reference))
    found, following = newest_first(rows, call.query)
    return {"results": shapes.questions(found), "next": following}


@read("Read a question", answer=shapes.QuestionShape)
def get_question(call: Call, reference: str, question_id: int) -> shapes.QuestionShape:
    """With its version, for answering it."""
    return shapes.questions([_question(call, reference, question_id)])[0]


class QuestionAsked(Input):
    """What is asked, by whom, where, how often."""

    text = Text()
    asker = Key()
    asker_name = Text(required=False, max_length=500)
    channel = Key(required=False)
    url = Text(required=False)
    times_asked = serializers.IntegerField(required=False, min_value=-1, max_value=2**31 - 1)
    asked_at = Moment(required=False, allow_null=True)


@write(
    "Log a question",
    answer=shapes.QuestionShape,
    status=201,
    body=QuestionAsked,
    refuses=(*_TEXT, "asker_unknown", "times_asked_range", "link_invalid", "occurred_in_future"),
)
def ask_question(call: Call, reference: str) -> shapes.QuestionShape:
    """Starts the clock of its answer."""
    question = notebook.ask_question(
        incident_id=call.incident_id(reference), actor=call.actor, at=call.at, **call.body
    )
    return shapes.questions([question])[0]


class Answer(Versioned):
    """The public answer, and where it stands."""

    answer = Text()
    url = Text(required=False)


@write(
    "Answer a question",
    answer=shapes.QuestionShape,
    body=Answer,
    refuses=(*_TEXT, "link_invalid"),
    stale=("stale",),
    versioned=True,
)
def answer_question(call: Call, reference: str, question_id: int) -> shapes.QuestionShape:
    """Meets the question's clock."""
    question = _question(call, reference, question_id)
    answered = notebook.answer_question(
        question_id=question.pk,
        answer=call.body["answer"],
        version=call.version(question),
        actor=call.actor,
        at=call.at,
        **call.given("url"),
    )
    return shapes.questions([answered])[0]


@write(
    "Take a conversation private",
    answer=shapes.QuestionShape,
    body=Versioned,
    refuses=("already_private",),
    stale=("stale",),
    versioned=True,
)
def take_private(call: Call, reference: str, question_id: int) -> shapes.QuestionShape:
    """A public closing line is then due within a day."""
    question = _question(call, reference, question_id)
    taken = notebook.take_private(
        question_id=question.pk, version=call.version(question), actor=call.actor, at=call.at
    )
    return shapes.questions([taken])[0]


class ClosingLink(Versioned):
    """Where the closing line stands."""

    url = Text()


@write(
    "Record the public closing line",
    answer=shapes.QuestionShape,
    body=ClosingLink,
    refuses=("not_private", "link_invalid"),
    stale=("stale",),
    versioned=True,
)
def post_closing_line(call: Call, reference: str, question_id: int) -> shapes.QuestionShape:
    """Ends a conversation that was taken private."""
    question = _question(call, reference, question_id)
    closed = notebook.post_closing_line(
        question_id=question.pk,
        url=call.body["url"],
        version=call.version(question),
        actor=call.actor,
        at=call.at,
    )
    return shapes.questions([closed])[0]


def _question(call: Call, reference: str, question_id: int) -> Question:
    return call.child(Question.objects.all(), reference, question_id)


@read("List promises", answer=shapes.CommitmentShape, many=True, query=Paged)
def list_commitments(call: Call, reference: str) -> Page:
    """What we promised in public and by when, the newest first."""
    rows = Commitment.objects.filter(incident=call.incident_id(reference))
    found, following = newest_first(rows, call.query)
    return {"results": [shapes.commitment(row) for row in found], "next": following}


class Promise(Input):
    """What was promised, and by when."""

    text = Text(max_length=2000)
    due_at = Moment()


@write(
    "Write down a promise",
    answer=shapes.CommitmentShape,
    status=201,
    body=Promise,
    refuses=(ENDED, "text_missing", "due_in_past"),
)
def make_commitment(call: Call, reference: str) -> shapes.CommitmentShape:
    """Starts its clock."""
    row = promises.make_commitment(
        incident_id=call.incident_id(reference),
        text=call.body["text"],
        due_at=call.body["due_at"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.commitment(row)


@write("Note that a promise was kept", answer=shapes.CommitmentShape, refuses=("already_kept",))
def keep_commitment(call: Call, reference: str, commitment_id: int) -> shapes.CommitmentShape:
    """Meets its clock."""
    found = call.child(Commitment.objects.all(), reference, commitment_id)
    kept = promises.keep_commitment(commitment_id=found.pk, actor=call.actor, at=call.at)
    return shapes.commitment(kept)


_INCIDENT = "incidents/<str:reference>/"
_QUESTION = f"{_INCIDENT}questions/<int:question_id>/"
ROUTES = {
    f"{_INCIDENT}facts/": endpoint(get=list_facts, post=state_fact),
    f"{_INCIDENT}facts/<int:fact_id>/": endpoint(get=get_fact, patch=change_fact),
    f"{_INCIDENT}decisions/": endpoint(get=list_decisions, post=make_decision),
    f"{_INCIDENT}questions/": endpoint(get=list_questions, post=ask_question),
    _QUESTION: endpoint(get=get_question),
    f"{_QUESTION}answer/": endpoint(put=answer_question),
    f"{_QUESTION}take-private/": endpoint(post=take_private),
    f"{_QUESTION}closing-line/": endpoint(put=post_closing_line),
    f"{_INCIDENT}commitments/": endpoint(get=list_commitments, post=make_commitment),
    f"{_INCIDENT}commitments/<int:commitment_id>/keep/": endpoint(post=keep_commitment),
}
