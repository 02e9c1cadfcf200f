"""Who asks: the bearer of a token, or a person signed in on the pages."""

from __future__ import annotations

import binascii
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from crisisdesk.core import clock
from crisisdesk.organisation.models import ApiToken, User
from crisisdesk.organisation.queries.roles import remember_roles

if TYPE_CHECKING:
    from rest_framework.request import Request

_SCHEMES = (b"token", b"bearer")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`, in one query. Not knox's own, which reads every token of the
    person and deletes expired ones while it answers a GET."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the person and the token, None without a token, or refuse a wrong one."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() not in _SCHEMES:
            return None
        token = _token(parts[1].decode("latin-1")) if len(parts) == 2 else None
        if token is None:
            raise AuthenticationFailed(code="token_wrong")
        if token.expiry is not None and token.expiry <= clock.now():
            raise AuthenticationFailed(code="token_expired")
        person: User = token.user
        if not person.is_active:
            raise AuthenticationFailed(code="token_wrong")
        remember_roles(person)
        return person, token

    def authenticate_header(self, request: Any) -> str:
        """Say in `WWW-Authenticate` what is wanted."""
        return "Token"


def _token(secret: str) -> ApiToken | None:
    try:
        digest = hash_token(secret)
    except (TypeError, ValueError, binascii.Error):
        return None
    rows = ApiToken.objects.filter(token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH])
    for row in rows.select_related("user"):
        if compare_digest(digest, row.digest):
            return row
    return None
