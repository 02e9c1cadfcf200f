"""The OpenAPI description, made from the operations themselves: one source for what is answered
and what is written about it."""

from __future__ import annotations

import re
import types
from datetime import date, datetime, time
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from django.utils.translation import override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from crisisdesk.api.inputs import Paged
from crisisdesk.core.refusals import REFUSALS

if TYPE_CHECKING:
    from crisisdesk.api.operations import Operation

Json = dict[str, Any]
_BASIC: dict[Any, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time"},
    Any: {},
}
_FACT = re.compile(r"%\((\w+)\)s")
_ALWAYS = {401: ("not_signed_in", "token_wrong", "token_expired")}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a token is sent."""

    target_class = "crisisdesk.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> Json:
        """Return the header that carries it."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <secret>`. Made under Settings, shown once, read or write.",
        }


class DeskSchema(AutoSchema):
    """Reads an `Operation` where AutoSchema would guess from a view."""

    @property
    def operation(self) -> Operation:
        """What this address does with this method."""
        found: Operation = self.view.operations[self.method]  # type: ignore[attr-defined]
        return found

    def get_operation_id(self) -> str:
        """The function's name."""
        return self.operation.operation_id

    def get_summary(self) -> str:
        """One line."""
        return self.operation.summary

    def get_tags(self) -> list[str]:
        """The module's name."""
        return [self.operation.tag]

    def get_description(self) -> str:  # type: ignore[override]  # as AutoSchema has it
        """The function's own words, then every refusal with its code and sentence."""
        said = " ".join((self.operation.run.__doc__ or "").split())
        lines = [
            f"- `{status}` `{code}`: {_sentence(code)}"
            for status, codes in sorted(refusals(self.operation, self.path).items())
            for code in codes
        ]
        return "\n".join([said, "", "Refusals:", "", *lines])

    def get_override_parameters(self) -> list[Any]:
        """The query, and the headers that a writing operation understands."""
        found: list[Any] = []
        operation = self.operation
        if operation.query is not None:
            found.append(operation.query)
        if operation.writes and not operation.secret:
            said = "The same key and body again answer as the first time and do nothing."
            found.append(OpenApiParameter("Idempotency-Key", str, "header", description=said))
        if operation.versioned:
            said = 'The `ETag` of the row that was read, such as `"3"`; or `version` in the body.'
            found.append(OpenApiParameter("If-Match", str, "header", description=said))
        return found

    def get_request_serializer(self) -> Any:
        """The input, if the operation reads one."""
        return self.operation.body

    def get_response_serializers(self) -> Any:
        """None to guess from: `_get_response_bodies` reads the operation."""
        return {}

    def _get_response_bodies(self, direction: str = "response") -> Json:
        operation = self.operation
        ok: Json = {"description": operation.summary}
        if operation.file:
            binary = {"type": "string", "format": "binary"}
            ok["content"] = {operation.file: {"schema": binary}}
        elif operation.answer is not None:
            shape = self._shape(operation.answer)
            ok["content"] = {
                "application/json": {"schema": _page(shape) if operation.many else shape}
            }
        bodies = {str(operation.status): ok}
        for status, codes in sorted(refusals(operation, self.path).items()):
            name = "Stale" if status in (409, 412, 428) else "Refusal"
            bodies[str(status)] = {
                "description": ", ".join(f"`{code}`" for code in codes),
                "content": {"application/json": {"schema": self._component(name, _ERRORS[name])}},
            }
        return bodies

    def _shape(self, hint: Any) -> Json:
        """Return the schema of a type; a TypedDict becomes a component of its own."""
        origin, args = get_origin(hint), get_args(hint)
        if hint in _BASIC:
            return dict(_BASIC[hint])
        if is_typeddict(hint):
            fields = {name: self._shape(kind) for name, kind in get_type_hints(hint).items()}
            schema = {
                "type": "object",
                "description": " ".join((hint.__doc__ or "").split()),
                "properties": fields,
                "required": sorted(hint.__required_keys__),
                "additionalProperties": False,
            }
            return self._component(hint.__name__.removesuffix("Shape"), schema)
        if origin is list:
            return {"type": "array", "items": self._shape(args[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self._shape(args[1])}
        if origin is Literal:
            return {"enum": list(args)}
        if origin in (Union, types.UnionType):
            return {"anyOf": [self._shape(kind) for kind in args if kind is not type(None)] + _NULL}
        raise TypeError(f"{hint!r} has no schema")

    def _component(self, name: str, schema: Json) -> Json:
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)
        if component in self.registry and self.registry[component].schema != schema:
            raise TypeError(f"two shapes are called {name}")
        self.registry.register_on_missing(component)
        ref: Json = component.ref
        return ref


_NULL: list[Json] = [{"type": "null"}]
_CODED: Json = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
    "required": ["code", "detail"],
}
_REFUSAL: Json = {
    "type": "object",
    "properties": {
        **_CODED["properties"],
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": _CODED},
        },
        "reasons": {"type": "array", "items": {"type": "object"}},
        "reference": {"type": "string", "description": "Where a fault stands in the log."},
    },
    "required": ["code", "detail", "fields"],
}
_ERRORS: dict[str, Json] = {
    "Refusal": _REFUSAL,
    "Stale": {
        **_REFUSAL,
        "properties": {
            **_REFUSAL["properties"],
            "current": {"type": ["object", "null"], "description": "The row as it stands."},
        },
    },
}


def _page(shape: Json) -> Json:
    return {
        "type": "object",
        "properties": {
            "results": {"type": "array", "items": shape},
            "next": {"type": ["string", "null"], "description": "The cursor of the next part."},
        },
        "required": ["results", "next"],
    }


def _is_paged(operation: Operation) -> bool:
    return operation.query is not None and issubclass(operation.query, Paged)


def refusals(operation: Operation, path: str) -> dict[int, tuple[str, ...]]:
    """Return every code with which the operation refuses, by status."""
    found: dict[int, tuple[str, ...]] = dict(_ALWAYS)
    if operation.body or operation.query:
        found[400] = ("malformed", "unreadable") if operation.body else ("malformed",)
    if operation.writes:
        found[403] = ("read_only_token", "form_expired", "not_allowed", *operation.forbids)
    if "{" in path or operation.misses:
        found[404] = tuple(dict.fromkeys(("not_found", *operation.misses)))
    if operation.stale:
        found[409] = operation.stale
    if operation.versioned:
        found[412] = operation.stale
        found[428] = ("version_needed",)
    coded = operation.refuses + (("cursor_wrong",) if _is_paged(operation) else ())
    coded += ("idempotency_key_reused",) if operation.writes else ()
    if coded:
        found[422] = coded
    if operation.throttle:
        found[429] = ("throttled",)
    found[500] = ("server_error",)
    return found


def _sentence(code: str) -> str:
    # The description is one for everybody, in English; answers speak the reader's language.
    with override("en"):
        return _FACT.sub(r"{\1}", str(REFUSALS[code]))
