"""Every refusal in one shape: {"code", "detail", "fields": {name: [{"code", "detail"}]}}.

A stale save also carries `current`, the row as it stands; what stands in the way of a step comes
as `reasons`. `detail` is in the reader's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from crisisdesk.api.shapes.current import current_of
from crisisdesk.core.errors import DomainError, NotReady, Stale
from crisisdesk.core.faults import note_fault
from crisisdesk.core.words import error_text, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What DRF refuses by itself, and the desk's code for it.
_CODES: dict[type[exceptions.APIException], str] = {
    exceptions.ParseError: "unreadable",
    exceptions.NotAuthenticated: "not_signed_in",
    exceptions.PermissionDenied: "form_expired",  # DRF's own check of the session's CSRF token
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "format_not_offered",
    exceptions.UnsupportedMediaType: "format_not_read",
    exceptions.Throttled: "throttled",
}


class VersionNeeded(DomainError):
    """The row has a version and the request names none, so it could overwrite somebody's words."""

    status = 428

    def __init__(self, current: Any) -> None:
        super().__init__("version_needed", field="version")
        self.current = current


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """Return the answer to a refusal, or to a fault of ours, which is logged under the reference that is told."""
    if isinstance(error, DomainError):
        return _refused(error, context)
    if isinstance(error, exceptions.ValidationError):
        fields = dict(_fields(error.get_full_details()))
        return Response(_shape("malformed", refusal("malformed", {}), fields), status=400)
    if isinstance(error, RequestDataTooBig):
        return Response(_shape("body_too_large", refusal("body_too_large", {})), status=413)
    if isinstance(error, Http404):
        return Response(_shape("not_found", refusal("not_found", {})), status=404)
    if isinstance(error, exceptions.APIException):
        return _answered(error)
    return _fault(error, context)


def _refused(error: DomainError, context: Mapping[str, Any]) -> Response:
    text = error_text(error)
    fields = {error.field: [{"code": error.code, "detail": text}]} if error.field else {}
    body = _shape(error.code, text, fields)
    status = error.status
    if isinstance(error, Stale):
        status = 412 if "If-Match" in context["request"].headers else 409
    if isinstance(error, (Stale, VersionNeeded)):
        body["current"] = current_of(error.current)
    if isinstance(error, NotReady):
        body["reasons"] = [reason_shape(reason) for reason in error.reasons]
    return Response(body, status=status)


def _answered(error: exceptions.APIException) -> Response:
    code = _CODES.get(type(error)) or str(error.get_codes())
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return Response(_shape(code, refusal(code, {})), status=error.status_code, headers=headers)


def _fault(error: Exception, context: Mapping[str, Any]) -> Response:
    request = context["request"]
    got_request_exception.send(
        sender=None, request=request._request
    )  # whoever counts faults hears of it
    set_rollback()
    reference = note_fault(request.path, error)
    body = _shape("server_error", refusal("server_error", {"reference": reference}))
    return Response({**body, "reference": reference}, status=500)


def reason_shape(reason: Mapping[str, Any]) -> dict[str, Any]:
    """Return one thing that stands in the way, with its sentence."""
    return {**reason, "detail": refusal(reason["code"], dict(reason["params"]))}


def _shape(code: str, detail: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"code": code, "detail": detail, "fields": fields or {}}


def _fields(details: Any, name: str = "") -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Walk through DRF's nested details; the name of a nested field is its path with dots."""
    if isinstance(details, dict) and not {"message", "code"} <= details.keys():
        for key, value in details.items():
            yield from _fields(value, f"{name}.{key}" if name else str(key))
    elif isinstance(details, list) and all("message" in entry for entry in details):
        found = [{"code": entry["code"], "detail": str(entry["message"])} for entry in details]
        yield name or "body", found
    elif isinstance(details, list):
        for place, value in enumerate(details):
            if value:
                yield from _fields(value, f"{name}.{place}" if name else str(place))
