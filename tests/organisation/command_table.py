"""Every command of the organisation, how it is called in the test office, and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crisisdesk.organisation.domain import (
    accounts,
    brands,
    calendars,
    invitations,
    memberships,
    people,
    profile,
    rota,
    sign_in_links,
    stand_ins,
    tokens,
    watch_swaps,
)
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role
from tests.factories.rota import TODAY
from tests.incidents.command_case import ADMIN, MEMBER
from tests.organisation.command_room import AT, LATER, Office, person

LEAD_OR_ADMIN = ("no", "no", "no", "no", "yes", "yes", "404")
TRIED = ("no", "no", "yes", "no", "yes", "yes", "404")
ADMIN_OF_ANY = ("no", "no", "no", "no", "no", "yes", "no")  # no brand is named, so none is hidden
ONESELF = ("yes",) * 7
NOBODY = ("no",) * 7


@dataclass(frozen=True)
class Case:
    """One command: what it is called for people, who may, and how it is called here."""

    words: str
    may: tuple[str, ...]
    act: Callable[[Office, Actor], Any]


def _shift(office: Office) -> rota.ShiftDetails:
    night = AT.time().replace(hour=22, minute=0)
    return rota.ShiftDetails(
        office.other.pk, (1, 2), night, night.replace(hour=6), TODAY + timedelta(days=7)
    )


def _swap(office: Office) -> watch_swaps.SwapDetails:
    end = LATER + timedelta(minutes=30)
    return watch_swaps.SwapDetails(office.colleague.pk, office.other.pk, LATER, end)


def _accept(office: Office, actor: Actor) -> Any:
    """An invitation to the actor's address, to a role that they do not have."""
    mine = person(actor)
    role = Role.STAFF if mine != office.people["staff"] else Role.LEAD
    _row, secret = office.invitation(mine.email, role)
    return invitations.accept_invitation(
        secret, full_name="N", password="", zone="UTC", actor=actor, at=AT
    )


