"""A newer revision of the playbook, looked at and taken over through the API."""

from __future__ import annotations

from tests.api.caller import Caller
from tests.factories.incidents import revision_of
from tests.factories.newer import make_newer


def take_over_newer(room: str, lead: Caller) -> None:
    """Take parts of a newer revision over."""
    newer = make_newer(revision_of("fake-support-account"))
    news = lead.get(f"{room}newer/")
    assert (news["ours"], news["number"], news["revision"]) == (1, 2, newer.pk)
    offered = [row["key"] for part in ("items", "statements") for row in news[part]]
    assert offered == ["new-item", "new-words"] and news["items"][0]["due_at"]
    given = {"revision": newer.pk, "items": ["new-item"], "statements": ["new-words"]}
    taken = lead.does("post", f"{room}newer/take-over/", given)
    assert [row["key"] for part in taken.values() for row in part] == offered
