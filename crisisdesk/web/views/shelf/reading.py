"""What a playbook asks, and when each of its parts is there, in sentences for whoever decides which one to take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from crisisdesk.core.formats import span
from crisisdesk.core.words import word
from crisisdesk.web.views.shelf.choices import STARTS
from playbooks.domain.content import Clock, Content, Item, ScreeningQuestion, StatementText
from playbooks.domain.regulators import Duty, parse_duty
from playbooks.enums import Severity
from playbooks.models import Regulator

_COUNTED: dict[str, str | Promise] = {
    "detected": _("Due after it was seen: %(times)s"),
    "opened": _("Due after the incident is opened: %(times)s"),
    "first_signal": _("Due after the first public sign: %(times)s"),
    "resolved": _("Due after it is resolved: %(times)s"),
    "publication": _("Due after the first publication of this kind, %(what)s: %(times)s"),
    "item": _("Due after “%(what)s” is done: %(times)s"),
}
_AFTER_THAT = _("Due after that: %(times)s")


@dataclass(frozen=True, slots=True)
class Read:
    """A part of the playbook with what has to be said of it: when it is there, when it is due, what it waits for."""

    part: Any
    lines: tuple[str, ...]
    is_conditional: bool


@dataclass(frozen=True, slots=True)
class Brought:
    """A part that an answer brings: what it is called and where it stands on the page."""

    label: Mapping[str, str]
    anchor: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the playbook, what counts until somebody answers it, and what each answer brings."""

    question: ScreeningQuestion
    after_yes: tuple[Brought, ...]
    after_no: tuple[Brought, ...]


class Reading:
    """One playbook's content as its page tells it, in the reader's language."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.language = (get_language() or "en")[:2]
        self.items = {item.key: item for item in content.items}
        self.questions = {question.key: question for question in content.questions}

    def asked(self) -> list[Asked]:
        """Return the questions with what their answers bring."""
        return [
            Asked(row, self._brought(row.key, wanted=True), self._brought(row.key, wanted=False))
            for row in self.content.questions
        ]

    def phases(self) -> list[tuple[str, list[Read]]]:
        """Return the phases with their items, in the order of the file."""
        names = dict.fromkeys(item.phase for item in self.content.items)
        return [
            (name, [self._item(item) for item in self.content.items_in(name)]) for name in names
        ]

    def clocks(self) -> list[Read]:
        """Return the promises about time."""
        return [Read(row, self._conditions(row), bool(row.when)) for row in self.content.clocks]

    def statements(self) -> list[Read]:
        """Return the prepared words: for whom, where, and when they are there."""
        return [
            Read(row, (self._addressed(row), *self._conditions(row)), bool(row.when))
            for row in self.content.statements
        ]

    def authorities(self) -> list[Duty]:
        """Return the authorities that the playbook asks about."""
        rows = Regulator.objects.filter(key__in=self.content.regulators, is_listed=True)
        found = {row.key: parse_duty(row.key, row.content) for row in rows}
        return [found[key] for key in self.content.regulators if key in found]

    def _item(self, item: Item) -> Read:
        lines = (*self._conditions(item), *self._times(item))
        return Read(item, lines, bool(item.when or item.channel))

    def _conditions(self, part: Clock | Item | StatementText) -> tuple[str, ...]:
        """Return in sentences all that must hold for the part to be there; nothing for what always is."""
        return tuple(self._grounds(part))

    def _grounds(self, part: Clock | Item | StatementText) -> Iterator[str]:
        when = part.when
        for key, wanted in when.answers.items():
            question = self.questions.get(key)
            if question is None:
                continue
            facts = {
                "question": question.ask[self.language],
                "answer": word("answer", "yes" if wanted else "no"),
                "other": word("answer", "no" if wanted else "yes"),
            }
            if question.unknown is wanted:
                yield gettext("There unless the answer is “%(other)s”: %(question)s") % facts
            else:
                yield gettext("Only if the answer is “%(answer)s”: %(question)s") % facts
        if when.severity:
            yield gettext("Only at %(list)s.") % {"list": _joined(map(_level, when.severity))}
        channels = when.channels or ((part.channel,) if isinstance(part, Item) else ())
        if channels := tuple(filter(None, channels)):
            yield gettext("Only while one of these is in use: %(list)s.") % {
                "list": _joined(word("channel", key) for key in channels)
            }
        if when.languages:
            yield gettext("Only where one of our languages is %(list)s.") % {
                "list": _joined(word("language", code) for code in when.languages)
            }
        if when.status:
            yield gettext("Only while the incident stands at: %(list)s.") % {
                "list": _joined(word("status", value) for value in when.status)
            }

    def _times(self, item: Item) -> Iterator[str]:
        if item.after:
            yield gettext("Waits for: %(list)s") % {
                "list": _joined(
                    self.items[key].words[self.language] for key in item.after if key in self.items
                )
            }
        if item.minutes:
            # What waits counts from the last thing it waited for, unless something later starts it.
            counted = _COUNTED[item.starts.event] if not _only_waits(item) else _AFTER_THAT
            yield str(counted) % {
                "what": self._started_by(item),
                "times": _times(item.minutes),
            }
        if item.repeat:
            yield gettext("Comes back until “%(status)s”, each time after: %(times)s") % {
                "status": word("status", item.repeat.until),
                "times": _times(item.repeat.minutes),
            }

    def _started_by(self, item: Item) -> str:
        if item.starts.event == "item" and item.starts.key in self.items:
            return self.items[item.starts.key].words[self.language]
        return word("stage", item.starts.key)

    def _addressed(self, statement: StatementText) -> str:
        return gettext("To: %(audience)s. On: %(list)s.") % {
            "audience": word("audience", statement.audience),
            "list": _joined(word("channel", key) for key in statement.channels),
        }

    def _brought(self, question: str, *, wanted: bool) -> tuple[Brought, ...]:
        content = self.content
        named: list[tuple[Any, Mapping[str, str], str]] = [
            *((item, item.words, f"item-{item.key}") for item in content.items),
            *((clock, clock.label, f"clock-{clock.key}") for clock in content.clocks),
            *((text, text.title, f"text-{text.key}") for text in content.statements),
        ]
        return tuple(
            Brought(label, anchor)
            for part, label, anchor in named
            if part.when.answers.get(question) is wanted
        )


def counted_from(clock: Clock) -> str:
    """Return what the minutes of a clock count from, in words."""
    return str(STARTS[clock.starts_from])


def _only_waits(item: Item) -> bool:
    return bool(item.after) and item.starts.event == "detected"


def _times(minutes: Mapping[str, int]) -> str:
    """Return the times by severity, once where all are equal: SEV1 15 min · SEV2 30 min · SEV3 1 h."""
    given = [(key, minutes[key]) for key in Severity.values if key in minutes]
    if len(given) == len(Severity.values) and len({each for _key, each in given}) == 1:
        return span(given[0][1] * 60)
    return " · ".join(f"{_level(key)} {span(each * 60)}" for key, each in given)


def _level(severity: str) -> str:
    """Return the severity's name isolated: before a number it would turn both round in a line from the right."""
    return f"\u2066{severity.upper()}\u2069"


def _joined(words: Iterable[str]) -> str:
    return gettext(", ").join(words)
