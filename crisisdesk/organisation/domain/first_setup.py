"""The first person and the first brand of a real desk, let in by the code that `up` prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from crisisdesk.core.errors import Invalid
from crisisdesk.organisation.domain.brands import BrandDetails, new_brand
from crisisdesk.organisation.domain.people import new_person
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Membership, User
from crisisdesk.stack import setup_code

if TYPE_CHECKING:
    from datetime import datetime

_LOCK = 7_250_001


def is_waiting() -> bool:
    """Whether this desk has nobody yet and a code lies ready to let the first person in."""
    return Path(settings.SETUP_CODE_FILE).exists() and not User.objects.exists()


@transaction.atomic
def setup_first_admin(
    *,
    code: str,
    email: str,
    full_name: str,
    password: str,
    language: str,
    zone: str,
    brand_key: str,
    brand: BrandDetails,
    at: datetime,
) -> User:
    """The desk has its first brand and its admin, who may also lead; the code opens nothing any
    more.

    Raises Invalid("already_set_up" | "setup_code_wrong" | "password_missing") and what a person and
    a brand raise.
    """
    with connection.cursor() as cursor:
        # Two people with the same code must not both become the first.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if User.objects.exists():
        raise Invalid("already_set_up")
    path = Path(settings.SETUP_CODE_FILE)
    if not setup_code.matches(path, code):
        raise Invalid("setup_code_wrong", field="code")
    if not password:
        raise Invalid("password_missing", field="password")
    person = new_person(
        email=email, full_name=full_name, password=password, language=language, zone=zone, at=at
    )
    made = new_brand(key=brand_key, details=brand, at=at)
    Membership.objects.bulk_create(
        [
            Membership(user=person, brand=made, role=role, created_at=at)
            for role in (Role.ADMIN, Role.LEAD)
        ]
    )
    transaction.on_commit(lambda: setup_code.use_up(path))
    return person
