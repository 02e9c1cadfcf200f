"""An incident with its brand and people, opened through the product's own commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from crisisdesk.incidents.domain.opening import Opening, open_incident
from crisisdesk.incidents.models import Incident, Statement, StatementLanguage
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.domain.channels import load_channels
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, BrandLanguage, Channel, User
from playbooks.domain.loading import load_shelf
from playbooks.models import PlaybookRevision
from tests.factories.organisation import NOON, join, make_account, make_brand, make_user, web

LINK = "https://x.com/NourHome/status/1"


@dataclass
class Desk:
    """A brand with one person per role; `stranger` has no role on it."""

    brand: Brand
    lead: User
    staff: User
    approver: User
    deputy: User
    executive: User
    observer: User
    admin: User
    stranger: User

    def actor(self, name: str) -> Actor:
        """Return the named person acting in the browser."""
        return web(getattr(self, name))


def make_desk() -> Desk:
    """Return a brand that speaks three languages, with its channels, shelf, approver and deputy."""
    load_channels()
    load_shelf(Path(settings.BASE_DIR) / "fixtures", actor=SYSTEM, at=NOON)
    brand = make_brand("nour", name="Nour Home", zone="Asia/Dubai", languages=["ar", "he", "en"])
    people = {name: make_user(name) for name in Desk.__dataclass_fields__ if name != "brand"}
    for name, role in (
        ("lead", Role.LEAD),
        ("staff", Role.STAFF),
        ("approver", Role.APPROVER),
        ("deputy", Role.APPROVER),
        ("executive", Role.EXECUTIVE),
        ("observer", Role.OBSERVER),
        ("admin", Role.ADMIN),
    ):
        join(people[name], brand, role)
    for language in brand.languages:
        BrandLanguage.objects.update_or_create(
            brand=brand,
            language=language,
            defaults={"approver": people["approver"], "deputy": people["deputy"]},
        )
    for channel in Channel.objects.filter(key__in=["x", "facebook"]):
        make_account(brand, channel)
    return Desk(brand=brand, **people)


def revision_of(slug: str) -> PlaybookRevision:
    """Return the newest revision of a playbook on the shelf."""
    return (
        PlaybookRevision.objects.filter(playbook__slug=slug)
        .order_by("-number")
        .select_related("playbook")[0]
    )


def make_incident(
    desk: Desk, *, at: datetime = NOON, seen_ago: timedelta = timedelta(0), **fields: Any
) -> Incident:
    """Open an incident from `fake-support-account` as the lead."""
    values: dict[str, Any] = {
        "seen": "@NourHelp answers our customers",
        "brand_id": desk.brand.pk,
        "revision": revision_of(fields.pop("slug", "fake-support-account")),
        "severity": "sev2",
        "detected_at": at - seen_ago,
        "origin_channel": "x",
        "channels": ("x", "facebook"),
    } | fields
    return open_incident(Opening(**values), actor=desk.actor("lead"), at=at)


def words_of(incident: Incident, stage: str, language: str) -> StatementLanguage:
    """Return one statement of the incident in one language."""
    statement = Statement.objects.filter(incident=incident, stage=stage).order_by("position")[0]
    return StatementLanguage.objects.get(statement=statement, language=language)


def opening_form(desk: Desk, **fields: Any) -> dict[str, Any]:
    """Return what the opening page posts."""
    return {
        "seen": "@NourHelp answers our customers",
        "playbook": revision_of("fake-support-account").pk,
        "severity": "sev2",
        "brand": desk.brand.pk,
        "origin_channel": "x",
        "languages": ["ar", "he"],
        "channels": ["x", "facebook"],
        "key": "one-form",
    } | fields
