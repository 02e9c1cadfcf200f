"""A watch that somebody else takes: asked and accepted, or set by who answers for the rota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.core import watch
from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.notifications.domain.outbox import Message, enqueue_many
from crisisdesk.organisation.domain.locking import brand_for_update
from crisisdesk.organisation.domain.rota import member, taken
from crisisdesk.organisation.domain.watch_gaps import TOPIC, keep_gaps
from crisisdesk.organisation.enums import SwapState
from crisisdesk.organisation.models import WatchSwap
from crisisdesk.organisation.queries.rota import rota_of
from crisisdesk.organisation.rules import allows, require

if TYPE_CHECKING:
    from crisisdesk.organisation.domain.actors import Actor
    from crisisdesk.organisation.models import Brand, User

LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class SwapDetails:
    """From one moment to another `cover_id` watches in the place of `away_id`; None: where nobody does, or besides
    others with `together`."""

    away_id: int | None
    cover_id: int
    starts_at: datetime
    ends_at: datetime
    together: bool = False
    note: str = ""


@transaction.atomic
def ask_swap(*, brand_id: int, details: SwapDetails, actor: Actor, at: datetime) -> WatchSwap:
    """Somebody is asked to take this watch, or has it: at once where a PR lead or an administrator says so, and where
    the person acting is the one who takes it.

    Raises NotAllowed("not_allowed") for another person's watch, Invalid("watch_without_role" | "swap_same" |
    "swap_times" | "swap_empty" | "cover_busy" | "slot_taken" | "rota_missing").
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.swap_watch", brand.pk)
    sets = allows(actor.user, "organisation.change_rota", brand.pk)
    if not sets and actor.id not in (details.away_id, details.cover_id):
        raise NotAllowed("not_allowed", permission="organisation.swap_watch")
    if details.away_id == details.cover_id:
        raise Invalid("swap_same", field="cover")
    away = _away(brand, details)
    cover = member(brand, details.cover_id, field="cover")
    if (
        not at < details.ends_at
        or not timedelta(0) < details.ends_at - details.starts_at <= LONGEST
    ):
        raise Invalid("swap_times", field="ends_at")
    _require_fits(brand, details, at=at)
    # Who takes their own watch needs nobody's yes but the other's; whoever answers for the rota needs nobody's.
    done = sets or (details.away_id is None and actor.id == details.cover_id)
    swap = WatchSwap.objects.create(
        brand=brand,
        away=away,
        cover=cover,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        together=details.together,
        note=details.note.strip()[:200],
        state=SwapState.ACCEPTED if done else SwapState.ASKED,
        asked_by=actor.user,
        asked_at=at,
        answered_at=at if done else None,
    )
    if done:
        keep_gaps(brand, at=at)
    _tell(swap, "swap_set" if done else "swap_asked", actor, at=at)
    return swap


@transaction.atomic
def answer_swap(*, swap_id: int, accept: bool, actor: Actor, at: datetime) -> WatchSwap:
    """Who was asked takes the watch or declines; the one who asked is told.

    Raises NotAllowed("not_allowed") for anybody else, Invalid("swap_answered" | "swap_over") and, where the rota has
    changed since, what asking refuses.
    """
    brand, swap = _swap(swap_id, actor=actor)
    if actor.id != asked_person(swap):
        raise NotAllowed("not_allowed", permission="organisation.swap_watch")
    if accept:
        if swap.ends_at <= at:
            raise Invalid("swap_over")
        _require_fits(brand, _details(swap), at=at)
    swap.state = SwapState.ACCEPTED if accept else SwapState.DECLINED
    swap.answered_at = at
    swap.save(update_fields=["state", "answered_at"])
    if accept:
        keep_gaps(brand, at=at)
    _tell(swap, "swap_accepted" if accept else "swap_declined", actor, at=at)
    return swap


