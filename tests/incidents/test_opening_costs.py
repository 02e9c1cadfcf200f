"""Opening is one transaction, and as cheap in queries from the largest playbook as from the smallest."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents.models import ChecklistItem, Incident, Statement
from playbooks.models import Playbook, PlaybookRevision
from tests.factories.incidents import Desk, make_incident, revision_of
from tests.factories.organisation import NOON

# What a playbook may take more than another: a list that the other does not have at all (duties, questions) is one.
MORE = 3


def opened(desk: Desk, revision: PlaybookRevision) -> tuple[Incident, list[str]]:
    """Open from this revision; return the incident and every statement that reached the database."""
    with CaptureQueriesContext(connection) as seen:
        incident = make_incident(desk, revision=revision)
    return incident, [query["sql"] for query in seen]


def parts(content: dict[str, Any]) -> int:
    """How many items and statements there are."""
    return len(content["items"]) + len(content["statements"])


def many_times(revision: PlaybookRevision, times: int) -> PlaybookRevision:
    """Return a next revision with every item and statement so many times over."""
    content = deepcopy(revision.content)
    for part in ("items", "statements"):
        rows = list(content[part])
        for number in range(1, times):
            for row in rows:
                key = f"{row['key']}-{number}"
                content[part].append({**row, "key": key})
                for code in LANGUAGES:
                    said = content["words"][code][part]
                    said[key] = said[row["key"]]
    return PlaybookRevision.objects.create(
        playbook=revision.playbook, number=revision.number + 1, schema=revision.schema,
        content=content, content_hash=f"times-{times}", created_at=NOON,
    )  # fmt: skip


def test_every_playbook_opens_in_one_transaction_and_as_few_queries(desk: Desk) -> None:
    costs = {}
    for slug in Playbook.objects.values_list("slug", flat=True):
        _, asked = opened(desk, revision_of(slug))
        assert sum(sql.startswith("SAVEPOINT") for sql in asked) == 1, slug
        costs[slug] = len(asked)
    assert len(costs) == 11
    assert max(costs.values()) - min(costs.values()) <= MORE, costs
    assert max(costs.values()) <= 26, costs


def test_five_times_the_plan_takes_not_one_query_more(desk: Desk) -> None:
    largest = max(
        (revision_of(slug) for slug in Playbook.objects.values_list("slug", flat=True)),
        key=lambda revision: parts(revision.content),
    )
    _, once = opened(desk, largest)
    huge = many_times(largest, 5)
    incident, five = opened(desk, huge)
    assert len(five) == len(once)
    rows = (ChecklistItem, Statement)
    kept = sum(model._default_manager.filter(incident=incident).count() for model in rows)
    assert kept == parts(huge.content) > 200
