"""Where we speak and in which languages, changed while the incident runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid, Stale
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import replanning, timeline
from crisisdesk.incidents.domain.cleaning import check_channels
from crisisdesk.incidents.domain.copying import channels_of, texts_of
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import EventKind, LanguagePlan
from crisisdesk.incidents.models import Incident, Statement, StatementLanguage
from crisisdesk.organisation.domain.actors import Actor


@transaction.atomic
def change_reach(
    *,
    incident_id: int,
    channels: Sequence[str],
    languages: Sequence[str],
    version: int,
    actor: Actor,
    at: datetime,
) -> Incident:
    """Set the channels in use and the languages, copy the playbook's words for new ones, and bring the plan in line.

    Words in a language that is left out stay, as not needed. Raises Stale when the head of the incident was changed
    first, Invalid("channels_missing" | "channel_unknown" | "languages_missing" | "language_unknown").
    """
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "change_reach", incident)
    require_open(incident)
    _check(channels, languages)
    if version != incident.version:
        raise Stale("stale", current=incident)
    before = (list(incident.channels), list(incident.languages))
    after = (_in_order(before[0], channels), _in_order(before[1], languages))
    if after == before:
        return incident
    incident.channels, incident.languages = after
    incident.version += 1
    incident.save(update_fields=["channels", "languages", "version"])
    _turn_words(incident, before[1])
    told = timeline.Draft(
        EventKind.REACH_CHANGED,
        data={
            "channels": {"from": before[0], "to": after[0]},
            "languages": {"from": before[1], "to": after[1]},
        },
    )
    drafts = [told, *replanning.replan(incident, "reach", at=at)]
    timeline.record_many(incident, drafts, actor=actor, at=at)
    return incident


def _check(channels: Sequence[str], languages: Sequence[str]) -> None:
    if not channels:
        raise Invalid("channels_missing", field="channels")
    check_channels(list(channels), field="channels")
    if not languages:
        raise Invalid("languages_missing", field="languages")
    for language in languages:
        if language not in LANGUAGES:
            raise Invalid("language_unknown", field="languages", value=language)


def _in_order(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return what is wanted, in the order it stood in, new ones behind."""
    return [value for value in dict.fromkeys((*before, *after)) if value in after]


def _turn_words(incident: Incident, before: Sequence[str]) -> None:
    """Bring every statement to the channels and languages of now, in a fixed number of statements."""
    texts = texts_of(incident)
    statements = list(Statement.objects.filter(incident=incident))
    for statement in statements:
        if statement.key in texts and statement.audience == "public":
            statement.channels = channels_of(texts[statement.key], incident)
    Statement.objects.bulk_update(statements, ["channels"])
    rows = StatementLanguage.objects.filter(statement__incident=incident)
    there = set(rows.values_list("statement", "language"))
    gone, new = set(before) - set(incident.languages), set(incident.languages) - set(before)
    rows.filter(language__in=gone, revisions=None).update(plan=LanguagePlan.NOT_NEEDED)
    rows.filter(language__in=new, revisions=None).update(plan=LanguagePlan.NEEDED)
    StatementLanguage.objects.bulk_create(
        StatementLanguage(
            statement=statement,
            language=language,
            template=texts[statement.key].text.get(language, "") if statement.key in texts else "",
        )
        for statement in statements
        for language in incident.languages
        if language in new and (statement.pk, language) not in there
    )
