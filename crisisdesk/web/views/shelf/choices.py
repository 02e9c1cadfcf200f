"""What may stand at a place of a playbook, in the reader's words, and what the place is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.core.words import WORDS, word
from crisisdesk.notifications.enums import Transport
from crisisdesk.organisation.models import Channel, User
from playbooks.domain.regulators import parse_duty
from playbooks.enums import (
    OLD_TARGETS,
    Autofill,
    ClockEnd,
    ClockKind,
    ClockStart,
    Duty,
    EscalationTarget,
    ItemStart,
    PlaceholderKind,
    ResponsePhase,
    Severity,
    Stage,
    StepEnd,
)
from playbooks.models import Regulator
from playbooks.queries.lessons import listed_lessons, sources_by_key

_LABELS: dict[str, str | Promise] = {
    "crisis_type": _("Kind of trouble"),
    "scct_cluster": _("How much blame is laid on us"),
    "default_severity": _("Severity to begin with"),
    "origin_channel": _("Where it usually starts"),
    "channels": _("Channels"),
    "lessons": _("Lessons it rests on"),
    "regulators": _("Regulators"),
    "case.document": _("The document that tells the case"),
    "name_key": _("Short name of the case"),
    "questions.unknown": _("Until somebody answers, it counts as"),
    "origin": _("Where it comes from"),
    "document": _("Document"),
    "paragraph": _("Paragraph"),
    "public": _("Who said it, and where"),
    "url": _("Link"),
    "clocks.kind": _("What is promised"),
    "placeholders.kind": _("What goes in"),
    "from": _("Counts from"),
    "lives_until": _("Runs until"),
    "role": _("Who does it"),
    "phase": _("Phase"),
    "channel": _("Only if this channel is in use"),
    "required": _("Required"),
    "meets": _("Ticking it meets the clock"),
    "after": _("Waits for"),
    "until": _("Comes back until"),
    "lesson": _("Lesson"),
    "stage": _("Stage"),
    "audience": _("Audience"),
    "lane": _("Approval lane"),
    "facts": _("Facts that may be filled into signed words"),
    "autofill": _("Filled in by the desk"),
    "after_percent": _("At this share of the time (%)"),
    "after_minutes": _("Or so many minutes after it was due"),
    "who": _("Tell"),
    "escalation.person": _("Person"),
    "transports": _("Also by, whatever the person has chosen"),
    "escalation.until": _("Only until"),
    "reminders.first": _("First reminder at this share of the time (%)"),
    "reminders.second": _("Second reminder at this share of the time (%)"),
    "reminders.every": _("After the last step again every so many percent"),
    "reminders.most": _("No more than so many reminders for one deadline"),
    "when.severity": _("Only at these severities"),
    "when.channels": _("Only if one of these channels is in use"),
    "when.languages": _("Only for these languages"),
    "when.status": _("Only in these phases of the response"),
    "title": _("Title"),
    "summary": _("One line under the title"),
    "when_to_use": _("When to use it"),
    "not_for": _("What it is not for"),
    "trap": _("The trap"),
    "case_note": _("What happened in the case"),
    "text": _("Words"),
    "items.words": _("One line of the checklist"),
    "detail": _("How, why, what to watch for"),
    "label": _("Name of the gap"),
    "prompt": _("What is wanted"),
    "placeholders.unknown": _("What to write if nobody knows"),
    "avoid.words": _("Wording to avoid"),
    "because": _("Why"),
    "avoid": _("Words to avoid"),
    "escalation": _("Who hears of a late promise"),
    "reminders": _("When it rings"),
    "ask": _("The question"),
    "yes": _("Reason shown after yes"),
    "no": _("Reason shown after no"),
    "words.clocks": _("What the clock is called"),
    "first_facts": _("Question to answer first"),
}
_PER_SEVERITY: dict[str, str | Promise] = {
    "minutes": _("Minutes at %(severity)s"),
    "days": _("Days at %(severity)s"),
    "approvals": _("Approvals at %(severity)s"),
    "answer": _("Minutes to answer a request for an update, at %(severity)s"),
    "repeat.minutes": _("Comes back after minutes at %(severity)s"),
    "severities": _("What %(severity)s means here"),
}
STARTS: dict[str, str | Promise] = {
    "detected": pgettext_lazy("clock", "when it was seen"),
    "opened": pgettext_lazy("clock", "when the incident is opened"),
    "first_signal": pgettext_lazy("clock", "the first public sign"),
    "last_publication": pgettext_lazy("clock", "the last publication"),
    "error_found": pgettext_lazy("clock", "when an error is found"),
    "resolved": pgettext_lazy("clock", "when it is resolved"),
}
_BLANKS: dict[str, str | Promise] = {
    "handle": _("An account name"),
    "link": _("A link"),
    "time": _("A time"),
    "number": _("A number"),
    "phrase": _("Words of our own"),
    "channel": _("A channel's name"),
}
_AUTOFILLS: dict[str, str | Promise] = {
    "official_account": _("Our official account"),
    "contact_link": _("Our private contact link"),
    "next_update": _("The time of the next update"),
    "now": _("The time now"),
    "brand": _("The brand's name"),
    "origin_channel": _("The channel where it started"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be chosen."""

    value: str
    word: str
    is_on: bool


