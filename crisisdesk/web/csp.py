"""Pages of a room may connect to one more origin than others: their live stream."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from crisisdesk.web.views.room.frame import stream_origin


class StreamPolicyMiddleware:
    """Adds the stream's origin to `connect-src` of pages below /incidents/<ref>/; stands inside CSPMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        in_a_room = match is not None and match.namespace == "web" and "reference" in match.kwargs
        if in_a_room and response.status_code != 404 and request.user.is_authenticated:
            origin = stream_origin(request)  # type: ignore[arg-type]
            if origin:
                response._csp_update = {"connect-src": [origin]}  # type: ignore[attr-defined]
        return response
