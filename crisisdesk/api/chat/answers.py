"""How the desk answers a machine that called, for both chats."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from crisisdesk.core.errors import DomainError
from crisisdesk.core.words import error_text

View = Callable[..., HttpResponse]


def chat_view(view: View) -> View:
    """A POST that proves itself by its own signature and not by a session; a refusal is JSON with its code."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            said = {"code": error.code, "detail": error_text(error), "fields": {}}
            return JsonResponse(said, status=error.status)

    return answered
