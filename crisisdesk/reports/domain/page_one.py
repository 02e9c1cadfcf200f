"""Page one, which is the whole of the one-page edition: what the reader must know and decide."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crisisdesk.core.words import word
from crisisdesk.reports.domain import figures, wording
from crisisdesk.reports.domain.event_words import channel_words
from crisisdesk.reports.domain.parts import AffectedLine, Asked, FirstWords, Head
from crisisdesk.reports.domain.roles import role_of
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.text import Text
from crisisdesk.reports.domain.voice import Voice

# What fits on one page; the post-mortem's own limits are wider where the full report has room.
VERDICT, QUOTE, RISK, ASKED, AFFECTED_LINE, AFFECTED_LINES, ASKED_LINES = (
    160,
    220,
    380,
    150,
    110,
    4,
    3,
)
_LEADING_NUMBER = re.compile(
    r"^((?:\S+\s+)?[\d٠-٩][\d٠-٩.,٬٫]*\s?%?(?:\s+\S+)?)\s+(.+)$", re.DOTALL
)
_FIRST_SENTENCE = re.compile(r"^(.+?[.!?؟])\s+(.+)$", re.DOTALL)


def head(source: Source, voice: Voice, *, edition: int) -> Head:
    """The head of page one and the foot of every page."""
    incident = source.incident
    brand = incident.brand
    name = brand.name_in(voice.language)
    title = voice.typed(incident.title, incident.title_language)
    number = voice.number(edition)
    return Head(
        brand=voice.say(name),
        initial=_initial(name),
        logo=f"stored:{brand.logo.sha256}" if brand.logo else "",
        reference=incident.reference,
        severity=incident.severity.upper(),
        severity_words=voice.say(word("severity", incident.severity)),
        status=voice.say(wording.standing(incident)),
        title=title,
        period=voice.say(_period(source, voice)),
        edition=voice.say(_edition(source, voice, number)),
        edition_number=number,
        marking=voice.say(brand.marking_in(voice.language) or pgettext("marking", "Internal")),
        zone=voice.say(voice.zone_words(incident.detected_at)),
        hash_start=incident.last_hash[:8],
        document_title=f"{incident.reference} {title.plain}",
        is_drill=incident.is_drill,
    )


def _initial(name: str) -> str:
    """The letter that stands for a brand without a mark; the Arabic article is not one."""
    word = name.strip()
    return (word.removeprefix("ال") or word)[:1].upper()


def _period(source: Source, voice: Voice) -> str:
    incident = source.incident
    start = incident.first_signal_at or incident.detected_at
    facts = {
        "day": voice.long_date(start),
        "start": voice.time(start),
        "seen": _("first public post") if incident.first_signal_at else _("seen by us"),
        "zone": voice.zone_words(start),
    }
    end = incident.resolved_at or (None if incident.is_open else incident.closed_at)
    if end is None:
        return _("%(day)s, since %(start)s (%(seen)s); %(zone)s.") % facts
    facts |= {"end": voice.moment(end, start), "ended": word("status", "resolved")}
    return _("%(day)s, from %(start)s (%(seen)s) to %(end)s (%(ended)s); %(zone)s.") % facts


def _edition(source: Source, voice: Voice, number: str) -> str:
    review = source.postmortem
    if review.is_final and review.finalised_at:
        role = role_of(source, review.finalised_by_id, review.finalised_at)
        facts = {"number": number, "role": role, "date": voice.date(review.finalised_at)}
        return _("Edition %(number)s. Post-mortem signed: %(role)s, %(date)s.") % facts
    facts = {"number": number, "date": voice.date(source.at), "time": voice.time(source.at)}
    return _("Edition %(number)s, a draft: as things stood on %(date)s at %(time)s.") % facts


def verdict(source: Source, voice: Voice) -> Text:
    """The lead's one sentence; while there is none, what the clocks show."""
    words = voice.typed(source.postmortem.verdict, source.postmortem.language)
    return (
        words.shortened(VERDICT)
        if words
        else voice.say(figures.finding(source.figures, voice) + ".")
    )


def affected(source: Source, voice: Voice) -> tuple[AffectedLine, ...]:
    """Who was affected, how many, what it did to the business; what nobody knows is printed as not
    known.
    """
    review = source.postmortem
    nothing = voice.say("")
    typed = lines(review.affected)[: AFFECTED_LINES - 1] + lines(review.business_effect)[:1]
    found = [
        _affected_line(voice.typed(line, review.language).shortened(AFFECTED_LINE))
        for line in typed
    ]
    missing = []
    if not review.affected.strip():
        missing.append(_("who was affected, and how many"))
    if not review.business_effect.strip():
        missing.append(_("what it means for the business"))
    unknown = [AffectedLine(voice.say(_("Not known:")), voice.say(f"{what}.")) for what in missing]
    return tuple([*found, *unknown]) or (AffectedLine(nothing, nothing),)


def _affected_line(line: Text) -> AffectedLine:
    """A line that begins with a number has it in bold, with the word that it counts."""
    found = _LEADING_NUMBER.match(line.words)
    if not found:
        return AffectedLine(line.with_words(""), line)
    return AffectedLine(line.with_words(found[1]), line.with_words(found[2]))


def lines(words: str) -> list[str]:
    """The lines that somebody typed, without their bullets."""
    return [line.strip(" -•\t") for line in words.splitlines() if line.strip(" -•\t")]


def first_words(source: Source, voice: Voice) -> FirstWords | None:
    """Our first public words as published, in the report's language where they were said in it,
    with place and time.
    """
    if not source.public:
        return None
    first = source.public[0]
    same = [row for row in source.public if row.statement_id == first.statement_id]
    shown = next((row for row in same if row.language == voice.language), first)
    order = source.language_order(voice.language)
    languages = sorted({row.language for row in same}, key=lambda language: order[language])
    place = [
        channel_words(source, first.channel, voice.language),
        first.account.handle if first.account else "",
        voice.moment(first.published_at, source.incident.detected_at) if first.published_at else "",
        _(" and ").join(word("language", language) for language in languages)
        if len(languages) < 3
        else voice.joined([word("language", language) for language in languages]),
    ]
    quote = voice.exact(shown.revision.text, shown.language).shortened(QUOTE)
    return FirstWords(quote, voice.say(voice.joined(place)))


def could_return(source: Source, voice: Voice) -> Text:
    """What could return, as the post-mortem says; not known is said."""
    words = voice.typed(source.postmortem.what_could_return, source.postmortem.language)
    return words.shortened(RISK) if words else voice.say(_("Not known yet."))


def asked(source: Source, voice: Voice) -> tuple[Asked, ...]:
    """Up to three decisions asked of the reader, a line each: the decision first, then by when and
    what otherwise.
    """
    found = []
    for place, line in enumerate(lines(source.postmortem.decisions_asked)[:ASKED_LINES], 1):
        words = voice.typed(line, source.postmortem.language).shortened(ASKED)
        parts = _FIRST_SENTENCE.match(words.words)
        what, by = (parts[1], parts[2]) if parts else (words.words, "")
        found.append(Asked(voice.number(place), words.with_words(what), words.with_words(by)))
    return tuple(found)
