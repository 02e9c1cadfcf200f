"""Me, my colleagues, our brands and channels."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from crisisdesk.api.inputs import Input, Paged
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import newest_first
from crisisdesk.api.shapes import people as shapes
from crisisdesk.core.errors import NotVisible
from crisisdesk.organisation.domain import profile
from crisisdesk.organisation.models import Membership, OfficialAccount, User
from crisisdesk.organisation.queries.roles import language_approvers
from crisisdesk.organisation.queries.search import matching
from crisisdesk.organisation.queries.visibility import (
    brands_visible_to,
    channels_visible_to,
    people_visible_to,
)

_SETTINGS = ("language_unknown", "zone_unknown")


@read("Read me", answer=shapes.Me)
def get_me(call: Call) -> shapes.Me:
    """Who asks, in which language and zone, and what this token may do."""
    return shapes.me(call.user, str(call.actor.scope))


class MeChanged(Input):
    """The language and the zone in which the desk speaks to me."""

    language = serializers.CharField(required=False, max_length=20)
    zone = serializers.CharField(required=False, max_length=100)


@write("Change my language or zone", answer=shapes.Me, body=MeChanged, refuses=_SETTINGS)
def change_me(call: Call) -> shapes.Me:
    """What is left out stays; both change together or not at all."""
    with transaction.atomic():  # two settings are two commands
        if "language" in call.body:
            profile.change_language(call.body["language"], actor=call.actor, at=call.at)
        if "zone" in call.body:
            profile.change_zone(call.body["zone"], actor=call.actor, at=call.at)
    call.user.refresh_from_db()
    return shapes.me(call.user, str(call.actor.scope))


class UserQuery(Paged):
    """Which people."""

    q = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Words in any script."
    )
    brand = serializers.SlugField(required=False)
    active = serializers.BooleanField(required=False, allow_null=True, default=True)


@read("List people", answer=shapes.Colleague, many=True, query=UserQuery)
def list_users(call: Call) -> Page:
    """Those who share a brand with the asker; active ones unless asked otherwise."""
    rows = _people(call)
    if call.query["active"] is not None:
        rows = rows.filter(is_active=call.query["active"])
    if call.query["q"].strip():
        rows = rows.filter(matching(call.query["q"]))
    if "brand" in call.query:
        brands = brands_visible_to(call.user).filter(key=call.query["brand"])
        rows = rows.filter(pk__in=Membership.objects.filter(brand__in=brands).values("user_id"))
    found, following = newest_first(rows, call.query)
    return {"results": [shapes.colleague(row) for row in found], "next": following}


@read("Read a person", answer=shapes.Colleague)
def get_user(call: Call, user_id: int) -> shapes.Colleague:
    """With their roles for the brands that the asker shares with them."""
    found = _people(call).filter(pk=user_id).first()
    if found is None:
        raise NotVisible
    return shapes.colleague(found)


def _people(call: Call) -> QuerySet[User]:
    shared = Membership.objects.filter(brand__in=brands_visible_to(call.user))
    memberships = shared.select_related("brand").order_by("brand_id", "pk")
    return people_visible_to(call.user).prefetch_related(Prefetch("memberships", memberships))


@read("List brands", answer=shapes.BrandRow, many=True)
def list_brands(call: Call) -> Page:
    """Those for which the asker has a role."""
    rows = brands_visible_to(call.user)
    return {"results": [shapes.brand_row(row) for row in rows], "next": None}


@read("Read a brand", answer=shapes.BrandDetail)
def get_brand(call: Call, key: str) -> shapes.BrandDetail:
    """With its approvers by language and its official accounts."""
    brand = brands_visible_to(call.user).filter(key=key).first()
    if brand is None:
        raise NotVisible
    accounts = OfficialAccount.objects.filter(brand=brand).select_related("channel")
    languages = list(language_approvers(brand.pk).values())
    return shapes.brand_detail(brand, languages, list(accounts))


@read("List channels", answer=shapes.ChannelShape, many=True)
def list_channels(call: Call) -> Page:
    """With their limits, how they count, and the way to report a fake account there."""
    rows = channels_visible_to(call.user)
    return {"results": [shapes.channel(row) for row in rows], "next": None}


@read("Read a channel", answer=shapes.ChannelShape)
def get_channel(call: Call, key: str) -> shapes.ChannelShape:
    """One channel."""
    found = channels_visible_to(call.user).filter(key=key).first()
    if found is None:
        raise NotVisible
    return shapes.channel(found)


ROUTES = {
    "me/": endpoint(get=get_me, patch=change_me),
    "users/": endpoint(get=list_users),
    "users/<int:user_id>/": endpoint(get=get_user),
    "brands/": endpoint(get=list_brands),
    "brands/<slug:key>/": endpoint(get=get_brand),
    "channels/": endpoint(get=list_channels),
    "channels/<slug:key>/": endpoint(get=get_channel),
}
