"""Who finds which page under Settings, and what does not exist for others."""

from __future__ import annotations

import pytest
from django.test import Client

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    Brand,
    User,
)
from tests.factories.organisation import (
    make_account,
    make_channel,
    make_member,
    make_user,
)
from tests.organisation.refusals import rows
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db


OWN_PAGES = [
    "/settings/",
    "/settings/notifications/",
    "/settings/security/",
    "/settings/tokens/",
    "/settings/transports/",
]

ADMIN_PAGES = [
    "/settings/people/",
    "/settings/people/invite/",
    "/settings/brands/",
    "/settings/brands/new/",
    "/settings/brands/nour-home/",
    "/settings/brands/nour-home/accounts/new/",
]


@pytest.mark.parametrize(
    "path", [*OWN_PAGES, *ADMIN_PAGES, "/settings/accounts/", "/settings/mail/"]
)
def test_signed_out_is_led_to_the_sign_in_page(client: Client, brand: Brand, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize(
    "path", [*OWN_PAGES, *ADMIN_PAGES, "/settings/accounts/", "/settings/mail/"]
)
@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_an_administrator_finds_every_page_in_every_language(
    client: Client, brand: Brand, admin: User, path: str, language: str
) -> None:
    make_account(brand, make_channel(), owner=admin)
    User.objects.update(language=language)
    page = client.get(path)
    assert page.status_code == 200
    words = page.content.decode()
    assert "<c-" not in words
    assert " style=" not in words


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_administration_does_not_exist_for_others(brand: Brand, role: Role, path: str) -> None:
    assert browser(make_member(brand, role)).get(path).status_code == 404


def test_a_stranger_finds_nothing_of_a_brand(brand: Brand, admin: User) -> None:
    account = make_account(brand, make_channel())
    stranger = browser(make_user("stranger"))
    before = rows()
    posts = [
        f"/settings/people/{admin.pk}/role/give/",
        f"/settings/people/{admin.pk}/role/take/",
        f"/settings/people/{admin.pk}/deactivate/",
        f"/settings/people/{admin.pk}/reactivate/",
        f"/settings/people/{admin.pk}/anonymise/",
        "/settings/brands/nour-home/",
        "/settings/brands/nour-home/approvers/ar/",
        "/settings/brands/nour-home/accounts/new/",
        f"/settings/accounts/{account.pk}/",
        f"/settings/accounts/{account.pk}/test/",
    ]
    for path in posts:
        answer = stranger.post(path, {"brand": brand.pk, "role": "lead", "sure": "yes"})
        assert answer.status_code == 404, path
    for path in [
        *ADMIN_PAGES,
        f"/settings/people/{admin.pk}/",
        "/settings/accounts/",
        "/settings/mail/",
    ]:
        assert stranger.get(path).status_code == 404, path
    assert rows() == before