def label_of(path: str) -> str:
    """Return what a place is called, in the reader's language."""
    parts = path.split(".")
    if parts[-1] in Severity.values:
        group = "repeat.minutes" if "repeat" in parts else parts[-2]
        return str(_PER_SEVERITY[group]) % {"severity": parts[-1].upper()}
    if parts[0] == "words":
        part = parts[2]
        if part == "clocks":
            return str(_LABELS["words.clocks"])
        if part == "first_facts":
            return str(_LABELS["first_facts"])
        return str(_LABELS.get(f"{part}.{parts[-1]}") or _LABELS.get(parts[-1], parts[-1]))
    if "answers" in parts:
        return gettext("Only if the answer to “%(question)s” is") % {"question": parts[-1]}
    for name in (".".join(parts[-2:]), f"{parts[0]}.{parts[-1]}", parts[-1]):
        if name in _LABELS:
            return str(_LABELS[name])
    return parts[-1]


class Offer:
    """What this draft and this desk offer to choose from; read once for a page."""

    def __init__(self, content: Mapping[str, Any], brand_id: int | None = None) -> None:
        self.content = content
        self.brand_id = brand_id
        self.language = (get_language() or "en")[:2]
        self.channels = {row.key: row.name_in(self.language) for row in Channel.objects.all()}
        self.lessons = {row.key: row.words_in(self.language) for row in listed_lessons()}
        self.documents = {key: row.title_in(self.language) for key, row in sources_by_key().items()}
        self.regulators = {
            row.key: parse_duty(row.key, row.content).title.get(self.language, row.key)
            for row in Regulator.objects.filter(is_listed=True)
        }
        self.answers = [str(row.get("key")) for row in content.get("questions") or ()]

    @cached_property
    def people(self) -> dict[str, str]:
        """The brand's active people by their mail address."""
        if self.brand_id is None:  # a playbook of every brand names nobody
            return {}
        rows = User.objects.filter(memberships__brand=self.brand_id, is_active=True).distinct()
        return {row.email: row.name_in(self.language) for row in rows}

    def of(self, content: Mapping[str, Any]) -> Offer:
        """Return what the same desk offers for another content, without reading anything again."""
        other = copy(self)
        other.content = content
        other.answers = [str(row.get("key")) for row in content.get("questions") or ()]
        return other

    def choices(self, path: str, raw: Any, *, is_optional: bool) -> tuple[Choice, ...]:
        """Return what may be chosen at a place, the present value included even when it is not offered any more."""
        rows = self._rows(path)
        if rows is None:
            return ()
        chosen = raw if isinstance(raw, list) else [raw]
        pairs = dict(rows)
        pairs |= {value: value for value in chosen if value and value not in pairs}
        if not isinstance(raw, list) and (is_optional or not raw):
            pairs = {"": "–"} | pairs
        return tuple(Choice(value, str(told), value in chosen) for value, told in pairs.items())

    def _rows(self, path: str) -> Iterable[tuple[str, Any]] | None:
        parts = path.split(".")
        last = parts[-1]
        if last in ("required", "unknown") and parts[0] != "words":
            return (("true", gettext("Yes")), ("false", gettext("No")))
        if "answers" in parts:
            return (("true", gettext("Yes")), ("false", gettext("No")))
        if f"{parts[0]}.{last}" == "placeholders.kind":
            return [(kind.value, _BLANKS[kind]) for kind in PlaceholderKind]
        if f"{parts[0]}.{last}" == "items.from":
            return self._item_starts()
        make = _ROWS.get(last)
        return make(self, parts) if make and parts[0] != "words" else None

    def _item_starts(self) -> list[tuple[str, Any]]:
        stages = dict.fromkeys(row.get("stage") for row in self.content.get("statements") or ())
        first = gettext("the first publication: %(stage)s")
        done = gettext("when this is done: %(item)s")
        return [
            *((start.value, STARTS[start]) for start in ItemStart),
            *(
                (f"publication:{s}", first % {"stage": word("stage", str(s))})
                for s in stages
                if s in Stage.values
            ),
            *((f"item:{key}", done % {"item": told}) for key, told in self.rows_named("items")),
        ]

    def rows_named(self, part: str) -> list[tuple[str, str]]:
        """Return the rows of a part with what they are called: their words, or their key while there are none."""
        found = self.content.get(part) or []
        keys = [row["key"] for row in found] if isinstance(found, list) else list(found)
        return [(key, self.name_of(part, key)) for key in keys]

    def name_of(self, part: str, key: str) -> str:
        """Return what a row is called in the reader's language, or in any, or its key."""
        for code in (self.language, *LANGUAGES):
            said = ((self.content["words"].get(code) or {}).get(part) or {}).get(key)
            if isinstance(said, Mapping):
                said = said.get(
                    {"items": "words", "questions": "ask", "placeholders": "label"}.get(
                        part, "title"
                    )
                )
            if said:
                return str(said)
        return key


