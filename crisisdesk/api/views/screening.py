"""The questions whose answers shape the plan, and where and in which languages we speak."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input, Key, Versioned
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import checklist as shapes
from crisisdesk.api.shapes import incidents
from crisisdesk.api.views.incidents import ENDED
from crisisdesk.incidents.domain import reach, screening
from crisisdesk.incidents.models import ScreeningQuestion
from crisisdesk.incidents.queries.situation import questions_of


@read("List the questions that shape the plan", answer=shapes.Screening, many=True)
def list_screening_questions(call: Call, reference: str) -> Page:
    """Each with its answer: yes, no, or unknown (not known yet)."""
    rows = questions_of(call.incident(reference))
    return {"results": shapes.screening(rows), "next": None}


class ScreeningAnswer(Input):
    """The answer, and the one that was seen."""

    answer = serializers.ChoiceField(list(screening.ANSWERS))
    expected = serializers.ChoiceField(list(screening.ANSWERS), required=False)


@write(
    "Answer a question that shapes the plan",
    answer=shapes.Screening,
    body=ScreeningAnswer,
    refuses=(ENDED,),
    stale=("answer_changed",),
)
def answer_screening_question(call: Call, reference: str, screening_id: int) -> shapes.Screening:
    """Shows and hides items and statements, starts and drops clocks; with `expected`, only if
    nobody answered first."""
    row = call.child(ScreeningQuestion.objects.all(), reference, screening_id)
    answered = screening.answer_screening_question(
        question_id=row.pk,
        answer=call.body["answer"],
        actor=call.actor,
        at=call.at,
        **call.given("expected"),
    )
    return shapes.screening([answered])[0]


class Reach(Versioned):
    """All channels in use and all languages, as they should be."""

    channels = serializers.ListField(child=Key(allow_blank=False))
    languages = serializers.ListField(child=serializers.CharField(max_length=5))


@write(
    "Change channels and languages",
    answer=incidents.IncidentHead,
    body=Reach,
    refuses=(
        ENDED, "channels_missing", "channel_unknown", "languages_missing", "language_unknown",
    ),
    stale=("stale",),
    versioned=True,
)  # fmt: skip
def change_reach(call: Call, reference: str) -> incidents.IncidentHead:
    """Items, clocks and statements follow; the playbook's words come for a new language."""
    incident = call.incident(reference)
    changed = reach.change_reach(
        incident_id=incident.pk,
        channels=call.body["channels"],
        languages=call.body["languages"],
        version=call.version(incident),
        actor=call.actor,
        at=call.at,
    )
    changed.refresh_from_db()
    return incidents.head(changed, call.actor)


_INCIDENT = "incidents/<str:reference>/"
ROUTES = {
    f"{_INCIDENT}screening/": endpoint(get=list_screening_questions),
    f"{_INCIDENT}screening/<int:screening_id>/": endpoint(put=answer_screening_question),
    f"{_INCIDENT}reach/": endpoint(put=change_reach),
}
