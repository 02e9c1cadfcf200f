"""What is to be read again, by whom and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, Membership
from crisisdesk.organisation.queries.roles import brands_with_role
from playbooks.models import ReviewDate
from playbooks.queries.visibility import dates_in_force, review_dates_visible_to

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.models import QuerySet

    from crisisdesk.organisation.models import User

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ToReview:
    """One playbook that a person reads again for one brand: how many parts are due, how many soon, and the first
    day."""

    slug: str
    owner: str | None
    title: Mapping[str, str]
    brand: Brand
    late: int
    soon: int
    review_by: date


def to_review(user: User, *, at: datetime) -> list[ToReview]:
    """Return what is the person's to read again and due by now or within two weeks, the longest due first; one query,
    and none for who leads no brand."""
    if not brands_with_role(user, Role.LEAD):
        return []
    title = ReviewDate.objects.filter(
        playbook=OuterRef("playbook"), brand=OuterRef("brand"), statement_key=""
    )
    brand = ("brand__name", "brand__names", "brand__zone")
    rows = (
        owned_by(dates_in_force().filter(due_at__lte=at + SOON), user)
        .order_by()
        .values("playbook", "brand", "playbook__slug", "playbook__brand__key", *brand)
        .annotate(
            late=Count("pk", filter=Q(due_at__lte=at)),
            soon=Count("pk", filter=Q(due_at__gt=at)),
            first=Min("review_by"),
            title=Subquery(title.values("label")[:1]),
        )
        .order_by("first", "playbook__slug", "brand")
    )
    return [_to_review(row) for row in rows]


def _to_review(row: dict[str, Any]) -> ToReview:
    return ToReview(
        slug=row["playbook__slug"],
        owner=row["playbook__brand__key"],
        title=row["title"] or {},
        brand=Brand(
            pk=row["brand"],
            name=row["brand__name"],
            names=row["brand__names"],
            zone=row["brand__zone"],
        ),
        late=row["late"],
        soon=row["soon"],
        review_by=row["first"],
    )


def owned_by(rows: QuerySet[ReviewDate], user: User) -> QuerySet[ReviewDate]:
    """Return those of the dates that fall to the person as a PR lead: their own, and those that are nobody's in
    particular."""
    nobodys = ~Exists(_leads().filter(user=OuterRef("owner")))
    return rows.filter(Q(owner=user) | Q(nobodys), brand__in=brands_with_role(user, Role.LEAD))


def with_a_lead(rows: QuerySet[ReviewDate]) -> QuerySet[ReviewDate]:
    """Return the dates of brands that have a PR lead who could be told."""
    return rows.filter(Exists(_leads()))


def _leads() -> QuerySet[Membership]:
    return Membership.objects.filter(
        brand=OuterRef("brand"), role=Role.LEAD, user__is_active=True
    ).order_by()


def dates_of(user: User, playbook_id: int) -> QuerySet[ReviewDate]:
    """Return the dates of one playbook that the person may see, brand by brand, with who has and who reviewed it."""
    rows = review_dates_visible_to(user).filter(playbook_id=playbook_id)
    return rows.select_related("brand", "owner", "reviewed_by").order_by("brand__name", "pk")


def first_due(
    rows: QuerySet[ReviewDate], *, after: tuple[datetime, int] | None = None
) -> QuerySet[ReviewDate]:
    """Return the dates with their playbook and brand, the first due first; `after` is the place where a page ended."""
    if after is not None:
        due_at, pk = after
        rows = rows.filter(Q(due_at__gte=due_at) & (Q(due_at__gt=due_at) | Q(pk__gt=pk)))
    return rows.select_related("playbook", "brand").order_by("due_at", "pk")


def leads_still(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those (user id, brand id) in which the person is a PR lead of the brand at this moment, in one query."""
    held = Membership.objects.filter(
        role=Role.LEAD,
        user__is_active=True,
        user_id__in={user_id for user_id, _ in pairs},
        brand_id__in={brand_id for _, brand_id in pairs},
    )
    return set(held.order_by().values_list("user_id", "brand_id")) & set(pairs)


def brands_led_by(user: User) -> QuerySet[Membership, int]:
    """Return the ids of the brands whose PR lead the person is, as part of another query."""
    return Membership.objects.filter(user_id=user.pk, role=Role.LEAD).values_list(
        "brand_id", flat=True
    )
