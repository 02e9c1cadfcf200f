"""Playbooks are read again in peacetime: a PR lead says that a part is still right, sets its day, or gives it to
somebody.

`seen` names the parts and the version of each that was on the person's screen; all of it happens, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import people_with_role
from crisisdesk.organisation.queries.visibility import people_visible_to
from playbooks.domain.review_dates import RESTARTED, count_from, today
from playbooks.models import ReviewDate
from playbooks.queries.visibility import review_dates_visible_to
from playbooks.rules import require_writer

FURTHEST = timedelta(days=731)


@transaction.atomic
def mark_reviewed(*, seen: Mapping[int, int], actor: Actor, at: datetime) -> list[ReviewDate]:
    """These parts were read and are still right: their dates count anew from today.

    Raises NotVisible, NotAllowed, Invalid("review_parts_missing"), and Stale when one was dated since.
    """
    rows, author = _locked(seen, actor)
    for row in rows:
        row.started_at, row.reviewed_by, row.reviewed_at = at, author, at
        count_from(row, row.brand, at=at)
    ReviewDate.objects.bulk_update(rows, RESTARTED)
    return rows


@transaction.atomic
def set_review_date(
    *, seen: Mapping[int, int], review_by: date | None, actor: Actor, at: datetime
) -> list[ReviewDate]:
    """These parts are due on that day instead.

    Raises as mark_reviewed, and Invalid: "review_date_missing", "due_in_past" for today and before,
    "review_date_far" for more than two years.
    """
    rows, _ = _locked(seen, actor)
    if review_by is None:
        raise Invalid("review_date_missing", field="review_by")
    for row in rows:
        day = today(row.brand, at=at)
        if review_by <= day:
            raise Invalid("due_in_past", field="review_by")
        if review_by > day + FURTHEST:
            raise Invalid("review_date_far", field="review_by")
        count_from(row, row.brand, at=at, day=review_by)
    ReviewDate.objects.bulk_update(rows, RESTARTED)
    return rows


@transaction.atomic
def give_review(
    *, seen: Mapping[int, int], owner_id: int | None, actor: Actor, at: datetime
) -> list[ReviewDate]:
    """These parts are that person's to read again; None gives them to all PR leads of the brand.

    Whoever is given something overdue is told of it, once. Raises as mark_reviewed, and Invalid:
    "no_such_person", "person_may_not_lead".
    """
    rows, author = _locked(seen, actor)
    owner = _owner(rows, owner_id, author)
    for row in rows:
        row.owner = owner
        row.version += 1
        row.reminded_at = None
    ReviewDate.objects.bulk_update(rows, ("owner", "reminded_at", "version"))
    return rows


def _locked(seen: Mapping[int, int], actor: Actor) -> tuple[list[ReviewDate], User]:
    """Return the parts with their brands, locked, and who acts; or raise."""
    if actor.user is None:
        raise NotVisible
    if not seen:
        raise Invalid("review_parts_missing", field="parts")
    visible = review_dates_visible_to(actor.user).filter(pk__in=seen).values("pk")
    rows = list(
        ReviewDate.objects.select_for_update(of=("self",))
        .filter(pk__in=visible)
        .select_related("brand", "playbook__brand", "owner", "reviewed_by")
        .order_by("pk")
    )
    if len(rows) != len(seen):
        raise NotVisible
    author = actor.user
    for brand_id in {row.brand_id for row in rows}:
        author = require_writer(actor, brand_id)
    changed = next((row for row in rows if row.version != seen[row.pk]), None)
    if changed is not None:
        raise Stale("review_date_changed", current=changed, date=changed.review_by)
    return rows, author


def _owner(rows: list[ReviewDate], owner_id: int | None, author: User) -> User | None:
    if owner_id is None:
        return None
    owner = people_visible_to(author).filter(pk=owner_id, is_active=True).first()
    if owner is None:
        raise Invalid("no_such_person", field="owner")
    for brand_id in {row.brand_id for row in rows}:
        if owner not in people_with_role(brand_id, Role.LEAD):
            raise Invalid("person_may_not_lead", field="owner", name=owner.full_name)
    return owner