@transaction.atomic
def withdraw_swap(*, swap_id: int, actor: Actor, at: datetime) -> WatchSwap:
    """What was asked is no longer asked; what was agreed no longer holds, where who answers for the rota says so.

    Raises NotAllowed("not_allowed"), Invalid("swap_answered" | "swap_over").
    """
    brand, swap = _swap(swap_id, actor=actor, agreed=True)
    sets = allows(actor.user, "organisation.change_rota", brand.pk)
    own = actor.id == swap.asked_by_id and swap.state == SwapState.ASKED
    if not sets and not own:
        raise NotAllowed("not_allowed", permission="organisation.change_rota")
    if swap.ends_at <= at:
        raise Invalid("swap_over")
    agreed = swap.state == SwapState.ACCEPTED
    if agreed and swap.starts_at < at:
        swap.ends_at = at  # what was watched until now stays known
    else:
        swap.state = SwapState.WITHDRAWN
    swap.answered_at = swap.answered_at or at
    swap.save(update_fields=["state", "answered_at", "ends_at"])
    if agreed:
        keep_gaps(brand, at=at)
    _tell(swap, "swap_withdrawn", actor, at=at)
    return swap


def asked_person(swap: WatchSwap) -> int | None:
    """Return whose yes a swap waits for: of the two, the one who did not ask."""
    return swap.away_id if swap.asked_by_id == swap.cover_id else swap.cover_id


def _swap(swap_id: int, *, actor: Actor, agreed: bool = False) -> tuple[Brand, WatchSwap]:
    found = WatchSwap.objects.filter(pk=swap_id).values_list("brand", flat=True).first()
    brand = brand_for_update(found or 0, actor=actor)
    require(actor, "organisation.swap_watch", brand.pk)
    swap = WatchSwap.objects.filter(pk=swap_id).first()
    if swap is None:
        raise NotVisible
    if swap.state != SwapState.ASKED and not (agreed and swap.state == SwapState.ACCEPTED):
        raise Invalid("swap_answered")
    return brand, swap


def _details(swap: WatchSwap) -> SwapDetails:
    return SwapDetails(
        swap.away_id, swap.cover_id, swap.starts_at, swap.ends_at, swap.together, swap.note
    )


def _away(brand: Brand, details: SwapDetails) -> User | None:
    """Whose watch it is; nobody's where a gap is filled."""
    if details.away_id is None:
        return None
    return member(brand, details.away_id, field="away")


def _require_fits(brand: Brand, details: SwapDetails, *, at: datetime) -> None:
    start, end = details.starts_at, details.ends_at
    rota = rota_of(brand.pk, start=start, end=end)
    if rota is None:
        raise Invalid("rota_missing")
    slots = [
        watch.Slot(max(slot.start, start), min(slot.end, end), slot.person)
        for slot in rota.slots(start, end, at=at)
    ]
    wanted = [watch.Slot(start, end, details.cover_id)]
    if details.away_id is not None:
        wanted = [slot for slot in slots if slot.person == details.away_id]
        if not wanted:
            raise Invalid("swap_empty", field="away")
    if watch.clash(wanted, [slot for slot in slots if slot.person == details.cover_id]):
        raise Invalid("cover_busy", field="cover")
    if details.away_id is None and not details.together:
        found = watch.clash(wanted, slots)
        if found:
            raise taken(found[1], found[0], brand)


def _tell(swap: WatchSwap, kind: str, actor: Actor, *, at: datetime) -> None:
    """Everybody in it but who did it. It waits for the end of quiet hours: what the watch itself has to say
    calls whoever has it by then, whatever the hour."""
    named = (swap.away_id, swap.cover_id, swap.asked_by_id)
    people = {each for each in named if each is not None and each != actor.id}
    enqueue_many(
        [
            Message(
                recipient_id=each,
                topic=TOPIC,
                topic_id=swap.brand_id,
                kind=kind,
                data={
                    "brand": {"": swap.brand.name, **swap.brand.names},
                    "key": swap.brand.key,
                    "away": swap.away.names() if swap.away else {},
                    "cover": swap.cover.names(),
                    "starts_at": swap.starts_at.isoformat(),
                    "ends_at": swap.ends_at.isoformat(),
                    "note": swap.note,
                },
                why="on_watch",
                dedupe_key=f"{TOPIC}:swap:{swap.pk}:{kind}",
            )
            for each in sorted(people)
        ],
        at=at,
    )
