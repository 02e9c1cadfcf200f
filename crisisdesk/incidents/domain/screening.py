"""Answer the questions whose answers shape the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import replanning, timeline
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import ScreeningQuestion
from crisisdesk.organisation.domain.actors import Actor

ANSWERS = {"yes": True, "no": False, "unknown": None}
_WORDS = {answer: name for name, answer in ANSWERS.items()}


@transaction.atomic
def answer_screening_question(
    *, question_id: int, answer: str, expected: str = "", actor: Actor, at: datetime
) -> ScreeningQuestion:
    """Answer yes, no or unknown (not known yet), and bring the plan in line with it; the same answer again is nothing.

    `expected` is the answer the person saw. Raises Stale("answer_changed") when somebody answered first,
    Invalid("answer_unknown").
    """
    found = (
        ScreeningQuestion.objects.filter(pk=question_id).values_list("incident", flat=True).first()
    )
    if found is None:
        raise NotVisible
    incident = incident_for_update(found, actor=actor)
    rules.require(actor, "work", incident)
    require_open(incident)
    if answer not in ANSWERS:
        raise Invalid("answer_unknown", field="answer", value=answer)
    question = ScreeningQuestion.objects.select_related("answered_by").get(pk=question_id)
    before = _WORDS[question.answer]
    if expected and expected != before:
        raise Stale("answer_changed", current=question, answer=before)
    if answer == before:
        return question
    question.answer = ANSWERS[answer]
    question.answered_by, question.answered_at = actor.user, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    told = timeline.Draft(
        EventKind.SCREENING_ANSWERED,
        data={
            "question": question.pk,
            "key": question.key,
            "label": question.ask,
            "from": before,
            "to": answer,
        },
    )
    drafts = [told, *replanning.replan(incident, "answers", at=at)]
    timeline.record_many(incident, drafts, actor=actor, at=at)
    return question


def answer_word(question: ScreeningQuestion) -> str:
    """Return the present answer: yes, no or unknown."""
    return _WORDS[question.answer]


def answers_given(said: Mapping[str, str]) -> dict[str, bool]:
    """Return the answers that somebody gave; what is not known yet is no answer. Raises Invalid("answer_unknown")."""
    for answer in said.values():
        if answer not in ANSWERS:
            raise Invalid("answer_unknown", field="answers", value=answer)
    known = {key: ANSWERS[answer] for key, answer in said.items()}
    return {key: answer for key, answer in known.items() if answer is not None}
