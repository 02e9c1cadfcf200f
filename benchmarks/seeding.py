"""What is measured: whole rooms with a given length of timeline, and many incidents around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from crisisdesk.core import clock
from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.domain.opening import Opening, open_incident
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role, Source
from crisisdesk.organisation.models import Membership, User
from playbooks.models import PlaybookRevision

LEAD = "lead@demo.test"
SLUG = "fake-support-account"
_SAID = (
    ("Replies from the fake account are being collected, 14 so far.", "en"),
    ("الحساب المزيّف ردّ على ثلاثة عملاء آخرين على إكس.", "ar"),
    ("החשבון המתחזה מחק שתי תגובות וענה ללקוחה נוספת.", "he"),
    ("Instagram confirms the report of the profile, case 4711.", "en"),
)


@dataclass(frozen=True)
class Keys:
    """How the lead comes in: by session on pages, by token on the API."""

    session: dict[str, str]
    token: dict[str, str]
    person: int


def sign_in() -> Keys:
    """Sign the demo's lead in and make a token."""
    person = User.objects.get(email=LEAD)
    browser = Client()
    browser.force_login(person)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    printed = StringIO()
    call_command("create_token", LEAD, scope="write", stdout=printed)
    return Keys(
        {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"},
        {"Authorization": f"Token {printed.getvalue().strip()}"},
        person.pk,
    )


def room(events: int) -> str:
    """Open an incident from a playbook and fill its timeline up to this number of events; returns its reference."""
    member = Membership.objects.select_related("user").get(user__email=LEAD, role=Role.LEAD)
    revision = (
        PlaybookRevision.objects.filter(playbook__slug=SLUG)
        .select_related("playbook")
        .order_by("-number")[0]
    )
    at = clock.now() - timedelta(hours=1)
    opening = Opening(
        seen=f"@NourHelp answers our customers ({events} events)",
        brand_id=member.brand_id,
        revision=revision,
        severity="sev2",
        detected_at=at,
    )
    actor = Actor(member.user, Source.COMMAND)
    made = open_incident(opening, actor=actor, at=at)
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=made.pk)
        drafts = [_draft(number) for number in range(incident.last_number, events)]
        timeline.append(incident, drafts, actor=actor, at=at)
    return made.reference


def _draft(number: int) -> timeline.Draft:
    """Every fourth event is a ticked item, the others are notes in the three languages."""
    if number % 4 == 3:
        label = {"en": "Fake replies captured", "ar": "حفظ ردود الحساب", "he": "תיעוד התגובות"}
        return timeline.Draft(EventKind.ITEM_DONE, data={"label": label, "item": number})
    words, language = _SAID[number % len(_SAID)]
    return timeline.Draft(
        EventKind.NOTE_ADDED, texts={"text": timeline.Text(f"{words} ({number})", language)}
    )