TABLE: dict[str, Case] = {
    "set_rota": Case(
        "say when somebody has to watch", LEAD_OR_ADMIN,
        lambda office, actor: rota.set_rota(
            brand_id=office.brand.pk, details=rota.RotaDetails(), version=1, actor=actor, at=AT
        ),
    ),
    "add_shift": Case(
        "add a weekly shift", LEAD_OR_ADMIN,
        lambda office, actor: rota.add_shift(
            brand_id=office.brand.pk, details=_shift(office), actor=actor, at=AT
        ),
    ),
    "end_shift": Case(
        "end a weekly shift", LEAD_OR_ADMIN,
        lambda office, actor: rota.end_shift(shift_id=office.shift.pk, actor=actor, at=AT),
    ),
    "ask_swap": Case(
        "set a swap or an exchange between two others (one's own: everybody asks)", LEAD_OR_ADMIN,
        lambda office, actor: watch_swaps.ask_swap(
            brand_id=office.brand.pk, details=_swap(office), actor=actor, at=AT
        ),
    ),
    "answer_swap": Case(
        "answer a swap that is asked of them (nobody somebody else's)", MEMBER,
        lambda office, actor: watch_swaps.answer_swap(
            swap_id=office.asked(actor), accept=True, actor=actor, at=AT
        ),
    ),
    "withdraw_swap": Case(
        "take back somebody else's swap (one's own, until it is answered: who asked)",
        LEAD_OR_ADMIN,
        lambda office, actor: watch_swaps.withdraw_swap(
            swap_id=office.swap.pk, actor=actor, at=AT
        ),
    ),
    "set_brand_calendar": Case(
        "set the days a brand works", ADMIN,
        lambda office, actor: calendars.set_brand_calendar(
            brand_id=office.brand.pk, details=calendars.CalendarDetails(), version=0,
            actor=actor, at=AT,
        ),
    ),
    "name_stand_in": Case(
        "name a colleague of a common brand as one's stand-in",
        (*MEMBER[:-1], "no_such_person"),
        lambda office, actor: stand_ins.name_stand_in(
            stand_in_id=office.people["lead"].pk if person(actor) != office.people["lead"]
            else office.people["admin"].pk,
            from_at=LATER, until_at=LATER + timedelta(days=1), actor=actor, at=AT,
        ),
    ),
    "end_stand_in": Case(
        "end a stand-in of one's own, on either side", MEMBER,
        lambda office, actor: stand_ins.end_stand_in(
            agreement_id=office.own_stand_in(actor), actor=actor, at=AT
        ),
    ),
    "create_brand": Case(
        "make a brand", ADMIN_OF_ANY,
        lambda office, actor: brands.create_brand(
            key="new", details=brands.BrandDetails("N", ("en",)), actor=actor, at=AT
        ),
    ),
    "change_brand": Case(
        "change a brand", ADMIN,
        lambda office, actor: brands.change_brand(
            brand_id=office.brand.pk, details=brands.BrandDetails("N", ("en",)),
            version=office.brand.version, actor=actor, at=AT,
        ),
    ),
    "set_brand_approvers": Case(
        "name who approves a brand's words in a language", ADMIN,
        lambda office, actor: brands.set_brand_approvers(
            brand_id=office.brand.pk, language="en", approver_id=office.people["approver"].pk,
            deputy_id=None, actor=actor, at=AT,
        ),
    ),
    "add_official_account": Case(
        "add an official account", ADMIN,
        lambda office, actor: accounts.add_official_account(
            brand_id=office.brand.pk, details=accounts.AccountDetails("x", "@New"),
            actor=actor, at=AT,
        ),
    ),
    "save_official_account": Case(
        "change an official account", ADMIN,
        lambda office, actor: accounts.save_official_account(
            account_id=office.account.pk, details=accounts.AccountDetails("x", "@New"),
            version=office.account.version, actor=actor, at=AT,
        ),
    ),
    "record_access_test": Case(
        "record whether an official account could be opened", TRIED,
        lambda office, actor: accounts.record_access_test(
            account_id=office.account.pk, worked=True, actor=actor, at=AT
        ),
    ),
    "invite_person": Case(
        "invite somebody", ADMIN,
        lambda office, actor: invitations.invite_person(
            brand_id=office.brand.pk, email="new@desk.test", full_name="N", role=Role.STAFF,
            language="en", actor=actor, at=AT,
        ),
    ),
    "withdraw_invitation": Case(
        "take an invitation back", ADMIN,
        lambda office, actor: invitations.withdraw_invitation(
            invitation_id=office.invitation("new@desk.test", Role.STAFF)[0], actor=actor, at=AT
        ),
    ),
    "accept_invitation": Case("accept an invitation to one's own address", ONESELF, _accept),
    "create_user": Case(
        "add a person without an invitation", ADMIN_OF_ANY,
        lambda office, actor: people.create_user(
            email="new@desk.test", full_name="N", actor=actor, at=AT
        ),
    ),
    "set_membership": Case(
        "give a role on a brand", ADMIN,
        lambda office, actor: memberships.set_membership(
            user_id=office.colleague.pk, brand_id=office.brand.pk, role=Role.OBSERVER,
            actor=actor, at=AT,
        ),
    ),
    "remove_membership": Case(
        "take a role on a brand away", ADMIN,
        lambda office, actor: memberships.remove_membership(
            user_id=office.colleague.pk, brand_id=office.brand.pk, role=Role.STAFF,
            actor=actor, at=AT,
        ),
    ),
    "deactivate_user": Case(
        "deactivate somebody all of whose brands one administers", ADMIN,
        lambda office, actor: people.deactivate_user(
            user_id=office.colleague.pk, actor=actor, at=AT
        ),
    ),
    "reactivate_user": Case(
        "let somebody in again", ADMIN,
        lambda office, actor: people.reactivate_user(user_id=office.away.pk, actor=actor, at=AT),
    ),
    "anonymise_user": Case(
        "anonymise somebody who left", ADMIN,
        lambda office, actor: people.anonymise_user(user_id=office.away.pk, actor=actor, at=AT),
    ),
    "change_language": Case(
        "choose one's own language", ONESELF,
        lambda office, actor: profile.change_language("ar", actor=actor, at=AT),
    ),
    "change_zone": Case(
        "choose one's own zone", ONESELF,
        lambda office, actor: profile.change_zone("UTC", actor=actor, at=AT),
    ),
    "change_reads": Case(
        "say which languages one reads", ONESELF,
        lambda office, actor: profile.change_reads(["en"], actor=actor, at=AT),
    ),
    "change_profile": Case(
        "change one's own name, title and phone", ONESELF,
        lambda office, actor: profile.change_profile(full_name="N", actor=actor, at=AT),
    ),
    "create_token": Case(
        "make a token of one's own", ONESELF,
        lambda office, actor: tokens.create_token(
            user_id=person(actor).pk, name="N", scope="read", actor=actor, at=AT
        ),
    ),
    "revoke_token": Case(
        "revoke a token of one's own", ONESELF,
        lambda office, actor: tokens.revoke_token(
            token_key=office.own_token(actor), actor=actor, at=AT
        ),
    ),
    "make_sign_in_link": Case(
        "make a sign-in link for somebody (only `manage.py sign_in_link`)", NOBODY,
        lambda office, actor: sign_in_links.make_sign_in_link(
            email=office.colleague.email, actor=actor, at=AT
        ),
    ),
}  # fmt: skip
