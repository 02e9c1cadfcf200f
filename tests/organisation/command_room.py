"""A brand in which every command of the organisation has something to act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crisisdesk.core.errors import NotVisible
from crisisdesk.notifications.models import StandIn
from crisisdesk.organisation.domain import stand_ins, watch_swaps
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.domain.invitations import invite_person
from crisisdesk.organisation.domain.tokens import create_token
from crisisdesk.organisation.enums import Role, SwapState
from crisisdesk.organisation.models import (
    Brand,
    OfficialAccount,
    User,
    WatchShift,
    WatchSwap,
)
from tests.factories.organisation import (
    NOON,
    make_account,
    make_brand,
    make_channel,
    make_member,
    make_user,
    web,
)
from tests.factories.rota import make_shift

AT = NOON + timedelta(minutes=30)
LATER = NOON + timedelta(hours=2)


@dataclass
class Office:
    """The people who are tested, one for each role, and what belongs to two colleagues of theirs."""

    brand: Brand
    people: dict[str, User]
    colleague: User
    other: User
    away: User
    account: OfficialAccount
    shift: WatchShift
    swap: WatchSwap
    stand_in: StandIn

    def asked(self, actor: Actor) -> int:
        """Return a swap that is asked of the actor; of a colleague where a stranger acts."""
        if person(actor) != self.people["stranger"]:
            WatchSwap.objects.update(cover=person(actor))
        return self.swap.pk

    def own_stand_in(self, actor: Actor) -> int:
        """Return an agreement of the actor's own; a colleague's where a stranger acts."""
        if person(actor) != self.people["stranger"]:
            StandIn.objects.update(person=person(actor))
        return self.stand_in.pk

    def own_token(self, actor: Actor) -> str:
        """Return the key of a token of the actor's own."""
        mine = person(actor)
        made = create_token(user_id=mine.pk, name="N", scope="read", actor=SYSTEM, at=AT)
        return made.token.token_key

    def invitation(self, email: str, role: Role) -> tuple[int, str]:
        """Return an invitation that waits for this address, and what opens it."""
        made = invite_person(
            brand_id=self.brand.pk, email=email, full_name="N", role=role, language="en",
            actor=SYSTEM, at=AT,
        )  # fmt: skip
        return made.invitation.pk, made.secret


def person(actor: Actor) -> User:
    """Return who acts."""
    if actor.user is None:
        raise NotVisible
    return actor.user


def make_office() -> Office:
    """Return a brand with one person a role, a stranger, and two colleagues who have a watch, a swap, a stand-in."""
    brand = make_brand()
    people = {str(role.value): make_member(brand, role, f"as-{role.value}") for role in Role}
    people["stranger"] = make_user("stranger")
    colleague = make_member(brand, Role.STAFF, "colleague")
    other = make_member(brand, Role.STAFF, "other")
    shift = make_shift(brand, colleague, 8, 20)
    details = watch_swaps.SwapDetails(colleague.pk, other.pk, LATER, LATER + timedelta(hours=1))
    swap = watch_swaps.ask_swap(brand_id=brand.pk, details=details, actor=web(colleague), at=NOON)
    assert swap.state == SwapState.ASKED
    agreed = stand_ins.name_stand_in(
        stand_in_id=other.pk, from_at=LATER, until_at=LATER + timedelta(days=1),
        actor=web(colleague), at=NOON,
    )  # fmt: skip
    away = make_member(brand, Role.STAFF, "away", is_active=False)
    account = make_account(brand, make_channel())
    return Office(brand, people, colleague, other, away, account, shift, swap, agreed)
