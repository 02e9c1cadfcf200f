"""The sweep that finds what is due to be read again and tells its owners, once (law 4)."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from crisisdesk.notifications.domain.outbox import Message, enqueue_many
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand
from crisisdesk.organisation.queries.roles import people_with_role
from playbooks.domain.review_dates import date_missing
from playbooks.models import ReviewDate
from playbooks.queries.reviews import with_a_lead
from playbooks.queries.visibility import dates_in_force

logger = logging.getLogger(__name__)

TOPIC = "review"
KIND = "review_due"


def remind_due(*, at: datetime) -> int:
    """Tell the owners what came due and return how many dates were claimed here; safe in any number of workers at
    once. What has no date yet gets one first."""
    date_missing(at=at)
    brands = _unsaid(at).order_by("brand_id").values_list("brand_id", flat=True).distinct()
    return sum(_remind_brand(brand_id, at=at) for brand_id in brands)


def _unsaid(at: datetime) -> QuerySet[ReviewDate]:
    return with_a_lead(dates_in_force().filter(due_at__lte=at, reminded_at__isnull=True))


def _remind_brand(brand_id: int, *, at: datetime) -> int:
    try:
        return _remind(brand_id, at=at)
    except Exception:
        # One brand must not silence the others; the next sweep tries it again.
        logger.exception("review reminders of brand %s failed", brand_id)
        return 0


@transaction.atomic
def _remind(brand_id: int, *, at: datetime) -> int:
    # Whoever has the brand's row tells its people everything at once; a second sweep passes on.
    brand = (
        Brand.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=brand_id).first()
    )
    if brand is None:
        return 0
    rows = list(
        _unsaid(at)
        .filter(brand=brand)
        .select_related("playbook__brand")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
    )
    enqueue_many(list(_messages(brand, rows)), at=at)
    for row in rows:
        row.reminded_at = at
    ReviewDate.objects.bulk_update(rows, ("reminded_at", "told"))
    return len(rows)


def _messages(brand: Brand, rows: Sequence[ReviewDate]) -> Iterable[Message]:
    leads = people_with_role(brand.pk, Role.LEAD)
    known = {lead.pk for lead in leads}
    labels = dict(
        ReviewDate.objects.filter(
            brand=brand, statement_key="", playbook__in={row.playbook_id for row in rows}
        ).values_list("playbook_id", "label")
    )
    for lead in leads:
        theirs = [
            row
            for row in rows
            if (row.owner_id == lead.pk or row.owner_id not in known) and lead.pk not in row.told
        ]
        for row in theirs:
            row.told.append(lead.pk)
        if theirs:
            yield Message(
                recipient_id=lead.pk,
                topic=TOPIC,
                topic_id=brand.pk,
                kind=KIND,
                data={
                    "brand": {"": brand.name, **brand.names},
                    "playbooks": _by_playbook(theirs, labels),
                },
                dedupe_key=f"{TOPIC}:{brand.pk}:{_event(theirs)}",
                why="owner" if any(row.owner_id == lead.pk for row in theirs) else "brand:lead",
            )


def _by_playbook(rows: Sequence[ReviewDate], labels: dict[int, Any]) -> list[dict[str, Any]]:
    """Return one line a playbook, the longest due first."""
    found: dict[int, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row.review_by, row.playbook_id, row.pk)):
        own = row.playbook.brand
        line = found.setdefault(
            row.playbook_id,
            {
                "slug": row.playbook.slug,
                "owner": own.key if own else "",
                "title": labels.get(row.playbook_id, {}),
                "review_by": row.review_by.isoformat(),
                "plan": False,
                "texts": 0,
            },
        )
        if row.statement_key:
            line["texts"] += 1
        else:
            line["plan"] = True
    return list(found.values())


def _event(rows: Sequence[ReviewDate]) -> str:
    """Return the name of what these rows tell: these parts, due on these days."""
    told = ",".join(f"{row.pk}@{row.review_by}" for row in rows)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
