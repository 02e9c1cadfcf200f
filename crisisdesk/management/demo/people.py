"""The demo's brand, people and accounts, made by the organisation's own commands from fixtures/demo/desk.yaml."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crisisdesk.organisation.domain.accounts import (
    AccountDetails,
    add_official_account,
    record_access_test,
)
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.domain.brands import BrandDetails, create_brand, set_brand_approvers
from crisisdesk.organisation.domain.calendars import details_of, set_brand_calendar
from crisisdesk.organisation.domain.memberships import set_membership
from crisisdesk.organisation.domain.people import create_user
from crisisdesk.organisation.domain.rota import ShiftDetails, add_shift, today
from crisisdesk.organisation.domain.watch_swaps import SwapDetails, ask_swap
from crisisdesk.organisation.enums import Source
from crisisdesk.organisation.models import Brand, BrandLanguage, User

PASSWORD = "crisis-desk-demo"  # noqa: S105 - printed at start for this machine only; DEMO_PASSWORD replaces it
LONG_AGO = timedelta(days=200)
A_DAY = timedelta(days=1)


def make_organisation(told: dict[str, Any], *, at: datetime) -> tuple[Brand, dict[str, User]]:
    """Make the brand and everybody who works for it; returns both, people by their short names."""
    since = at - LONG_AGO
    facts = told["brand"]
    brand = create_brand(
        key=facts["key"],
        details=BrandDetails(
            name=facts["name"],
            names=facts["names"],
            aliases=tuple(facts["aliases"]),
            languages=tuple(facts["languages"]),
            zone=facts["zone"],
            week_start=facts["week_start"],
            weekend=tuple(facts["weekend"]),
            marking=facts["marking"],
            contact_email=facts["contact_email"],
        ),
        actor=SYSTEM,
        at=since,
    )
    for language, zone in facts["zones"].items():
        BrandLanguage.objects.filter(brand=brand, language=language).update(zone=zone)
    people = {
        name: _make_person(name, facts, brand, at=since) for name, facts in told["people"].items()
    }
    for language, names in told["approvers"].items():
        set_brand_approvers(
            brand_id=brand.pk,
            language=language,
            approver_id=people[names["approver"]].pk,
            deputy_id=people[names["deputy"]].pk,
            actor=SYSTEM,
            at=since,
        )
    for facts in told["accounts"]:
        account = add_official_account(
            brand_id=brand.pk,
            details=AccountDetails(
                channel=facts["channel"],
                handle=facts["handle"],
                url=facts["url"],
                contact_url=facts["contact_url"],
                contact_line=facts["contact_line"],
                owner_id=people["staff"].pk,
                backup_owner_id=people["lead"].pk,
            ),
            actor=SYSTEM,
            at=since,
        )
        record_access_test(
            account_id=account.pk, worked=True, actor=SYSTEM, at=at - timedelta(days=20)
        )
    _make_rota(brand, people, told, at=at)
    return brand, people


def _make_rota(
    brand: Brand, people: dict[str, User], told: dict[str, Any], *, at: datetime
) -> None:
    """The brand works the days of its country, and is watched from today on."""
    country = details_of(told["country"])
    set_brand_calendar(brand_id=brand.pk, details=country, version=0, actor=SYSTEM, at=at)
    first = today(brand, at=at)
    for facts in told["rota"]:
        missed = _next(facts["misses"], after=first) if "misses" in facts else None
        details = ShiftDetails(
            person_id=people[facts["who"]].pk,
            weekdays=facts["weekdays"],
            starts=time.fromisoformat(facts["starts"]),
            ends=time.fromisoformat(facts["ends"]),
            valid_from=first,
            valid_until=missed - A_DAY if missed else None,
        )
        add_shift(brand_id=brand.pk, details=details, actor=SYSTEM, at=at)
        if missed:
            later = replace(details, valid_from=missed + A_DAY, valid_until=None)
            add_shift(brand_id=brand.pk, details=later, actor=SYSTEM, at=at)
    asked = told["swap"]
    day, zone = first + asked["in_days"] * A_DAY, ZoneInfo(brand.zone)
    ask_swap(
        brand_id=brand.pk,
        details=SwapDetails(
            away_id=people[asked["who"]].pk,
            cover_id=people[asked["cover"]].pk,
            starts_at=datetime.combine(day, time.fromisoformat(asked["starts"]), zone),
            ends_at=datetime.combine(day, time.fromisoformat(asked["ends"]), zone),
            note=asked["note"],
        ),
        actor=Actor(people[asked["who"]], Source.COMMAND),
        at=at,
    )


def _next(weekday: int, *, after: date) -> date:
    """Return the next such day that is not tomorrow: of a gap tomorrow everybody has been told long ago."""
    ahead = (weekday - after.isoweekday()) % 7
    return after + (ahead if ahead > 1 else ahead + 7) * A_DAY


def _make_person(name: str, facts: dict[str, Any], brand: Brand, *, at: datetime) -> User:
    person = create_user(
        email=facts.get("email", f"{name}@demo.test"),
        full_name=facts["names"]["en"],
        name_en=facts["names"]["en"],
        name_ar=facts["names"]["ar"],
        name_he=facts["names"]["he"],
        phone=facts.get("phone", ""),
        language=facts["language"],
        reads=facts["reads"],
        zone=facts["zone"],
        password=os.environ.get("DEMO_PASSWORD") or PASSWORD,
        actor=SYSTEM,
        at=at,
    )
    for role in facts["roles"]:
        set_membership(user_id=person.pk, brand_id=brand.pk, role=role, actor=SYSTEM, at=at)
    return person
