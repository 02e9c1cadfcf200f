"""The deadline of the thing that is shown: `{% load owed %}`. The head of the room has read them all already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from crisisdesk.incidents.enums import DeadlineKind, Stage

if TYPE_CHECKING:
    from crisisdesk.incidents.models import Deadline
    from crisisdesk.incidents.queries.head import Head

register = template.Library()

# The clock of the plan that a stage's words meet.
_STAGES = {
    Stage.ACKNOWLEDGEMENT: DeadlineKind.ACKNOWLEDGEMENT,
    Stage.HOLDING: DeadlineKind.HOLDING,
    Stage.UPDATE: DeadlineKind.UPDATE,
    Stage.CORRECTION: DeadlineKind.CORRECTION,
    Stage.INTERNAL: DeadlineKind.INTERNAL_NOTE,
}


@register.simple_tag
def owed(head: Head, pk: int, *subjects: str) -> Deadline | None:
    """`{% owed head question.pk "question" "closing_line" as clock %}`: the running deadline due first, or nothing."""
    for deadline in head.clocks:
        if deadline.subject_id == pk and deadline.subject_kind in subjects:
            return deadline
    return None


@register.simple_tag
def owed_stage(head: Head, stage: str) -> Deadline | None:
    """`{% owed_stage head statement.stage as clock %}`: by when the words of this stage are promised."""
    kind = _STAGES.get(Stage(stage))
    for deadline in head.clocks:
        if deadline.kind == kind and deadline.subject_kind == "incident":
            return deadline
    return None
