"""A watch that somebody else takes: asked and accepted, or set by who answers for the rota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from crisisdesk.core import watch
from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.notifications.domain.outbox import Message, enqueue_many
from crisisdesk.organisation.domain.locking import brand_for_update
from crisisdesk.organisation.domain.rota import member, taken
from crisisdesk.organisation.domain.watch_gaps import TOPIC, keep_gaps
from crisisdesk.organisation.enums import SwapState
from crisisdesk.organisation.models import User, WatchSwap
from crisisdesk.organisation.queries.rota import rota_of
from crisisdesk.organisation.rules import allows, require

if TYPE_CHECKING:
    from crisisdesk.organisation.domain.actors import Actor
    from crisisdesk.organisation.models import Brand

LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class SwapDetails:
    """From one moment to another `cover_id` watches in the place of `away_id`; None: where nobody does, or besides
    others with `together`. In return, where both moments are given, `away_id` watches in the place of `cover_id`."""

    away_id: int | None
    cover_id: int
    starts_at: datetime
    ends_at: datetime
    together: bool = False
    note: str = ""
    return_starts_at: datetime | None = None
    return_ends_at: datetime | None = None


@transaction.atomic
def ask_swap(*, brand_id: int, details: SwapDetails, actor: Actor, at: datetime) -> WatchSwap:
    """Somebody is asked to take this watch, or has it: at once where a PR lead or an administrator says so, and where
    the person acting is the one who takes it. With a watch in return both halves hold, or neither.

    Raises NotAllowed("not_allowed") for another person's watch, Invalid("watch_without_role" | "swap_same" |
    "swap_times" | "swap_empty" | "cover_busy" | "slot_taken" | "rota_missing" | "return_half" | "return_of_nobody" |
    "return_overlaps").
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
    halves = halves_of(details)
    for half in halves:
        _require_times(half, at=at)
    _require_apart(halves)
    for half in halves:
        _require_fits(brand, half, at=at)
    # Who takes their own watch needs nobody's yes but the other's; whoever answers for the rota needs nobody's.
    done = sets or (details.away_id is None and actor.id == details.cover_id)
    people = {cover.pk: cover} | ({away.pk: away} if away else {})
    rows: list[WatchSwap] = []
    for half in halves:
        row = WatchSwap.objects.create(
            brand=brand,
            away=people[half.away] if half.away else None,
            cover=people[half.cover],
            starts_at=half.start,
            ends_at=half.end,
            together=half.together,
            note=details.note.strip()[:200],
            state=SwapState.ACCEPTED if done else SwapState.ASKED,
            asked_by=actor.user,
            asked_at=at,
            answered_at=at if done else None,
            in_return_of=rows[0] if rows else None,
        )
        rows.append(row)
    if done:
        keep_gaps(brand, at=at)
    _tell(rows[0], "swap_set" if done else "swap_asked", actor, at=at)
    return rows[0]


@transaction.atomic
def answer_swap(*, swap_id: int, accept: bool, actor: Actor, at: datetime) -> WatchSwap:
    """Who was asked takes the watch or declines; the one who asked is told. One answer is for both halves of an
    exchange, and none can be accepted of which one half is over.

    Raises NotAllowed("not_allowed") for anybody else, Invalid("swap_answered" | "swap_over") and, where the rota has
    changed since, what asking refuses.
    """
    brand, swap = _swap(swap_id, actor=actor)
    if actor.id != asked_person(swap):
        raise NotAllowed("not_allowed", permission="organisation.swap_watch")
    if accept:
        if any(row.ends_at <= at for row in swap.halves):
            raise Invalid("swap_over")
        for half in map(_half, swap.halves):
            _require_fits(brand, half, at=at)
    for row in swap.halves:
        row.state = SwapState.ACCEPTED if accept else SwapState.DECLINED
        row.answered_at = at
        row.save(update_fields=["state", "answered_at"])
    if accept:
        keep_gaps(brand, at=at)
    _tell(swap, "swap_accepted" if accept else "swap_declined", actor, at=at)
    return swap