def _words(group: str, values: Iterable[str]) -> list[tuple[str, Any]]:
    return [(str(value), WORDS[group].get(str(value), str(value))) for value in values]


def _keys_of(part: str) -> Callable[[Offer, list[str]], list[tuple[str, str]]]:
    return lambda offer, parts: [row for row in offer.rows_named(part) if row[0] != parts[1]]


_ROWS: dict[str, Callable[[Offer, list[str]], Iterable[tuple[str, Any]]]] = {
    "crisis_type": lambda offer, parts: WORDS["crisis_type"].items(),
    "scct_cluster": lambda offer, parts: WORDS["cluster"].items(),
    "default_severity": lambda offer, parts: [(s, f"{s.upper()} · {word('severity', s)}") for s in Severity.values],
    "severity": lambda offer, parts: [(s, s.upper()) for s in Severity.values],
    "origin_channel": lambda offer, parts: offer.channels.items(),
    "channel": lambda offer, parts: offer.channels.items(),
    "channels": lambda offer, parts: offer.channels.items(),
    "languages": lambda offer, parts: WORDS["language"].items(),
    "status": lambda offer, parts: _words("status", [phase.value for phase in ResponsePhase]),
    "lessons": lambda offer, parts: offer.lessons.items(),
    "lesson": lambda offer, parts: offer.lessons.items(),
    "regulators": lambda offer, parts: offer.regulators.items(),
    "document": lambda offer, parts: offer.documents.items(),
    "kind": lambda offer, parts: _words("deadline", ClockKind.values),
    "from": lambda offer, parts: [(start.value, STARTS[start]) for start in ClockStart],
    "lives_until": lambda offer, parts: _words("status", [end.value for end in ClockEnd]),
    "until": lambda offer, parts: (
        _words("step_end", [end.value for end in StepEnd])
        if parts[0] == "escalation"
        else _words("status", [end.value for end in ClockEnd])
    ),
    "role": lambda offer, parts: _words("duty", Duty.values),
    "phase": lambda offer, parts: WORDS["phase"].items(),
    "meets": lambda offer, parts: _words(
        "deadline", dict.fromkeys(row.get("kind", "") for row in offer.content.get("clocks") or ())
    ),
    "after": _keys_of("items"),
    "stage": lambda offer, parts: WORDS["stage"].items(),
    "audience": lambda offer, parts: WORDS["audience"].items(),
    "lane": lambda offer, parts: [(row["key"], row["key"]) for row in offer.content.get("lanes") or ()],
    "facts": lambda offer, parts: offer.rows_named("placeholders"),
    "autofill": lambda offer, parts: [(way.value, _AUTOFILLS[way]) for way in Autofill],
    "who": lambda offer, parts: _words(
        "escalation", OLD_TARGETS if offer.content.get("schema") == 1 else [who.value for who in EscalationTarget]
    ),
    "person": lambda offer, parts: offer.people.items(),
    "transports": lambda offer, parts: _words("transport", Transport.values),
    "origin": lambda offer, parts: WORDS["origin"].items(),
}  # fmt: skip
