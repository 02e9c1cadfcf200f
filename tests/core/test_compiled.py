"""Parts of a query that are written once: they say what Django would have said anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject

from crisisdesk.core.queries.compiled import compiled
from crisisdesk.incidents.domain import strategy as strategy_domain
from crisisdesk.incidents.models import AnnouncementPlan, ChecklistItem, Incident
from crisisdesk.incidents.queries import dead_steps, duty, head, plan_desk, standing, strategy
from crisisdesk.notifications.domain import heartbeat
from crisisdesk.notifications.enums import Hand
from crisisdesk.notifications.queries import shell
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries import roles
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON
from tests.factories.plans import make_plan

PARTS = [
    (Incident, dead_steps._dead),
    (Incident, duty._on_duty),
    (Incident, head._counts),
    (Incident, standing._standing),
    (Incident, strategy._newest_line),
    (User, roles._held),
    (User, shell._beat_names),
    (User, shell._beat_moments),
    *((AnnouncementPlan, plan_desk._PARTS[name]) for name in ("rows", "signers", "handles")),
]


@pytest.mark.parametrize(("model", "part"), PARTS)
def test_it_reads_what_django_writes_anew(desk: Desk, model: Any, part: Callable[[], Any]) -> None:
    room = make_incident(desk)
    make_incident(desk, seen="Another matter")
    User.objects.filter(pk=desk.executive.pk).update(is_active=False)  # a step reaches nobody
    strategy_domain.choose_line(
        incident_id=room.pk,
        situation=strategy_domain.Situation("victim"),
        lines=["deny"],
        reason="It is not ours.",
        actor=desk.actor("lead"),
        at=NOON,
    )
    for _each in range(2):
        make_plan(desk)
    heartbeat.stamp(Hand.BEAT, at=NOON)
    rows = model.objects.order_by("pk").annotate(anew=part(), once=compiled(model, part))
    found = rows.values_list("anew", "once")
    assert len(found) >= 2
    assert all(anew == once for anew, once in found)
    assert any(anew for anew, _ in found)


def test_it_is_written_once_and_counts_what_is_there_now(incident: Incident) -> None:
    written = []

    def part() -> JSONObject:
        written.append(1)
        done = ChecklistItem.objects.filter(incident=OuterRef("pk"), state="done")
        return JSONObject(any=Exists(done))

    def read() -> Any:
        rows = Incident.objects.filter(pk=incident.pk)
        return rows.annotate(found=compiled(Incident, part)).values_list("found", flat=True)[0]

    assert read() == {"any": False}
    first = ChecklistItem.objects.filter(incident=incident)[0]
    ChecklistItem.objects.filter(pk=first.pk).update(state="done", done_at=incident.opened_at)
    assert read() == {"any": True}
    assert len(written) == 1
