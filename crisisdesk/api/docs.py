"""The description of the API, as OpenAPI 3.1 and as a page to read and try."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from crisisdesk.api.routes import TAGS

_ABOUT = """\
The desk's commands, one operation each; the pages call the same ones.

Send `Authorization: Token <secret>` with a token made under Settings. A token acts as its person
and sees what they see; what you may not see is 404. Lists come in parts: give `next` back as
`cursor`. A refusal is `{"code", "detail", "fields": {name: [{"code", "detail"}]}}`, with `detail`
in your language. Rows with a `version` are changed with `If-Match` or `version`; a stale one is
answered with the row as it stands. An `Idempotency-Key` makes a repeat answer as the first time.
"""


@cache
def description() -> Any:
    """Return the whole description; it is the same for everybody, so it is made once."""
    found = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found["info"]["description"] = _ABOUT
    found["tags"] = TAGS
    return found


class Description(SpectacularAPIView):  # type: ignore[misc]  # spectacular has no types
    """The OpenAPI description, as YAML or JSON."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = [OpenApiYamlRenderer, OpenApiJsonRenderer]
    schema = None

    def _get_schema_response(self, request: Request) -> Response:
        return Response(description())


def read_docs(request: HttpRequest) -> HttpResponse:
    """Show the description with Swagger UI from our own files; nothing inline, nothing from
    another host."""
    return render(request, "api/docs.html")
