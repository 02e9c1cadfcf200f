"""The shelf as a program reads, signs and reviews it: what of the story takes place before any incident."""

from __future__ import annotations

from playbooks.domain.review_dates import date_missing
from tests.api.caller import Caller
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON


def read_the_shelf(desk: Desk, lead: Caller, approver: Caller) -> None:
    """Read a playbook with its revisions, sign its first words, take that back, and read its parts again."""
    slugs = {row["slug"] for row in lead.get("playbooks/")["results"]}
    assert slugs >= {"fake-support-account", "service-outage", "hashtag-storm"}
    playbook = lead.get("playbooks/fake-support-account/", brand="nour")
    assert playbook["content"]["slug"] == "fake-support-account"
    assert len(lead.get("playbooks/fake-support-account/revisions/")["results"]) == 1
    revision = f"playbook-revisions/{playbook['id']}/"
    assert lead.get(revision) == playbook
    signing = {"brand": "nour", "statement": "acknowledgement", "language": "ar"}
    signed = approver.does("post", f"{revision}signatures/", signing)
    assert len(lead.get(f"{revision}signatures/", brand="nour")["results"]) == 1
    assert approver.does("post", f"signatures/{signed['id']}/withdraw/")["withdrawn_at"]
    _read_again(desk, lead)


def _read_again(desk: Desk, lead: Caller) -> None:
    date_missing(at=NOON)
    asked = {"brand": "nour", "playbook": "fake-support-account", "mine": True}
    part = lead.get("review-dates/", **asked, limit=1)
    plan, here = part["results"][0], f"review-dates/{part['results'][0]['id']}/"
    assert (plan["statement"], plan["review_by"], plan["version"]) == (None, "2027-02-16", 1)
    assert part["next"] and lead.get("review-dates/", due_before=NOON.isoformat())["results"] == []
    assert (
        lead.does("post", f"{here}reviewed/", {"version": 1})["reviewed_by"]["id"] == desk.lead.pk
    )
    day = {"review_by": "2026-12-01", "version": 2}
    assert lead.does("put", f"{here}date/", day)["due_at"].startswith("2026-12-01T05:00")
    given = lead.does("put", f"{here}owner/", {"owner": desk.lead.pk, "version": 3})
    assert lead.get(here) == given and given["owner"]["name"] == "Lead"
