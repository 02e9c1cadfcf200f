"""The way out for libraries that speak HTTP through `requests`: it is turned into our own way out.

While `through_outbound` is open, every question that this thread asks through `requests` goes to core/outbound instead:
the name is resolved once, private addresses are refused, and the connection goes to the address that was looked at. A
check before the call would not do: the name could have another address when the library resolves it again, and the
library would follow redirects.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.exceptions import ConnectionError as NoConnection
from requests.structures import CaseInsensitiveDict

from crisisdesk.core import outbound

Heard = list[outbound.Answer | outbound.Refused | outbound.Unanswered]

_heard: ContextVar[Heard | None] = ContextVar("heard", default=None)


class _ThroughOutbound(BaseAdapter):
    """Asks through core/outbound and keeps what was heard. Certificates are always checked."""

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> Response:
        """Return the answer as `requests` knows it; only the request counts, nothing that is said beside it."""
        heard = _heard.get()
        body = request.body.encode() if isinstance(request.body, str) else request.body
        if body is not None and not isinstance(body, bytes):
            raise NoConnection("files are not sent", request=request)
        headers = {name: _text(value) for name, value in request.headers.items()}
        try:
            answer = outbound.ask(
                str(request.url),
                method=str(request.method),
                body=body,
                headers=headers | {"Accept-Encoding": "identity", "Connection": "close"},
                follow=False,
            )
        except (outbound.Refused, outbound.Unanswered) as error:
            if heard is not None:
                heard.append(error)
            raise NoConnection(type(error).__name__, request=request) from error
        if heard is not None:
            heard.append(answer)
        made = Response()
        made.status_code = answer.status
        made.headers = CaseInsensitiveDict(answer.headers)
        made.url, made.request, made.encoding = answer.url, request, "utf-8"
        made._content = answer.body
        return made

    def close(self) -> None:
        """Nothing stays open."""


_OURS = _ThroughOutbound()
_theirs = Session.get_adapter


def _adapter(self: Session, url: str) -> Any:
    return _theirs(self, url) if _heard.get() is None else _OURS


Session.get_adapter = _adapter  # type: ignore[method-assign]


@contextmanager
def through_outbound() -> Iterator[Heard]:
    """Turn what this thread asks through `requests` into our own way out, and keep what is heard."""
    heard: Heard = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
