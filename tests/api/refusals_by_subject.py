"""What some operations refuse, by their subject: who, operation, changes, status, code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.api.room import EARLIER, LATER
from tests.factories.organisation import NOON

TOMORROW = (NOON + timedelta(days=2)).isoformat()

Refusals = list[tuple[str, str, dict[str, Any], int, str]]

OF_REVIEWS: Refusals = [
    ("approver", "mark_reviewed", {}, 403, "not_allowed"),
    ("lead", "mark_reviewed", {"version": 0}, 409, "review_date_changed"),
    ("executive", "set_review_date", {}, 403, "not_allowed"),
    ("lead", "set_review_date", {"version": 3}, 409, "review_date_changed"),
    ("lead", "set_review_date", {"review_by": None}, 422, "review_date_missing"),
    ("lead", "set_review_date", {"review_by": "2026-11-18"}, 422, "due_in_past"),
    ("lead", "set_review_date", {"review_by": "2029-01-01"}, 422, "review_date_far"),
    ("lead", "set_review_date", {"review_by": "soon"}, 400, "malformed"),
    ("approver", "give_review", {}, 403, "not_allowed"),
    ("lead", "give_review", {"version": 3}, 409, "review_date_changed"),
    ("lead", "give_review", {"owner": 10**9}, 422, "no_such_person"),
    ("lead", "give_review", {"owner": "observer"}, 422, "person_may_not_lead"),
]
OF_PLANS: Refusals = [
    ("lead", "open_plan", {"title": " "}, 422, "text_missing"),
    ("lead", "open_plan", {"announce_at": EARLIER}, 422, "announced_in_past"),
    ("lead", "open_plan", {"languages": ["xx"]}, 422, "language_unknown"),
    ("lead", "open_plan", {"brand": "other"}, 422, "no_such_brand"),
    ("lead", "open_plan", {"lead": 10**9}, 422, "no_such_person"),
    ("observer", "open_plan", {}, 403, "not_allowed"),
    ("lead", "change_plan", {"version": 0}, 409, "stale"),
    ("lead", "change_plan", {"decision": "x" * 301}, 422, "text_too_long"),
    ("lead", "drop_plan", {"reason": " "}, 422, "reason_missing"),
    ("lead", "announce_plan", {"reason": " "}, 422, "gaps_need_reason"),
    ("lead", "announce_plan", {"severity": "sev9"}, 422, "severity_unknown"),
    ("approver", "announce_plan", {}, 403, "not_allowed"),
    ("staff", "add_plan_point", {"kind": "rumour"}, 422, "point_kind_unknown"),
    ("approver", "add_plan_point", {"kind": "group"}, 403, "not_allowed"),
    ("staff", "change_plan_point", {"version": 3}, 409, "stale"),
    ("approver", "remove_plan_point", {}, 403, "not_allowed"),
    ("staff", "write_plan_answer", {"text": " "}, 422, "text_missing"),
    ("staff", "write_plan_answer", {"version": 3}, 409, "stale"),
    ("staff", "approve_plan_answer", {}, 403, "own_text"),
    ("staff", "prepare_plan_statement", {"statement": "never"}, 422, "statement_unknown"),
    ("staff", "prepare_plan_statement", {"language": "en", "version": 0}, 409, "stale"),
    ("lead", "add_plan_duty", {"to_at": EARLIER}, 422, "duty_without_length"),
    ("lead", "add_plan_duty", {"role": "cook"}, 422, "role_unknown"),
    ("observer", "remove_plan_duty", {}, 403, "not_allowed"),
    ("lead", "record_plan_reach", {"person": 10**9}, 422, "no_such_person"),
]

OF_TELLING: Refusals = [
    ("lead", "add_address", {"transport": "pigeon"}, 422, "transport_unknown"),
    ("lead", "add_address", {"transport": "slack"}, 422, "transport_not_set_up"),
    ("lead", "add_address", {"label": "x" * 81}, 400, "malformed"),
    ("staff", "send_address_code", {}, 404, "not_found"),
    ("lead", "send_address_code", {}, 422, "transport_not_set_up"),
    ("lead", "confirm_address", {}, 422, "code_expired"),
    ("staff", "confirm_address", {}, 404, "not_found"),
    ("staff", "remove_address", {}, 404, "not_found"),
    ("lead", "test_address", {}, 422, "transport_not_set_up"),
    ("staff", "test_address", {}, 404, "not_found"),
    ("staff", "send_again", {}, 404, "not_found"),
    ("lead", "send_again", {"messages": []}, 400, "malformed"),
]

OF_REACH: Refusals = [
    ("lead", "change_reach", {"channels": []}, 422, "channels_missing"),
    ("lead", "change_reach", {"channels": ["telegraph"]}, 422, "channel_unknown"),
    ("lead", "change_reach", {"languages": []}, 422, "languages_missing"),
    ("lead", "change_reach", {"languages": ["xx"]}, 422, "language_unknown"),
    ("lead", "change_reach", {"version": 77}, 409, "stale"),
    ("executive", "change_reach", {}, 403, "not_allowed"),
    ("staff", "answer_screening_question", {"expected": "no"}, 409, "answer_changed"),
    ("observer", "answer_screening_question", {}, 403, "not_allowed"),
]

OF_NEWER: Refusals = [
    ("lead", "take_over", {"items": [], "statements": []}, 422, "nothing_chosen"),
    ("lead", "take_over", {"revision": 10**9}, 422, "no_such_revision"),
    ("lead", "take_over", {}, 422, "revision_not_newer"),
    ("approver", "take_over", {}, 403, "not_allowed"),
    ("executive", "take_over", {}, 403, "not_allowed"),
]

OF_LAW: Refusals = [
    ("lead", "make_calendar", {"incident": "CD-1999-0001"}, 422, "no_such_incident"),
    ("staff", "revoke_calendar", {}, 404, "not_found"),
    ("observer", "choose_line", {}, 403, "not_allowed"),
    ("lead", "add_regulator", {"key": "moon-authority"}, 422, "regulator_unknown"),
    ("lead", "add_regulator", {"key": "gdpr-authority"}, 422, "regulator_there"),
    ("observer", "add_regulator", {}, 403, "not_allowed"),
    ("lead", "answer_regulator", {"started_at": LATER}, 422, "started_in_future"),
    ("lead", "answer_regulator", {"version": 77}, 409, "stale"),
    ("approver", "answer_regulator", {}, 403, "not_allowed"),
    ("staff", "record_notice", {}, 422, "duty_not_applying"),
    ("staff", "record_notice", {"version": 77}, 409, "stale"),
    ("executive", "record_notice", {}, 403, "not_allowed"),
]

_KEYS = {"p256dh": "x", "auth": "x", "label": "L"}
OF_ELSEWHERE: Refusals = [
    ("staff", "add_webhook", {"url": "https://10.0.0.1/"}, 422, "address_private"),
    ("staff", "add_webhook", {"url": "pager"}, 422, "webhook_url"),
    ("staff", "add_webhook", {"url": "https://nobody.invalid/"}, 422, "host_unknown"),
    ("lead", "add_webhook", {"url": "https://93.184.216.34/"}, 422, "webhook_exists"),
    ("staff", "prove_webhook", {}, 404, "not_found"),
    ("staff", "rotate_webhook_secret", {}, 404, "not_found"),
    ("staff", "remove_webhook", {}, 404, "not_found"),
    ("lead", "resend_webhook_message", {}, 422, "webhook_off"),
    ("staff", "resend_webhook_message", {}, 404, "not_found"),
    ("staff", "add_device", _KEYS, 422, "push_host_unknown"),
    ("staff", "remove_device", {"endpoint": None}, 400, "malformed"),
    (
        "staff",
        "add_device",
        {"endpoint": "https://fcm.googleapis.com/x", **_KEYS},
        422,
        "push_keys_wrong",
    ),
]
_BACK = {
    "return_starts_at": TOMORROW,
    "return_ends_at": (NOON + timedelta(days=2, hours=1)).isoformat(),
}
_NIGHT = {"weekday": 1, "begins": "22:00", "ends": "07:00"}
_ALWAYS = [{"weekday": day, "begins": "08:00", "ends": "08:00"} for day in range(1, 8)]
OF_PREFERENCES: Refusals = [
    ("lead", "choose_news", {"kinds": {"gossip": []}}, 422, "news_unknown"),
    ("lead", "choose_news", {"kinds": {"course": ["pigeon"]}}, 422, "way_unknown"),
    (
        "lead", "choose_news", {"kinds": {"deadlines": [], "approvals": [], "duties": []}}, 422,
        "everything_silenced",
    ),
    ("lead", "set_quiet_hours", {"spans": [_NIGHT, _NIGHT]}, 422, "weekday_twice"),
    ("lead", "set_quiet_hours", {"spans": [_NIGHT | {"weekday": 8}]}, 422, "weekday_unknown"),
    ("lead", "set_quiet_hours", {"spans": [_NIGHT | {"ends": "25:00"}]}, 400, "malformed"),
    ("lead", "set_quiet_hours", {"spans": _ALWAYS}, 422, "week_all_quiet"),
    ("lead", "set_morning", {"time": "25:00"}, 400, "malformed"),
    ("lead", "name_stand_in", {"stand_in": 10**9}, 422, "no_such_person"),
    ("lead", "name_stand_in", {"stand_in": "lead"}, 422, "stand_in_self"),
    ("lead", "name_stand_in", {"stand_in": "approver"}, 422, "stand_in_away"),
    ("deputy", "name_stand_in", {}, 422, "stand_in_chain"),
    ("approver", "name_stand_in", {}, 422, "stand_in_overlaps"),
    ("lead", "name_stand_in", {"until_at": EARLIER}, 422, "until_in_past"),
    ("lead", "name_stand_in", {"from_at": "2027-01-01T00:00:00Z"}, 422, "until_before_from"),
    ("lead", "name_stand_in", {"until_at": "2027-11-18T12:00:00Z"}, 422, "stand_in_too_long"),
    ("lead", "end_stand_in", {}, 404, "not_found"),
]  # fmt: skip

OF_ALARMS: Refusals = [
    ("lead", "snooze_deadline", {"until": EARLIER}, 422, "snooze_time"),
    ("lead", "snooze_deadline", {"until": TOMORROW}, 422, "snooze_time"),
    ("lead", "snooze_deadline", {"was": LATER}, 409, "snooze_changed"),
    ("observer", "snooze_deadline", {}, 403, "not_reminded"),
    ("observer", "acknowledge_deadline", {}, 403, "not_allowed"),
    ("observer", "ask_update", {}, 403, "not_allowed"),
    ("lead", "ask_update", {}, 422, "request_to_self"),
    ("executive", "ask_update", {"question": "x" * 301}, 422, "text_too_long"),
    ("lead", "answer_update", {"text": " "}, 422, "text_missing"),
    ("lead", "answer_update", {}, 422, "no_request"),
    ("observer", "answer_update", {}, 403, "not_allowed"),
    ("lead", "waive_deadline", {"reason": " "}, 422, "reason_missing"),
    ("approver", "waive_deadline", {}, 403, "not_allowed"),
]

OF_ROTA: Refusals = [
    ("lead", "set_rota", {"weekdays": []}, 422, "weekdays_missing"),
    ("lead", "set_rota", {"version": 77}, 409, "stale"),
    ("observer", "set_rota", {}, 403, "not_allowed"),
    ("lead", "add_shift", {}, 422, "slot_taken"),
    ("lead", "add_shift", {"weekdays": []}, 422, "weekdays_missing"),
    ("lead", "add_shift", {"valid_from": "2026-11-17"}, 422, "shift_in_past"),
    ("lead", "add_shift", {"valid_until": "2026-11-19"}, 422, "dates_reversed"),
    ("lead", "add_shift", {"every": 9}, 422, "every_wrong"),
    ("lead", "add_shift", {"starts": None}, 422, "sunset_unknown"),
    ("lead", "add_shift", {"person": 10**9}, 422, "watch_without_role"),
    ("observer", "add_shift", {}, 403, "not_allowed"),
    ("approver", "end_shift", {}, 403, "not_allowed"),
    ("lead", "ask_swap", {"cover": 10**9}, 422, "watch_without_role"),
    ("lead", "ask_swap", {"ends_at": EARLIER}, 422, "swap_times"),
    ("lead", "ask_swap", {"away": None}, 422, "slot_taken"),
    ("lead", "ask_swap", {"return_ends_at": TOMORROW}, 422, "return_half"),
    ("lead", "ask_swap", _BACK | {"away": None}, 422, "return_of_nobody"),
    ("lead", "ask_swap", _BACK | {"return_starts_at": NOON.isoformat()}, 422, "return_overlaps"),
    ("lead", "ask_swap", _BACK, 422, "swap_empty"),
    ("observer", "ask_swap", {}, 403, "not_allowed"),
    ("approver", "answer_swap", {}, 403, "not_allowed"),
    ("observer", "withdraw_swap", {}, 403, "not_allowed"),
    ("admin", "set_working_days", {"country": "XX"}, 422, "country_unknown"),
    ("admin", "set_working_days", {"weekend": [1, 2, 3, 4, 5, 6, 7]}, 422, "no_working_day"),
    ("admin", "set_working_days", {"by_sunset": True}, 422, "place_missing"),
    ("admin", "set_working_days", {"latitude": "95", "longitude": "0"}, 422, "place_wrong"),
    ("admin", "set_working_days", {"short_day": 5}, 422, "short_day_half"),
    ("admin", "set_working_days", {"work_until": "08:00"}, 422, "hours_reversed"),
    ("admin", "set_working_days", {"own_days": {"x": {"en": "X"}}}, 422, "date_wrong"),
    ("admin", "set_working_days", {"version": 77}, 409, "stale"),
    ("lead", "set_working_days", {}, 403, "not_allowed"),
]

BY_SUBJECT: Refusals = [
    *OF_REACH,
    *OF_NEWER,
    *OF_LAW,
    *OF_PLANS,
    *OF_REVIEWS,
    *OF_TELLING,
    *OF_ELSEWHERE,
    *OF_ALARMS,
    *OF_PREFERENCES,
    *OF_ROTA,
]
