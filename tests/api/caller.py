"""Calls the API as one person and holds every answer against the description."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, ClassVar

from django.db import models
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from rest_framework.test import APIClient

from crisisdesk.api.docs import description
from crisisdesk.core.models import IdempotencyKey, StoredFile
from crisisdesk.incidents import models as incidents
from crisisdesk.notifications.models import (
    Address,
    Morning,
    MorningTime,
    Notification,
    Preference,
    QuietHours,
    StandIn,
)
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.tokens import create_token
from crisisdesk.organisation.models import (
    BrandCalendar,
    Rota,
    User,
    WatchGap,
    WatchShift,
    WatchSwap,
)
from crisisdesk.reports.models import RenderedReport
from playbooks.models import PresignedText, ReviewDate
from tests.factories.organisation import NOON

ROOT = "/api/v1/"
KEPT: tuple[type[models.Model], ...] = (
    *(getattr(incidents, name) for name in incidents.__all__),
    Address,
    BrandCalendar,
    IdempotencyKey,
    Morning,
    MorningTime,
    Notification,
    Preference,
    PresignedText,
    QuietHours,
    RenderedReport,
    ReviewDate,
    StandIn,
    Rota,
    StoredFile,
    User,
    WatchGap,
    WatchShift,
    WatchSwap,
)


def state() -> dict[str, Any]:
    """Everything a call might have written, to show that it did not."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in KEPT
    }


class Caller:
    """One person with a token; every answer must be one that the description knows."""

    succeeded: ClassVar[set[str]] = set()

    def __init__(self, user: User, scope: str = "write") -> None:
        token = create_token(user_id=user.pk, name="t", scope=scope, actor=SYSTEM, at=NOON)
        self.user = user
        self.client = APIClient(HTTP_AUTHORIZATION=f"Token {token.secret}")

    def call(
        self, method: str, path: str, body: Any = None, *, upload: bool = False, **headers: str
    ) -> Any:
        """Return the response after checking it against the description."""
        response = getattr(self.client, method)(
            ROOT + path, body, format="multipart" if upload else "json", headers=headers
        )
        check(method, ROOT + path.split("?")[0], response)
        if response.streaming:
            response.downloaded = b"".join(response.streaming_content)
        return response

    def get(self, path: str, **query: Any) -> Any:
        """Return the body of a read that must succeed."""
        response = self.client.get(ROOT + path, query)
        check("get", ROOT + path, response)
        assert response.status_code == 200, response.content
        return response.json()

    def does(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Return the body of a write that must succeed."""
        response = self.call(method, path, body, **options)
        assert 200 <= response.status_code < 300, (response.status_code, response.content)
        return response.json() if response.content else None

    def refused(
        self, status: int, code: str, method: str, path: str, body: Any = None, **options: Any
    ) -> Any:
        """Return the body of a write that must be refused with this code, with nothing written."""
        before = state()
        response = self.call(method, path, body, **options)
        found = response.json()
        assert (response.status_code, found.get("code")) == (status, code), (path, body, found)
        assert found["detail"] and "%(" not in found["detail"]
        assert state() == before
        return found


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    # Fixed words before blanks: "items/assign/" is not an item.
    templates = sorted(description()["paths"], key=lambda path: (path.count("{"), path))
    blank = re.compile(r"\{(\w+)\}")
    numbers = {"number"}

    def pattern(path: str) -> re.Pattern[str]:
        return re.compile(
            blank.sub(
                lambda found: (
                    r"\d+" if found[1].endswith("_id") or found[1] in numbers else r"[^/]+"
                ),
                path,
            )
        )

    return [(pattern(path), path) for path in templates]


def operation(method: str, path: str) -> dict[str, Any]:
    """Return what the description says of this address and method."""
    template = next(template for pattern, template in _paths() if pattern.fullmatch(path))
    found: dict[str, Any] = description()["paths"][template][method]
    return found


def check(method: str, path: str, response: Any) -> None:
    """Fail if the description does not know this status, this code or this shape."""
    known = operation(method, path)
    told = known["responses"].get(str(response.status_code))
    if response.status_code < 300:
        Caller.succeeded.add(known["operationId"])
    assert told is not None, (method, path, response.status_code, response.content)
    content = told.get("content", {}).get("application/json")
    if content is None:
        return
    schema = {**content["schema"], "components": description()["components"]}
    Draft202012Validator(schema).validate(response.json())
    if response.status_code >= 400:
        assert f"`{response.json()['code']}`" in told["description"], (told, response.json())
