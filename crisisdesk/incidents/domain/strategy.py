"""The line taken in public: advice is asked for, and the choice is a decision with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext

from crisisdesk.core.errors import Invalid
from crisisdesk.core.words import word
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import notebook
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.domain.strategy_advice import BLAME, Situation, advise, warnings
from crisisdesk.incidents.enums import Line
from crisisdesk.incidents.models import LineChoice

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor


def check_situation(situation: Situation) -> None:
    """Raise Invalid("cluster_unknown") unless how much blame is laid on us is one of the three answers."""
    if situation.cluster not in BLAME:
        raise Invalid("cluster_unknown", field="cluster", value=situation.cluster)


def check_lines(lines: Collection[str]) -> None:
    """Raise Invalid("line_unknown") for a line that is none of the four."""
    for line in lines:
        if line not in set(Line):
            raise Invalid("line_unknown", field="lines", value=line)


@transaction.atomic
def choose_line(
    *,
    incident_id: int,
    situation: Situation,
    lines: Sequence[str],
    reason: str,
    actor: Actor,
    at: datetime,
) -> LineChoice:
    """Write down the line we take as a decision, with what was advised; a warning is kept and blocks nothing.

    Raises Invalid("cluster_unknown" | "line_unknown" | "line_not_chosen" | "text_missing" |
    "text_too_long" | "incident_ended").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "work", incident)
    require_open(incident)
    check_situation(situation)
    check_lines(lines)
    chosen = [line for line in Line.values if line in lines]
    if not chosen:
        raise Invalid("line_not_chosen", field="lines")
    advice = advise(situation)
    decision = notebook.make_decision(
        incident_id=incident.pk,
        question=gettext("Which line do we take in public?"),
        choice=gettext(", ").join(word("public_line", line) for line in chosen),
        reason=reason,
        actor=actor,
        at=at,
    )
    return LineChoice.objects.create(
        incident=incident,
        decision=decision,
        cluster=situation.cluster,
        had_similar=situation.had_similar,
        bad_reputation=situation.bad_reputation,
        proven_rumour=situation.proven_rumour,
        level=advice.level,
        recommended=advice.recommended,
        lines=chosen,
        warnings=list(warnings(situation, chosen)),
    )
