"""Why a part of the plan is there, or is not, in the reader's language: the playbook's own sentence for an answer, the
desk's for everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext

from crisisdesk.core.words import word
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.models import Incident, ScreeningQuestion
from crisisdesk.incidents.queries.situation import needed, situation_of, why
from playbooks.domain.conditions import Ground

_NAMED = {True: "yes", False: "no", None: "unknown"}


def reason_words(
    reasons: Sequence[Ground], questions: Iterable[ScreeningQuestion], *, is_hidden: bool
) -> str:
    """Return why a part is shown, why it is hidden, or that it is kept though nothing asks for it; "" for what is
    always there."""
    asked = {question.key: question for question in questions}
    missing = [reason for reason in reasons if not reason.holds]
    if is_hidden:
        return " ".join(_why_not(reason, asked) for reason in missing)
    if missing:
        return gettext("No longer needed; kept because someone worked on it.")
    return " ".join(_why(reason, asked) for reason in reasons)


def clock_reasons(incident: Incident, questions: Sequence[ScreeningQuestion]) -> dict[str, str]:
    """Return why each conditional clock of the plan runs, by its key."""
    situation = situation_of(incident, questions)
    return {
        clock["key"]: reason_words(why(clock, situation), questions, is_hidden=False)
        for clock in incident.plan.get("clocks", [])
        if clock.get("when") and needed(clock, situation)
    }


def _why(reason: Ground, asked: Mapping[str, ScreeningQuestion]) -> str:
    if reason.what == "answer":
        question = asked.get(reason.values[0])
        return in_language(question.yes if reason.wanted else question.no) if question else ""
    listed = _listed(reason)
    if reason.what == "severity":
        return gettext("Shown because the severity is %(list)s.") % {"list": listed}
    if reason.what == "channel":
        return gettext("Shown because this is in use: %(list)s.") % {"list": listed}
    if reason.what == "language":
        return gettext("Shown because this is one of our languages: %(list)s.") % {"list": listed}
    return gettext("Shown because the incident stands at “%(list)s”.") % {"list": listed}


def _why_not(reason: Ground, asked: Mapping[str, ScreeningQuestion]) -> str:
    if reason.what == "answer" and reason.values[0] in asked:
        return gettext("Hidden because of the answer: %(question)s %(answer)s.") % {
            "question": in_language(asked[reason.values[0]].ask),
            "answer": word("answer", _NAMED[reason.given]),
        }
    listed = _listed(reason)
    if reason.what == "severity":
        return gettext("Hidden because it is only for %(list)s.") % {"list": listed}
    if reason.what == "channel":
        return gettext("Hidden because this is not in use: %(list)s.") % {"list": listed}
    if reason.what == "language":
        return gettext("Hidden because this is not one of our languages: %(list)s.") % {
            "list": listed
        }
    return gettext("Hidden because it is only for “%(list)s”.") % {"list": listed}


def _listed(reason: Ground) -> str:
    if reason.what == "severity":
        return gettext(", ").join(value.upper() for value in reason.values)
    return gettext(", ").join(
        word(reason.what, value) if reason.what != "answer" else value for value in reason.values
    )
