"""Brands, their approvers and their official accounts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    Brand,
    BrandLanguage,
    Membership,
    OfficialAccount,
    User,
)
from tests.factories.organisation import (
    make_account,
    make_channel,
    make_member,
)
from tests.organisation.refusals import rows
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db


def brand_data(brand: Brand, **changes: object) -> dict[str, object]:
    return {
        "name": brand.name,
        "languages": brand.languages,
        "zone": brand.zone,
        "digit_style": "latin",
        "version": brand.version,
    } | changes


def test_a_brand_is_added_and_changed(client: Client, brand: Brand, admin: User) -> None:
    client.post("/settings/brands/new/", brand_data(brand, name="Dar", key="dar"))
    dar = Brand.objects.get(key="dar")
    client.post(
        "/settings/brands/dar/",
        brand_data(dar, name_ar="دار", aliases="Dar Home\n Dar"),
    )
    dar.refresh_from_db()
    assert (dar.name_in("ar"), dar.aliases, dar.weekend, dar.version) == (
        "دار",
        ["Dar Home", "Dar"],
        [6, 7],
        2,
    )
    assert Membership.objects.get(brand=dar).user == admin


def test_a_refused_brand_changes_nothing(client: Client, brand: Brand, admin: User) -> None:
    before = rows()
    wrong: Any
    for wrong in (
        {"name": " "},
        {"languages": []},
        {"colour": "teal"},
        {"zone": "Mars"},
        {"contact_email": "x"},
    ):
        assert (
            client.post("/settings/brands/nour-home/", brand_data(brand, **wrong)).status_code
            == 422
        )
        assert (
            client.post("/settings/brands/new/", brand_data(brand, key="dar", **wrong)).status_code
            == 422
        )
    taken = client.post("/settings/brands/new/", brand_data(brand, key="nour-home"))
    assert "already in use" in taken.content.decode()
    assert rows() == before


def test_two_people_saving_one_brand_lose_nothing(
    client: Client, brand: Brand, admin: User
) -> None:
    client.post("/settings/brands/nour-home/", brand_data(brand, name="First"))
    answer = client.post("/settings/brands/nour-home/", brand_data(brand, name="Second"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "First" in page
    assert "Second" in page
    brand.refresh_from_db()
    assert brand.name == "First"
    client.post("/settings/brands/nour-home/", brand_data(brand, name="Second"))
    brand.refresh_from_db()
    assert brand.name == "Second"


def test_approvers_are_named_per_language(client: Client, brand: Brand, admin: User) -> None:
    approver = make_member(brand, Role.APPROVER, reads=["ar"])
    client.post(
        "/settings/brands/nour-home/approvers/ar/", {"approver": approver.pk, "zone": "Asia/Riyadh"}
    )
    row = BrandLanguage.objects.get(brand=brand, language="ar")
    assert (row.approver, row.deputy, row.zone) == (approver, None, "Asia/Riyadh")
    answer = client.post("/settings/brands/nour-home/approvers/he/", {"approver": approver.pk})
    assert answer.status_code == 422
    assert "does not read this language" in answer.content.decode()
    assert BrandLanguage.objects.get(brand=brand, language="he").approver is None


ACCOUNT = {"channel": "x", "handle": "@NourHome", "url": "https://x.com/NourHome"}


def test_an_account_is_added_changed_and_tested(client: Client, brand: Brand, admin: User) -> None:
    make_channel()
    client.post("/settings/brands/nour-home/accounts/new/", ACCOUNT | {"owner": admin.pk})
    account = OfficialAccount.objects.get()
    path = f"/settings/accounts/{account.pk}/"
    client.post(path, ACCOUNT | {"handle": "@Nour", "version": 1})
    stale = client.post(path, ACCOUNT | {"handle": "@Other", "version": 1})
    assert stale.status_code == 409
    assert "@Nour" in stale.content.decode()
    assert "@Other" in stale.content.decode()
    client.post(f"{path}test/", {"worked": "no"})
    account.refresh_from_db()
    assert (account.handle, account.version, account.access_worked) == ("@Nour", 2, False)
    assert "Could not be opened" in client.get("/settings/accounts/").content.decode()


def test_a_refused_account_changes_nothing(client: Client, brand: Brand, admin: User) -> None:
    make_account(brand, make_channel(), "@NourHome")
    before = rows()
    path = "/settings/brands/nour-home/accounts/new/"
    for wrong in (
        {},
        {"handle": " "},
        {"handle": "@o", "url": "nope"},
        {"handle": "@o", "channel": "fax"},
    ):
        assert client.post(path, ACCOUNT | wrong).status_code == 422
    assert rows() == before


def test_who_may_test_an_account(brand: Brand) -> None:
    account = make_account(brand, make_channel())
    observer, staff = make_member(brand, Role.OBSERVER), make_member(brand, Role.STAFF)
    assert browser(observer).get("/settings/accounts/").status_code == 200
    assert browser(observer).post(f"/settings/accounts/{account.pk}/test/").status_code == 403
    account.refresh_from_db()
    assert account.last_access_test is None
    browser(staff).post(f"/settings/accounts/{account.pk}/test/", {"worked": "yes"})
    account.refresh_from_db()
    assert account.access_worked


def test_the_accounts_page_costs_the_same_with_one_and_with_fifty(
    client: Client, brand: Brand, admin: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/settings/accounts/")
        return len(queries)

    channel = make_channel()
    make_account(brand, channel, owner=admin)
    client.get("/settings/accounts/")
    with_one = cost()
    for number in range(49):
        make_account(brand, channel, f"@n{number}", owner=admin)
    assert cost() == with_one
