"""How one function becomes one operation of the API: parsed, run once, answered, documented."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, TypeVar, cast

from django.db.models import Model
from django.http import HttpResponseBase, QueryDict
from django.utils import translation
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.serializers import ListField, ValidationError
from rest_framework.throttling import UserRateThrottle
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from crisisdesk.api.errors import VersionNeeded
from crisisdesk.api.inputs import Input
from crisisdesk.api.schema import DeskSchema
from crisisdesk.core import clock
from crisisdesk.core.domain.idempotency import request_hash, run_once
from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries.visibility import visible_incident, visible_to
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Source, TokenScope
from crisisdesk.organisation.models import ApiToken, User
from crisisdesk.organisation.queries.visibility import people_visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

_IF_MATCH = re.compile(r'(?:W/)?"(\d{1,9})"')
_LONGEST_KEY = 80
Row = TypeVar("Row", bound=Model)


class Page(TypedDict):
    """Part of a list; `next` is the cursor of the following part, null at the end."""

    results: list[Any]
    next: str | None


@dataclass(frozen=True)
class Call:
    """One request, parsed: who asks, when, and what they gave."""

    actor: Actor
    user: User
    at: datetime
    body: dict[str, Any]
    query: dict[str, Any]
    if_match: int | None

    def incident(self, reference: str) -> Incident:
        """Return the incident with its brand and lead, or raise NotVisible."""
        return visible_incident(self.user, reference)

    def incident_id(self, reference: str) -> int:
        """Return the incident's id for a command, or raise NotVisible."""
        found = visible_to(self.user).filter(reference=reference).values_list("pk", flat=True)[:1]
        if not found:
            raise NotVisible
        return found[0]

    def child(self, rows: QuerySet[Row], reference: str, pk: int) -> Row:
        """Return one of these rows if it belongs to this incident and the person may see it, or
        raise NotVisible."""
        seen = visible_to(self.user).filter(reference=reference)
        found = rows.filter(pk=pk, incident__in=seen).first()
        if found is None:
            raise NotVisible
        return found

    def somebody(self, pk: int, *, name: str) -> User:
        """Return a person the asker may know of; an unknown one is the field's fault (422)."""
        found = people_visible_to(self.user).filter(pk=pk).first()
        if found is None:
            raise Invalid("no_such_person", field=name)
        return found

    def version(self, current: Any) -> int:
        """Return the version the asker has read, from `If-Match` or the body (428 without)."""
        if self.if_match is not None:
            return self.if_match
        if self.body.get("version") is None:
            raise VersionNeeded(current)
        return int(self.body["version"])

    def given(self, *names: str) -> dict[str, Any]:
        """Return those of the body's fields that were given, for the command's keywords."""
        return {name: self.body[name] for name in names if name in self.body}


@dataclass(frozen=True)
class Operation:
    """One function of the API with all that its documentation says."""

    run: Callable[..., Any]
    summary: str
    answer: Any = None
    status: int = 200
    body: type[Input] | None = None
    query: type[Input] | None = None
    many: bool = False  # answers with a Page of `answer`
    writes: bool = False
    upload: bool = False
    file: str = ""  # the media type of a download
    refuses: tuple[str, ...] = ()  # 422
    misses: tuple[str, ...] = ()  # 404, beside not_found
    forbids: tuple[str, ...] = ()  # 403, beside not_allowed and read_only_token
    stale: tuple[str, ...] = ()  # 409, or 412 where If-Match was given
    versioned: bool = False
    secret: bool = False  # its answer is shown once, so no Idempotency-Key may keep it
    throttle: str = ""  # how often per person, such as 30/min

    @property
    def operation_id(self) -> str:
        """The function's name, which is the operation's for ever."""
        return self.run.__name__

    @property
    def tag(self) -> str:
        """The module that holds the function."""
        return self.run.__module__.rsplit(".", 1)[-1]


def read(summary: str, *, answer: Any = None, **options: Any) -> Callable[..., Operation]:
    """Make a function an operation that changes nothing."""

    def wrap(run: Callable[..., Any]) -> Operation:
        return Operation(run, summary, answer, **options)

    return wrap


def write(summary: str, *, answer: Any = None, **options: Any) -> Callable[..., Operation]:
    """Make a function that makes one domain call an operation; without an answer it says 204."""
    options.setdefault("status", 200 if answer else 204)

    def wrap(run: Callable[..., Any]) -> Operation:
        return Operation(run, summary, answer, writes=True, **options)

    return wrap


class Rate(UserRateThrottle):
    """How often one person may ask for something that costs much."""

    def __init__(self, operation: Operation) -> None:
        self.rate, self.scope = operation.throttle, operation.operation_id
        super().__init__()


