"""A finished report as test data: the checkout outage of Nour Home, written natively in each
language.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import translation

from crisisdesk.reports.domain import axis, parts
from crisisdesk.reports.domain.report import Report
from crisisdesk.reports.domain.text import Text
from crisisdesk.reports.domain.voice import Voice

FOLDER = Path(__file__).parent
HASH = "6b1f0c9e4a7d2238c05be9917f3a6d1492e8b07c5d41fa3608c2e7b91a64d3f5"
MIDNIGHT = datetime(2026, 11, 10, 20, tzinfo=UTC)  # in Dubai


def words_of(language: str) -> dict[str, Any]:
    """The sample's words in one language."""
    return dict(yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8")))


def clock(text: str) -> datetime:
    """A local time of the sample day."""
    hours, minutes = text.split(":")
    return MIDNIGHT + timedelta(hours=int(hours), minutes=int(minutes))


def sample(language: str, *, eastern: bool = False, rows: int = 0) -> Report:
    """The sample report; `rows` repeats the timeline up to that many events, to measure."""
    with translation.override(language):
        return _Sample(words_of(language), Voice(language, "Asia/Dubai", eastern)).report(rows)


class _Sample:
    def __init__(self, words: dict[str, Any], voice: Voice) -> None:
        self.words, self.voice = words, voice

    def say(self, words: Any) -> Text:
        return self.voice.say(words)

    def all(self, lines: list[Any]) -> tuple[Text, ...]:
        return tuple(self.say(line) for line in lines)

    def report(self, rows: int) -> Report:
        words, say = self.words, self.say
        return Report(
            language=self.voice.language,
            eastern=self.voice.eastern,
            head=self.head(),
            verdict=say(words["verdict"]),
            affected=tuple(parts.AffectedLine(*self.all(line)) for line in words["affected"]),
            first_words=parts.FirstWords(say(words["first_words"]), say(words["first_where"])),
            figures=tuple(
                parts.Figure(
                    label=say(figure["label"]),
                    value=tuple((say(number).plain, unit) for number, unit in figure["value"]),
                    words=say(""),
                    target=say(figure["target"]),
                    result=say(figure["result"]),
                    is_late=figure.get("late", False),
                )
                for figure in words["figures"]
            ),
            axis=self.axis(),
            could_return=say(words["could_return"]),
            asked=tuple(
                parts.Asked(say(number).plain, *self.all(line))
                for number, line in enumerate(words["asked"], 1)
            ),
            decisions=tuple(
                parts.DecisionEntry(
                    parts.Side(say(line[0]), say(line[1]), say("")), *self.all(line[2:])
                )
                for line in words["decisions"]
            ),
            statements_note=say(words["statements_note"]),
            statements=self.statements(),
            questions_caption=say(words["questions_caption"]),
            authorities=(),
            questions=tuple(
                parts.QuestionRow(
                    say(q), say(who), say(times).plain, say(answer), say(at).plain or "–", not at
                )
                for q, who, times, answer, at in words["questions"]
            ),
            learned=self.learned(),
            actions_caption=say(words["actions_caption"]),
            actions=tuple(
                parts.ActionRow(
                    say(number).plain, *self.all(line), is_open=number < 4, is_late=False
                )
                for number, line in enumerate(words["actions"], 1)
            ),
            checklist=tuple(
                parts.ChecklistRow(
                    say(line[0]),
                    *(say(count).plain for count in line[1:4]),
                    notes=self.all(line[4]),
                )
                for line in words["checklist"]
            ),
            measures=tuple(parts.MeasureRow(*self.all(line)) for line in words["measures"]),
            timeline_caption=say(words["timeline_caption"]),
            timeline=self.timeline(rows),
            proof=parts.Proof(
                say(words["proof"]), " ".join(HASH[place : place + 8] for place in range(0, 64, 8))
            ),
        )

    def head(self) -> parts.Head:
        words, say = self.words, self.say
        return parts.Head(
            brand=say(words["brand"]),
            initial=words["initial"],
            logo="",
            reference="CD-2026-0031",
            severity="SEV2",
            severity_words=say(words["severity_words"]),
            status=say(words["status"]),
            title=say(words["title"]),
            period=say(words["period"]),
            edition=say(words["edition"]),
            edition_number=say("2").plain,
            marking=say(words["marking"]),
            zone=say(words["axis"]["note"]),
            hash_start=HASH[:8],
            document_title=f"CD-2026-0031 {words['title']}",
        )

    def axis(self) -> axis.Axis:
        words, say = self.words["axis"], self.say
        said = zip(("10:17", "11:30", "12:24", "13:21"), words["said"], strict=True)
        story = axis.Story(
            lanes=tuple(say(lane) for lane in words["lanes"]),  # type: ignore[arg-type]
            until=clock("15:10"),
            trouble=axis.Span(clock("9:58"), clock("12:51"), say(words["trouble"])),
            said=tuple(axis.Said(clock(at), say(what)) for at, what in said),
            silence=axis.Span(clock("10:17"), clock("11:30"), say(words["silence"]), "late"),
            promise=axis.Promise(
                clock("10:08"),
                clock("11:08"),
                clock("11:30"),
                say(words["allowed"]),
                say(words["outcome"]),
                True,
            ),
            waits=(
                axis.Span(clock("10:44"), clock("11:04"), say(""), "unanswered"),
                axis.Span(clock("11:04"), clock("11:12"), say(""), "answered"),
                axis.Span(clock("11:12"), clock("11:19"), say(""), "correction"),
                axis.Span(clock("11:19"), clock("11:24"), say(""), "answered"),
            ),
            waits_words=say(words["waits"]),
        )
        return axis.draw(
            story,
            self.voice,
            caption=say(words["caption"]),
            note=say(words["note"]),
            alternative=say(words["alternative"]).plain,
        )

    def statements(self) -> tuple[parts.PublishedStatement, ...]:
        published = yaml.safe_load((FOLDER / "published.yaml").read_text(encoding="utf-8"))
        own = self.voice.language
        labels = self.words["languages"]
        entries = []
        for line, texts in zip(self.words["statements"], published, strict=True):
            at, note, late, stage, proof = self.all(line)
            order = sorted(
                texts, key=lambda language: (language != own, language != "ar", language)
            )
            copies = tuple(
                parts.PublishedWords(
                    self.say(labels[language]), self.voice.exact(texts[language], language)
                )
                for language in order
            )
            entries.append(
                parts.PublishedStatement(parts.Side(at, note, late), stage, copies, proof)
            )
        return tuple(entries)

    def learned(self) -> parts.Learned:
        words = self.words
        return parts.Learned(
            summary=self.say(""),
            cause_label=self.say(words["cause_label"]),
            cause=self.say(words["cause"]),
            went_well=self.all(words["went_well"]),
            went_badly=self.all(words["went_badly"]),
            changes=self.say(""),
            could_return=self.say(""),
            lessons=tuple(parts.LessonRow(*self.all(line)) for line in words["lessons"]),
        )

    def timeline(self, rows: int) -> tuple[parts.TimelineRow, ...]:
        lines, days = self.words["timeline"], self.words["days"]
        return tuple(
            parts.TimelineRow(
                number=self.voice.number(number),
                time=self.say(line[0]).plain,
                kind=self.say(line[1]),
                what=self.say(line[2]),
                role=self.say(line[3]),
                is_late=len(line) > 4,
                day=self.say(days.get(number, "")).plain,
            )
            for number in range(1, max(rows, len(lines)) + 1)
            for line in (lines[(number - 1) % len(lines)],)
        )
