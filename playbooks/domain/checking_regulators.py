"""What must hold in regulators.yaml."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from crisisdesk.core.business_time import WEEKDAYS
from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.inspector import Inspector
from playbooks.domain.yaml_files import Document
from playbooks.enums import RegulatorStart

UNITS = ("hours", "business_days", "months")
_STARTS = [start.value for start in RegulatorStart if start is not RegulatorStart.NOTICE]


def check_regulators(document: Document) -> None:
    """Note every fault of the file in its document."""
    if document.data is None:
        return
    ask = Inspector(document)
    ask.mapping(required=("regulators",), optional=("schema",))
    rows = ask.rows("regulators")
    keys = ask.once(rows, "regulators")
    for index in rows:
        at = ("regulators", index)
        row = ask.mapping(
            *at,
            required=("key", "start", "length", "zone", "source", "fields", "words"),
            optional=("weekend",),
        )
        if isinstance(row.get("start"), dict):
            ask.mapping(*at, "start", required=("notice",))
            ask.known("regulator", keys, *at, "start", "notice")
        else:
            ask.choice(_STARTS, *at, "start")
        _length(ask, *at)
        _zone(ask, *at)
        ask.mapping(*at, "source", required=("public", "url"))
        ask.text(*at, "source", "public")
        ask.text(*at, "source", "url")
        _words(ask, *at)


def _length(ask: Inspector, *at: str | int) -> None:
    length = ask.mapping(*at, "length", optional=UNITS)
    if len(length) != 1:
        ask.fault((*at, "length"), "clock_length", "needs one of hours, business_days, months")
    for unit in length:
        ask.number(*at, "length", unit, most=1000)
    weekend = ask.texts(*at, "weekend")
    if "business_days" in length and not weekend:
        ask.fault((*at, "weekend"), "missing_key", "business days need the days of the weekend")
    for index in range(len(weekend)):
        ask.choice(WEEKDAYS, *at, "weekend", index)


def _zone(ask: Inspector, *at: str | int) -> None:
    zone = ask.text(*at, "zone")
    if zone is None:
        return
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        ask.fault((*at, "zone"), "bad_value", f"not a time zone: {zone!r}")


def _words(ask: Inspector, *at: str | int) -> None:
    fields = ask.texts(*at, "fields")
    if not fields:
        ask.fault((*at, "fields"), "empty_text", "names nothing that has to be told")
    ask.mapping(*at, "words", required=LANGUAGES)
    for code in LANGUAGES:
        if (*at, "words", code) not in ask.document.lines:
            continue
        ask.mapping(*at, "words", code, required=("title", "ask", "rule", "fields"))
        for name in ("title", "ask", "rule"):
            ask.text(*at, "words", code, name)
        ask.mapping(*at, "words", code, "fields", required=fields)
        for name in fields:
            ask.text(*at, "words", code, "fields", name)
