"""Build a report: read the incident once, word every part in one language, return it as a frozen
value.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.enums import DigitStyle
from crisisdesk.reports.domain import (
    annex,
    authorities,
    axis_story,
    figures,
    page_one,
    published,
    sections,
)
from crisisdesk.reports.domain.report import Report
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.voice import Voice


def voice_for(incident: Incident, language: str) -> Voice:
    """How a report on this incident speaks: the brand's zone, and its digits where the language has
    a choice.
    """
    eastern = language == "ar" and incident.brand.digit_style == DigitStyle.ARABIC
    return Voice(language, incident.brand.zone, eastern)


def build(incident: Incident, language: str, *, edition: int, at: datetime) -> Report:
    """Return the whole report on the incident as it stands, worded in the language; nothing is
    written.

    The one-page edition prints its first part only, so both kinds come from the same value.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no report language: {language}")
    source, voice = Source(incident, at), voice_for(incident, language)
    with translation.override(language):
        return Report(
            language=language,
            eastern=voice.eastern,
            head=page_one.head(source, voice, edition=edition),
            verdict=page_one.verdict(source, voice),
            affected=page_one.affected(source, voice),
            first_words=page_one.first_words(source, voice),
            figures=figures.six(source.figures, voice),
            axis=axis_story.axis_of(source, voice),
            could_return=page_one.could_return(source, voice),
            asked=page_one.asked(source, voice),
            decisions=sections.decisions(source, voice),
            statements_note=voice.say(""),
            statements=published.statements(source, voice),
            questions_caption=sections.questions_caption(source, voice),
            questions=sections.questions(source, voice),
            authorities=authorities.authorities(source, voice),
            learned=sections.learned(source, voice),
            actions_caption=sections.actions_caption(source, voice),
            actions=sections.actions(source, voice),
            checklist=annex.checklist(source, voice),
            measures=annex.measures(source, voice),
            timeline_caption=annex.timeline_caption(source, voice),
            timeline=annex.timeline(source, voice),
            proof=annex.proof(source, voice),
        )
