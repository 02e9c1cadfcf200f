"""By when each part of a playbook is read again: the dates follow the words, whoever brings them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from crisisdesk.organisation.models import Brand, User
from playbooks.domain.content import parts_to_review
from playbooks.models import Playbook, PlaybookRevision, ReviewDate

REVIEW_EVERY = timedelta(days=90)
# A date comes due in the morning of its day, so that the day itself is left for reading.
MORNING = time(9)
RESTARTED = (
    "label", "words_hash", "started_at", "review_by", "due_at", "reviewed_by", "reviewed_at",
    "reminded_at", "told", "version",
)  # fmt: skip

# Brands and playbooks that have not met yet: a brand came after the playbook, or both before there were dates.
_WITHOUT = f"""
SELECT b.id, p.id
FROM {Playbook._meta.db_table} p
JOIN {Brand._meta.db_table} b ON p.brand_id IS NULL OR p.brand_id = b.id
WHERE p.is_published
  AND NOT EXISTS (SELECT 1 FROM {ReviewDate._meta.db_table} r
                  WHERE r.playbook_id = p.id AND r.brand_id = b.id AND r.statement_key = '')
ORDER BY p.id, b.id
"""  # noqa: S608 - built from our own names


def today(brand: Brand, *, at: datetime) -> date:
    """Return which day it is for the brand."""
    return at.astimezone(ZoneInfo(brand.zone)).date()


def count_from(row: ReviewDate, brand: Brand, *, at: datetime, day: date | None = None) -> None:
    """Let the row be due on that day, by default ninety days from now; its owner will be told of it once."""
    row.review_by = day or today(brand, at=at) + REVIEW_EVERY
    row.due_at = datetime.combine(row.review_by, MORNING, ZoneInfo(brand.zone)).astimezone(UTC)
    row.reminded_at, row.told = None, []
    row.version += 1


def date_words(
    playbook: Playbook, content: Mapping[str, Any], *, author: User | None, at: datetime
) -> None:
    """Bring the playbook's dates in line with what it says from now on: changed words count anew, new ones begin, and
    those taken out have no date any more.

    Runs in the transaction that freezes the revision and has locked the playbook.
    """
    brands = [playbook.brand] if playbook.brand else list(Brand.objects.order_by("pk"))
    _date(playbook, content, brands, author=author, at=at)


@transaction.atomic
def date_missing(*, at: datetime) -> int:
    """Give dates to playbooks of brands that have none yet and return how many pairs there were; they count from when
    words and brand first met. Safe to run twice."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT)
        pairs: list[tuple[int, int]] = cursor.fetchall()
    if not pairs:
        return 0
    wanted = {playbook_id for _, playbook_id in pairs}
    # A revision that is being frozen now is waited for: its words are those to date.
    list(Playbook.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values("pk"))
    brands = Brand.objects.in_bulk({brand_id for brand_id, _ in pairs})
    newest = (
        PlaybookRevision.objects.filter(playbook_id__in=wanted)
        .select_related("playbook", "author")
        .order_by("playbook_id", "-number")
        .distinct("playbook_id")
    )
    revisions = {revision.playbook_id: revision for revision in newest}
    rows: list[ReviewDate] = []
    for brand_id, playbook_id in pairs:
        revision, brand = revisions[playbook_id], brands[brand_id]
        since = max(revision.created_at, brand.created_at)
        owner = revision.author if revision.playbook.brand_id else None
        rows += _new(revision.playbook, parts_to_review(revision.content), brand, owner, since)
    ReviewDate.objects.bulk_create(rows, ignore_conflicts=True)
    return len(pairs)


def _date(
    playbook: Playbook,
    content: Mapping[str, Any],
    brands: Sequence[Brand],
    *,
    author: User | None,
    at: datetime,
) -> None:
    parts = parts_to_review(content)
    held: dict[int, dict[str, ReviewDate]] = defaultdict(dict)
    dated = ReviewDate.objects.filter(playbook=playbook, brand__in=brands)
    for row in dated.select_for_update().order_by("pk"):
        held[row.brand_id][row.statement_key] = row
    changed, new, gone = [], [], []
    for brand in brands:
        rows = held[brand.pk]
        gone += [row.pk for key, row in rows.items() if key not in parts]
        missing = {key: part for key, part in parts.items() if key not in rows}
        new += _new(playbook, missing, brand, author, at)
        for key, row in rows.items():
            if key in parts and row.words_hash != parts[key][1]:
                row.label, row.words_hash = parts[key]
                row.started_at, row.reviewed_by, row.reviewed_at = at, None, None
                count_from(row, brand, at=at)
                changed.append(row)
    if gone:
        ReviewDate.objects.filter(pk__in=gone).delete()
    ReviewDate.objects.bulk_update(changed, RESTARTED, batch_size=500)
    ReviewDate.objects.bulk_create(new, ignore_conflicts=True)


def _new(
    playbook: Playbook,
    parts: Mapping[str, tuple[Mapping[str, str], str]],
    brand: Brand,
    owner: User | None,
    at: datetime,
) -> list[ReviewDate]:
    rows = []
    for key, (label, words_hash) in parts.items():
        row = ReviewDate(
            playbook=playbook,
            brand=brand,
            statement_key=key,
            label=dict(label),
            words_hash=words_hash,
            started_at=at,
            owner=owner,
            version=0,
        )
        count_from(row, brand, at=at)
        rows.append(row)
    return rows
