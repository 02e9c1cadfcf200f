"""Words brought to a stage through the commands, and browsers in which somebody is signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from crisisdesk.incidents.domain import approving, drafting, publishing
from crisisdesk.incidents.models import (
    Approval,
    Incident,
    Publication,
    Statement,
    StatementLanguage,
    StatementRevision,
    TimelineEvent,
)
from tests.factories.incidents import LINK, Desk, words_of
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)
ARABIC = "حساب @NourHelp يردّ باسمنا، وهو ليس لنا. التحديث القادم الساعة 17:00 بتوقيت الإمارات"
HEBREW = "החשבון @NourHelp עונה בשמנו. הוא לא שלנו. העדכון הבא בשעה 15:00 שעון ישראל"


def browser(desk: Desk, name: str) -> Client:
    """Return a browser in which the named person is signed in."""
    client = Client()
    client.force_login(getattr(desk, name))
    return client


def drafted(
    desk: Desk, incident: Incident, language: str = "ar", *, text: str = ARABIC, who: str = "staff"
) -> StatementRevision:
    """Return a saved draft of the holding statement."""
    row = words_of(incident, "holding", language)
    return drafting.save_draft(
        statement_language_id=row.pk,
        text=text,
        version=row.version,
        actor=desk.actor(who),
        at=NOON,
    )


def submitted(
    desk: Desk, incident: Incident, language: str = "ar", **draft: Any
) -> StatementRevision:
    """Return words that wait for the approver."""
    revision = drafted(desk, incident, language, **draft)
    row = StatementLanguage.objects.get(pk=revision.statement_language_id)
    return approving.submit(
        statement_language_id=row.pk,
        version=row.version,
        actor=desk.actor(draft.get("who", "staff")),
        at=NOON + MINUTE,
    )


def approved(
    desk: Desk, incident: Incident, language: str = "ar", **draft: Any
) -> StatementRevision:
    """Return approved words."""
    revision = submitted(desk, incident, language, **draft)
    approving.approve(revision_id=revision.pk, actor=desk.actor("approver"), at=NOON + 2 * MINUTE)
    revision.refresh_from_db()
    return revision


def claimed(
    desk: Desk, revision: StatementRevision, who: str = "staff", **more: Any
) -> Publication:
    """Return approved words that somebody is posting on X."""
    return publishing.claim_posting(
        revision_id=revision.pk,
        channel="x",
        actor=desk.actor(who),
        at=more.pop("at", NOON + 8 * MINUTE),
        **more,
    )


def posted(
    desk: Desk, revision: StatementRevision, channel: str = "x", url: str = LINK
) -> Publication:
    """Return words that are out on a channel."""
    return publishing.record_publication(
        revision_id=revision.pk,
        channel=channel,
        posting=publishing.Posting(url=url, link_to_follow=not url),
        actor=desk.actor("staff"),
        at=NOON + 9 * MINUTE,
    )


def written() -> tuple[int, ...]:
    """Return how many rows of what these pages may write there are."""
    return tuple(
        model.objects.count()
        for model in (TimelineEvent, StatementRevision, Approval, Publication, Statement)
    )


def url(name: str, incident: Incident, *args: Any) -> str:
    """Return the address of a page about words."""
    return reverse(f"web:{name}", args=[incident.reference, *args])


def save_form(row: StatementLanguage, text: str, **fields: Any) -> dict[str, Any]:
    """Return what the editor's form of one language posts."""
    return {"text": text, "version": row.version, "key": fields.pop("key", "k-1"), **fields}
