"""What a duty to tell an authority says, and when its time is over. The only reader of stored regulators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crisisdesk.core.business_time import after_business_days, after_months
from crisisdesk.core.languages import LANGUAGES
from playbooks.enums import RegulatorStart

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: the question that switches it on, the rule, what has to be told, and the length of its time.

    `after` names the duty whose notice starts this one; then `start` is NOTICE.
    """

    key: str
    start: str
    after: str
    unit: str
    length: int
    zone: str
    weekend: tuple[str, ...]
    source: str
    url: str
    title: Words
    ask: Words
    rule: Words
    fields: tuple[str, ...]
    field_words: Mapping[str, Words]

    def due_at(self, started_at: datetime) -> datetime:
        """Return when the time is over that began at `started_at`."""
        if self.unit == "hours":
            return started_at + timedelta(hours=self.length)
        if self.unit == "business_days":
            return after_business_days(
                started_at, self.length, zone=self.zone, weekend=self.weekend
            )
        return after_months(started_at, self.length, zone=self.zone)


def parse_duty(key: str, content: Mapping[str, Any]) -> Duty:
    """Return what stored content says; it was checked before it was stored."""
    words = content["words"]
    start = content["start"]
    chained = isinstance(start, Mapping)
    unit, length = next(iter(content["length"].items()))

    def said(name: str) -> Words:
        return {code: str(words[code][name]) for code in LANGUAGES}

    return Duty(
        key=key,
        start=RegulatorStart.NOTICE if chained else start,
        after=start["notice"] if chained else "",
        unit=unit,
        length=length,
        zone=content["zone"],
        weekend=tuple(content.get("weekend") or ()),
        source=content["source"]["public"],
        url=content["source"]["url"],
        title=said("title"),
        ask=said("ask"),
        rule=said("rule"),
        fields=tuple(content["fields"]),
        field_words={
            name: {code: str(words[code]["fields"][name]) for code in LANGUAGES}
            for name in content["fields"]
        },
    )
