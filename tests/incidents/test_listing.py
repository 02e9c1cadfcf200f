"""The list of incidents: who sees what, in which order, and what one row and fifty cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from crisisdesk.core.errors import Invalid
from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries.listing import ListFilters, page
from crisisdesk.incidents.queries.search import search
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON

ALL = ListFilters()


def test_pages_hold_every_incident_once_newest_first(desk: Desk) -> None:
    # Two share a moment: the number decides between them.
    for minute in (0, 0, 1, 2, 3):
        make_incident(desk, at=NOON + timedelta(minutes=minute))
    seen: list[int] = []
    cursor = ""
    for _ in range(3):
        found = page(desk.lead, ALL, cursor, limit=2)
        seen += [row.id for row in found.rows]
        cursor = found.next_cursor
    assert cursor == ""
    assert seen == list(Incident.objects.order_by("-opened_at", "-pk").values_list("pk", flat=True))


@pytest.mark.parametrize("cursor", ["x", "!!", "MjAyNg", "MjAyNi0xMS0xOFQxMjowMDowMHwx"])
def test_a_cursor_from_elsewhere_is_refused(desk: Desk, cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor_wrong"):
        page(desk.lead, ALL, cursor)


def test_a_row_says_what_is_at_risk_and_who_has_it(desk: Desk, incident: Incident) -> None:
    desk.lead.name_ar = "ليلى"
    desk.lead.save()
    desk.brand.names = {"ar": "نور هوم"}
    desk.brand.save()
    [row] = page(desk.lead, ALL).rows
    shown = (row.reference, row.brand_name, row.lead_name)
    assert shown == (incident.reference, "Nour Home", "Lead")
    assert row.at_risk is not None
    first = incident.deadlines.filter(state="running").order_by("due_at", "pk")[0]
    assert (row.at_risk.due_at, row.at_risk.label) == (first.due_at, first.label)
    assert row.at_risk.owner_name == ""  # nobody holds its role yet
    roles.assign_role(
        incident_id=incident.pk, role=first.role, user=desk.staff, actor=desk.actor("lead"), at=NOON
    )
    with translation.override("ar"):
        [row] = page(desk.lead, ALL).rows
    assert row.at_risk is not None and row.at_risk.owner_name == "Staff"
    assert (row.brand_name, row.lead_name) == ("نور هوم", "ليلى")


def test_filters_narrow_and_words_are_found_in_any_script(desk: Desk) -> None:
    first = make_incident(desk, seen="الحساب المزيف يرد على عملائنا", severity="sev1")
    second = make_incident(desk, seen="Checkout is down", at=NOON + timedelta(minutes=1))
    Incident.objects.filter(pk=second.pk).update(status="closed")

    def found(**fields: object) -> list[str]:
        return [row.reference for row in page(desk.lead, ListFilters(**fields)).rows]  # type: ignore[arg-type]

    assert found(is_open=True) == [first.reference]
    assert found(is_open=False) == found(statuses=("closed",)) == [second.reference]
    assert found(severities=("sev1",)) == [first.reference]
    assert found(brand_id=desk.brand.pk) == [second.reference, first.reference]
    assert found(brand_id=desk.brand.pk + 1) == []
    assert [row.reference for row in search(desk.lead, "حساب")] == [first.reference]
    assert [row.reference for row in search(desk.lead, second.reference)] == [second.reference]
    assert search(desk.lead, " - ") == []


def test_strangers_and_restricted_incidents(desk: Desk, incident: Incident) -> None:
    assert page(desk.stranger, ALL).rows == []
    assert search(desk.stranger, incident.reference) == []
    assert len(page(desk.admin, ALL).rows) == 1
    roles.restrict(incident_id=incident.pk, restricted=True, actor=desk.actor("lead"), at=NOON)
    assert page(desk.admin, ALL).rows == page(desk.staff, ALL).rows == []
    assert len(page(desk.lead, ALL).rows) == 1


def test_fifty_rows_cost_as_many_queries_as_one(desk: Desk, incident: Incident) -> None:
    with CaptureQueriesContext(connection) as one:
        page(desk.lead, ALL)
    for minute in range(49):
        make_incident(desk, at=NOON + timedelta(minutes=minute))
    with CaptureQueriesContext(connection) as fifty:
        assert len(page(desk.lead, ALL).rows) == 50
    assert len(one) == len(fifty) == 3