class Endpoint(APIView):
    """All operations of one address. Made by `endpoint()`, never by hand."""

    operations: ClassVar[dict[str, Operation]] = {}
    metadata_class = None  # type: ignore[assignment]  # OPTIONS says nothing
    schema = DeskSchema()

    @property
    def operation(self) -> Operation:
        """The operation that this request asks for."""
        method = self.request.method or "GET"
        return self.operations["GET" if method == "HEAD" else method]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer; the language that `initial` chooses ends with the answer."""
        with translation.override(translation.get_language()):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Know who asks, and speak their language from here on."""
        super().initial(request, *args, **kwargs)
        token = request.auth if isinstance(request.auth, ApiToken) else None
        scope = token.scope if token else TokenScope.WRITE
        request.actor = Actor(request.user, Source.API, scope)
        translation.activate(request.user.language)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say in which language this is, and that it is nobody else's."""
        found = super().finalize_response(request, response, *args, **kwargs)
        found.headers["Content-Language"] = translation.get_language() or "en"
        found.headers.setdefault("Cache-Control", "private, no-store")
        return found

    def get_parsers(self) -> list[Any]:
        """JSON, and multipart only where a file may come."""
        method = getattr(self.request, "method", "")  # none while the description is begun
        asked = self.operations.get(method)
        if asked is not None and asked.upload:
            return [JSONParser(), MultiPartParser()]
        return [JSONParser()]

    def get_throttles(self) -> list[Any]:
        """What the operation allows per person."""
        asked = self.operations.get(self.request.method or "")
        if asked is None or not asked.throttle:
            return []
        return [Rate(asked)]

    def answer(self, request: Request, **path: Any) -> HttpResponseBase:
        """Parse, run and answer one operation; with an `Idempotency-Key` it runs once."""
        operation = self.operation
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set in initial()
        if operation.writes and not actor.may_write:
            raise NotAllowed("read_only_token")
        call = Call(
            actor=actor,
            user=cast(User, actor.user),
            at=clock.now(),
            body=_parsed(operation.body, request.data if operation.body else {}),
            query=_parsed(operation.query, _plain(operation.query, request.query_params)),
            if_match=_if_match(request) if operation.versioned else None,
        )
        kept = operation.writes and not operation.secret
        key = request.headers.get("Idempotency-Key", "") if kept else ""
        if not key:
            return _response(operation.status, operation.run(call, **path))
        return _once(key, operation, call, request, path)


def _once(
    key: str, operation: Operation, call: Call, request: Request, path: dict[str, Any]
) -> Response:
    if len(key) > _LONGEST_KEY:
        raise ValidationError({"Idempotency-Key": ["1 to 80 characters."]}, code="max_length")
    asked = request_hash(request.method, request.path, call.if_match, _hashable(request.data))

    def command() -> tuple[int, Any]:
        # Kept as it goes out, moments as text, so that the repeat says the same.
        found = json.dumps(operation.run(call, **path), cls=JSONEncoder)
        return operation.status, json.loads(found) or {}

    kept = run_once(user=call.user, key=key, asked=asked, at=call.at, command=command)
    response = _response(kept.status, kept.body or None)
    if kept.repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _hashable(data: Any) -> Any:
    """Return the body with every file as the hash of its content."""
    if not isinstance(data, dict):
        return data
    return {name: _content_hash(value) for name, value in data.items()}


def _content_hash(value: Any) -> Any:
    if not hasattr(value, "chunks"):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def _parsed(form: type[Input] | None, data: Any) -> dict[str, Any]:
    if form is None:
        return {}
    parsed = form(data=data)
    parsed.is_valid(raise_exception=True)
    return dict(parsed.validated_data)


def _plain(form: type[Input] | None, given: QueryDict) -> dict[str, Any]:
    """Return the query as an object: every value once, but lists whole."""
    fields = form().fields if form else {}
    lists = {name for name, field in fields.items() if isinstance(field, ListField)}
    return {name: given.getlist(name) if name in lists else given[name] for name in given}


def _if_match(request: Request) -> int | None:
    header = request.headers.get("If-Match", "").strip()
    if not header:
        return None
    found = _IF_MATCH.fullmatch(header)
    if found is None:
        raise ValidationError({"If-Match": ['The version in quotes, such as "3".']}, code="invalid")
    return int(found[1])


def _response(status: int, found: Any) -> Any:
    if isinstance(found, HttpResponseBase):
        return found
    response = Response(found, status=status)
    if isinstance(found, dict) and "version" in found:
        response.headers["ETag"] = f'"{found["version"]}"'
    return response


def endpoint(**operations: Operation) -> Callable[..., HttpResponseBase]:
    """Return the view of one address: `endpoint(get=list_facts, post=state_fact)`."""
    asked = {method.upper(): operation for method, operation in operations.items()}
    handlers = dict.fromkeys(operations, Endpoint.answer)
    view = type("Endpoint", (Endpoint,), {"operations": asked, **handlers})
    return view.as_view()  # type: ignore[attr-defined,no-any-return]


class Missing(APIView):
    """An address that is none: refused in the shape of every refusal."""

    permission_classes = (IsAuthenticated,)
    schema = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Refuse whatever the method is."""
        super().initial(request, *args, **kwargs)
        raise NotVisible
