"""The command about a newer revision of the playbook, and who may call it."""

from __future__ import annotations

from crisisdesk.incidents.domain import taking_over
from tests.incidents.command_case import LEAD, Case
from tests.incidents.command_room import AT

NEWER: dict[str, Case] = {
    "take_over": Case(
        "take over parts of a newer revision of the playbook", LEAD,
        lambda room, actor: taking_over.take_over(
            incident_id=room.incident.pk, revision_id=room.newer.pk, items=["new-item"],
            statements=["new-words"], actor=actor, at=AT,
        ),
    ),
}  # fmt: skip