@transaction.atomic
def withdraw_swap(*, swap_id: int, actor: Actor, at: datetime) -> WatchSwap:
    """What was asked is no longer asked; what was agreed no longer holds, where who answers for the rota says so. Both
    halves of an exchange end; what was watched until now stays known.

    Raises NotAllowed("not_allowed"), Invalid("swap_answered" | "swap_over").
    """
    brand, swap = _swap(swap_id, actor=actor, agreed=True)
    sets = allows(actor.user, "organisation.change_rota", brand.pk)
    own = actor.id == swap.asked_by_id and swap.state == SwapState.ASKED
    if not sets and not own:
        raise NotAllowed("not_allowed", permission="organisation.change_rota")
    holding = (SwapState.ASKED, SwapState.ACCEPTED)
    ahead = [row for row in swap.halves if row.ends_at > at and row.state in holding]
    if not ahead:
        over = all(row.ends_at <= at for row in swap.halves)
        raise Invalid("swap_over" if over else "swap_answered")
    agreed = any(row.state == SwapState.ACCEPTED for row in swap.halves)
    for row in ahead if agreed else swap.halves:
        if agreed and row.starts_at < at:
            row.ends_at = at
        else:
            row.state = SwapState.WITHDRAWN
        row.answered_at = row.answered_at or at
        row.save(update_fields=["state", "answered_at", "ends_at"])
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
    rows = WatchSwap.objects.select_related("in_return__away", "in_return__cover")
    # Either half stands for both.
    swap = rows.filter(Q(pk=swap_id) | Q(in_return=swap_id), in_return_of=None).first()
    if swap is None:
        raise NotVisible
    open_states = {SwapState.ASKED, SwapState.ACCEPTED} if agreed else {SwapState.ASKED}
    if not any(row.state in open_states for row in swap.halves):
        raise Invalid("swap_answered")
    return brand, swap


@dataclass(frozen=True)
class Half:
    """One watch that passes from one to the other, and where a form asks for its times and people."""

    away: int | None
    cover: int
    start: datetime
    end: datetime
    together: bool
    in_return: bool

    def field(self, name: str) -> str:
        """Return the field that a refusal about this half points at; a watch in return has only its times."""
        if not self.in_return:
            return name
        return "return_ends_at" if name == "ends_at" else "return_starts_at"


def halves_of(details: SwapDetails) -> list[Half]:
    """Return the watch that is taken, and the one that is given for it where there is one.

    Raises Invalid("return_half" | "return_of_nobody").
    """
    first = Half(
        details.away_id,
        details.cover_id,
        details.starts_at,
        details.ends_at,
        details.together,
        in_return=False,
    )
    start, end = details.return_starts_at, details.return_ends_at
    if start is None and end is None:
        return [first]
    if start is None or end is None:
        missing = "return_starts_at" if start is None else "return_ends_at"
        raise Invalid("return_half", field=missing)
    if details.away_id is None:
        raise Invalid("return_of_nobody", field="return_starts_at")
    given = Half(details.cover_id, details.away_id, start, end, details.together, in_return=True)
    return [first, given]


def _half(row: WatchSwap) -> Half:
    return Half(
        row.away_id,
        row.cover_id,
        row.starts_at,
        row.ends_at,
        row.together,
        in_return=row.in_return_of_id is not None,
    )


def _away(brand: Brand, details: SwapDetails) -> User | None:
    """Whose watch it is; nobody's where a gap is filled."""
    if details.away_id is None:
        return None
    return member(brand, details.away_id, field="away")


def _require_times(half: Half, *, at: datetime) -> None:
    if not at < half.end or not timedelta(0) < half.end - half.start <= LONGEST:
        raise Invalid("swap_times", field=half.field("ends_at"))


def _require_apart(halves: list[Half]) -> None:
    """Over each other, one half would hand on at once what the other has just brought."""
    if len(halves) > 1 and halves[0].start < halves[1].end and halves[1].start < halves[0].end:
        raise Invalid("return_overlaps", field="return_starts_at")


def _require_fits(brand: Brand, half: Half, *, at: datetime) -> None:
    rota = rota_of(brand.pk, start=half.start, end=half.end)
    if rota is None:
        raise Invalid("rota_missing")
    slots = [
        watch.Slot(max(slot.start, half.start), min(slot.end, half.end), slot.person)
        for slot in rota.slots(half.start, half.end, at=at)
    ]
    wanted = [watch.Slot(half.start, half.end, half.cover)]
    if half.away is not None:
        wanted = [slot for slot in slots if slot.person == half.away]
        if not wanted:
            raise Invalid("swap_empty", field=half.field("away"), name=_name(half.away))
    if watch.clash(wanted, [slot for slot in slots if slot.person == half.cover]):
        raise Invalid("cover_busy", field=half.field("cover"), name=_name(half.cover))
    if half.away is None and not half.together:
        found = watch.clash(wanted, slots)
        if found:
            raise taken(found[1], found[0], brand)


def _name(user_id: int) -> dict[str, str]:
    return User.objects.get(pk=user_id).names()


def _tell(swap: WatchSwap, kind: str, actor: Actor, *, at: datetime) -> None:
    """Everybody in it but who did it. It waits for the end of quiet hours: what the watch itself has to say
    calls whoever has it by then, whatever the hour."""
    named = (swap.away_id, swap.cover_id, swap.asked_by_id)
    given = next((row for row in swap.halves if row.in_return_of_id), None)
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
                    "in_return": [given.starts_at.isoformat(), given.ends_at.isoformat()]
                    if given
                    else [],
                },
                why="on_watch",
                dedupe_key=f"{TOPIC}:swap:{swap.pk}:{kind}",
            )
            for each in sorted(people)
        ],
        at=at,
    )
