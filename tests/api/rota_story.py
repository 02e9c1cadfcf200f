"""The rota and the working days of a brand through the API: every operation of it once."""

from __future__ import annotations

from datetime import timedelta

from tests.api.caller import Caller
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON


def after(minutes: int) -> str:
    """A moment of the story."""
    return (NOON + timedelta(minutes=minutes)).isoformat()


def watch_the_brand(
    desk: Desk, lead: Caller, staff: Caller, approver: Caller, admin: Caller
) -> None:
    """Keep a calendar, write a rota, swap a watch and take it back."""
    here, rota = "brands/nour/", "brands/nour/rota/"
    days = {
        "country": "AE", "weekend": [6, 7], "week_start": 1, "short_day": 5, "short_until": "12:00",
        "own_days": {"2026-11-24": {"en": "Founders' day"}}, "version": 0,
    }  # fmt: skip
    kept = admin.does("put", f"{here}working-days/", days)
    assert (kept["country"], kept["version"]) == ("AE", 1)
    found = staff.get(f"{here}working-days/", since="2026-11-20", until="2026-12-02")["days"]
    assert [day["date"] for day in found if day["short"]] == ["2026-11-20", "2026-11-27"]
    assert [day["holidays"][0]["names"]["en"] for day in found if day["holidays"]] == [
        "Founders' day", "National Day",
    ]  # fmt: skip
    assert staff.get(rota)["needed"] is None and staff.get(f"{here}on-watch/")["people"] == []
    shift = {
        "person": desk.approver.pk, "weekdays": [1, 2, 3, 4, 5, 6, 7], "starts": "08:00:00",
        "ends": "20:00:00", "valid_from": "2026-11-18",
    }  # fmt: skip
    first = lead.does("post", f"{rota}shifts/", shift)
    over = lead.does("post", f"{rota}shifts/", {**shift, "person": desk.staff.pk, "together": True})
    lead.does("post", f"rota/shifts/{over['id']}/end/")
    needed = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "starts": "08:00", "ends": "21:00", "version": 1}
    assert lead.does("put", rota, needed)["version"] == 2
    wanted = {
        "away": desk.approver.pk, "cover": desk.deputy.pk, "starts_at": after(60),
        "ends_at": after(120), "note": "Dentist",
    }  # fmt: skip
    asked = approver.does("post", f"{rota}swaps/", wanted)
    deputy = Caller(desk.deputy)
    answered = deputy.does("post", f"rota/swaps/{asked['id']}/answer/", {"accept": True})
    assert answered["state"] == "accepted"
    later = staff.get(f"{here}on-watch/", at=after(90))["people"]
    assert [person["id"] for person in later] == [desk.deputy.pk]
    whole = staff.get(rota, since=after(0), until=after(24 * 60))
    assert [slot["swap"] for slot in whole["slots"]] == [None, asked["id"], None, None]
    assert (whole["shifts"][0]["id"], len(whole["gaps"])) == (first["id"], 28)
    taken = lead.does("post", f"rota/swaps/{asked['id']}/withdraw/")
    assert taken["state"] == "withdrawn" and staff.get(rota)["swaps"] == []
    lead.does(
        "post",
        f"{rota}shifts/",
        {**shift, "person": desk.deputy.pk, "starts": "20:00:00", "ends": "08:00:00"},
    )
    night = {"return_starts_at": after(300), "return_ends_at": after(360)}
    exchange = approver.does("post", f"{rota}swaps/", {**wanted, **night})
    given = exchange["in_return"]
    assert (given["state"], given["ends_at"][:16]) == ("asked", after(360)[:16])
    deputy.does("post", f"rota/swaps/{given['id']}/answer/", {"accept": True})
    later = [staff.get(f"{here}on-watch/", at=after(minute))["people"] for minute in (90, 330)]
    assert [people[0]["id"] for people in later] == [desk.deputy.pk, desk.approver.pk]
