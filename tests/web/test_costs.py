"""What a page asks of the database: an exact number of statements, whatever lies in the room or on the desk."""

from __future__ import annotations

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import notebook, timeline
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import ChecklistItem, Incident, Statement
from playbooks.domain.review_dates import date_missing
from playbooks.models import ReviewDate
from tests.factories.incidents import Desk, make_incident
from tests.factories.newer import make_newer
from tests.factories.organisation import NOON
from tests.factories.plans import make_plan
from tests.factories.rota import make_shift

# Everything that reaches the database is counted: session and person with their roles, too.
ROOM = {
    "": 12,
    "statements/": 8,
    "checklists/": 11,
    "newer/": 15,
    "timeline/": 7,
    "deadlines/": 9,  # one of them for the steps; whom they reach is read with those who have the clocks
    "head/": 5,
    "news/": 3,
    "severity/": 5,
    "handover/": 10,
    "report/": 12,
}
DESK = {"/": 10, "/incidents/": 5, "/playbooks/": 5, "/reports/": 3}


def signed_in(desk: Desk) -> Client:
    """Return the lead's browser."""
    client = Client()
    client.force_login(desk.lead)
    return client


def costs(client: Client, paths: dict[str, int], base: str = "") -> dict[str, int]:
    """Return how many statements each page takes once it is warm."""
    found = {}
    for path in paths:
        client.get(base + path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(base + path).status_code == 200
        found[path] = len(caught)
    return found


def notes(desk: Desk, incident: Incident, count: int) -> None:
    """Write notes through the one way into the history."""
    words = timeline.Text("A note", "en")
    drafts = [timeline.Draft(EventKind.NOTE_ADDED, texts={"text": words}) for _ in range(count)]
    with transaction.atomic():
        locked = incident_for_update(incident.pk, actor=desk.actor("staff"))
        timeline.record_many(locked, drafts, actor=desk.actor("staff"), at=NOON)


def fill(desk: Desk, incident: Incident, count: int) -> None:
    """Add so many facts, questions and items."""
    common = {"incident_id": incident.pk, "actor": desk.actor("staff"), "at": NOON}
    for number in range(count):
        notebook.state_fact(text=f"Fact {number}", is_known=bool(number % 2), **common)
        notebook.ask_question(text=f"Question {number}?", asker="customer", **common)
    first = ChecklistItem.objects.filter(incident=incident).order_by("pk")[0]
    last = ChecklistItem.objects.filter(incident=incident).order_by("-position")[0].position
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            incident=incident,
            phase=first.phase,
            key=f"more-{last}-{number}",
            words=first.words,
            provenance=first.provenance,
            lesson=first.lesson,
            role=first.role,
            position=last + 1 + number,
        )
        for number in range(count)
    )


def test_the_room_asks_the_same_with_one_and_fifty_rows_and_a_thousand_events(
    desk: Desk, incident: Incident
) -> None:
    client, base = signed_in(desk), f"/incidents/{incident.reference}/"
    make_newer(incident.playbook_revision)
    assert Statement.objects.filter(incident=incident).count() > 1
    fill(desk, incident, 1)
    assert costs(client, ROOM, base) == ROOM
    fill(desk, incident, 50)
    notes(desk, incident, 1000)
    assert costs(client, ROOM, base) == ROOM


def test_the_desk_asks_the_same_when_every_playbook_is_due(desk: Desk) -> None:
    client = signed_in(desk)
    page = "/playbooks/service-outage/?brand=shared"
    date_missing(at=NOON)
    ReviewDate.objects.filter(statement_key="holding").update(due_at=NOON, review_by=NOON.date())
    few = costs(client, {"/": 0, page: 0})
    ReviewDate.objects.update(due_at=NOON, review_by=NOON.date())
    assert costs(client, {"/": 0, page: 0}) == few == {"/": 6, page: 13}


def test_desk_and_room_ask_the_same_with_one_incident_and_fifty(
    desk: Desk, incident: Incident
) -> None:
    client, base = signed_in(desk), f"/incidents/{incident.reference}/"
    make_newer(incident.playbook_revision)
    assert costs(client, DESK) == DESK
    for number in range(49):
        make_incident(desk, seen=f"Case {number}")
    assert costs(client, DESK) == DESK
    assert costs(client, ROOM, base) == ROOM


def test_the_watch_in_the_head_costs_two_queries_whoever_watches(
    desk: Desk, incident: Incident
) -> None:
    client, base = signed_in(desk), f"/incidents/{incident.reference}/"
    make_newer(incident.playbook_revision)
    whole = {path: cost + 2 * (path != "news/") for path, cost in ROOM.items()}
    make_shift(desk.brand, desk.staff, 8, 20)
    make_shift(desk.brand, desk.approver, 20, 8)
    assert costs(client, ROOM, base) == whole
    for hour in range(24):
        make_shift(desk.brand, desk.deputy, hour, (hour + 1) % 24, together=True)
    assert costs(client, ROOM, base) == whole


def test_search_asks_the_same_with_one_answer_of_each_kind_and_fifty(
    desk: Desk, incident: Incident
) -> None:
    client = signed_in(desk)
    found = {"/search/?q=NourHelp": 9, "/search/?q=support": 7, "/search/?q=": 3}
    assert costs(client, found) == found
    for number in range(49):
        make_incident(desk, seen=f"@NourHelp again {number}")
    assert costs(client, found) == found


def test_my_desk_asks_the_same_with_one_plan_and_ten(desk: Desk, incident: Incident) -> None:
    client, whole = signed_in(desk), {"/": DESK["/"] + 1}
    make_plan(desk)
    assert costs(client, whole) == whole
    for _ in range(9):
        make_plan(desk)
    assert costs(client, whole) == whole
