"""A person's own page: profile, choices, tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from crisisdesk.organisation.domain.tokens import create_token
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    ApiToken,
    Brand,
    BrandLanguage,
)
from tests.factories.organisation import (
    NOON,
    make_member,
    make_user,
    web,
)
from tests.organisation.refusals import rows
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db


def test_the_profile_is_saved(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    client.post("/settings/", {"full_name": "Sara Cohen", "name_he": "שרה כהן", "phone": "+972 50"})
    client.post("/settings/zone/", {"zone": "Asia/Jerusalem"})
    client.post("/settings/reads/", {"reads": ["he", "en"]})
    sara.refresh_from_db()
    assert (sara.full_name, sara.name_he, sara.phone) == ("Sara Cohen", "שרה כהן", "+972 50")
    assert (sara.zone, sara.reads) == ("Asia/Jerusalem", ["he", "en"])


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("/settings/", {"full_name": "   ", "phone": "kept words"}, "kept words"),
        ("/settings/zone/", {"zone": "Mars"}, "Mars"),
        ("/settings/reads/", {"reads": ["xx"]}, "xx"),
    ],
)
def test_a_refused_profile_keeps_what_was_typed(
    client: Client, path: str, data: dict[str, object], words: str
) -> None:
    client.force_login(make_user())
    before = rows()
    answer = client.post(path, data)
    assert answer.status_code == 422
    assert "Nothing you typed was lost" in answer.content.decode()
    assert words in answer.content.decode()
    assert rows() == before


def test_a_language_one_approves_in_is_not_given_up(client: Client, brand: Brand) -> None:
    approver = make_member(brand, Role.APPROVER)
    BrandLanguage.objects.filter(brand=brand, language="he").update(approver=approver)
    answer = browser(approver).post("/settings/reads/", {"reads": ["en"]})
    assert answer.status_code == 422
    assert "Nour Home" in answer.content.decode()
    approver.refresh_from_db()
    assert "he" in approver.reads


def test_a_token_is_shown_once_and_revoked(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    made = client.post(
        "/settings/tokens/", {"name": "weekly figures", "scope": "read", "days": "30"}
    )
    token = ApiToken.objects.get()
    assert made.status_code == 201
    assert "no-store" in made.headers["Cache-Control"]
    assert made.content.decode().count(token.token_key) >= 1
    assert made.context["made"].secret not in client.get("/settings/tokens/").content.decode()
    assert token.expiry == token.created + timedelta(days=30)
    noa = browser(make_user("noa"))
    assert noa.post(f"/settings/tokens/{token.token_key}/revoke/").status_code == 404
    assert ApiToken.objects.count() == 1
    client.post(f"/settings/tokens/{token.token_key}/revoke/")
    assert not ApiToken.objects.exists()


def test_a_token_without_a_purpose_is_refused(client: Client) -> None:
    client.force_login(make_user())
    for data in (
        {"name": " ", "scope": "read", "days": "0"},
        {"name": "x", "scope": "root", "days": "0"},
    ):
        assert client.post("/settings/tokens/", data).status_code == 422
    assert not ApiToken.objects.exists()


def test_an_expired_token_is_shown_as_ended(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    create_token(
        user_id=sara.pk, name="old", scope="read", actor=web(sara), at=NOON, expires_at=NOON
    )
    assert "Ended" in client.get("/settings/tokens/").content.decode()
