"""What a person sets for themselves: what they are told, when it is quiet, who stands in."""

from __future__ import annotations

from tests.api.caller import Caller
from tests.api.room import LATER
from tests.factories.incidents import Desk
from tests.factories.plans import ANNOUNCED


def own_choices(desk: Desk, person: Caller) -> None:
    """Choose each, read it again, and end it."""
    chosen = person.does("put", "notifications/choices/", {"kinds": {"course": []}})
    assert chosen == person.get("notifications/choices/")
    assert {each["kind"]: each["ways"] for each in chosen["kinds"]}["course"] == []
    night = {"weekday": 5, "begins": "22:30", "ends": "07:00"}
    quiet = person.does("put", "notifications/quiet-hours/", {"spans": [night]})
    assert quiet == person.get("notifications/quiet-hours/")
    assert quiet == {"zone": person.user.zone, "spans": [night]}
    assert person.get("notifications/morning/")["time"] == "08:00"
    morning = person.does("put", "notifications/morning/", {"enabled": False, "time": "07:30"})
    assert (morning["enabled"], morning["time"], morning["last_state"]) == (False, "07:30", None)
    wanted = {"stand_in": desk.staff.pk, "from_at": LATER, "until_at": ANNOUNCED.isoformat()}
    agreed = person.does("post", "stand-ins/", wanted)
    assert person.get("stand-ins/")["results"] == [agreed]
    assert person.does("post", f"stand-ins/{agreed['id']}/end/")["ended_at"]
    assert person.get("stand-ins/")["results"] == []
