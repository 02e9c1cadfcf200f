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


@cache
def description() -> Any:
    """Return the whole description; it is the same for everybody, so it is made once."""
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


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
