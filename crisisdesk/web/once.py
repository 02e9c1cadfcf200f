"""The same press twice does one thing: every form that makes something carries a key of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.core.domain.idempotency import Answer, request_hash, run_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from crisisdesk.web.requests import PersonRequest

_NOT_ASKED = {"csrfmiddlewaretoken", "key"}


def press_once(request: PersonRequest, command: Callable[[], Any], *, at: datetime) -> Answer:
    """Make the one call of this press, or keep still when the same form arrived before.

    A form without a key is made anew each time; a key that comes with other words is refused.
    """

    def act() -> tuple[int, dict[str, Any]]:
        made = command()
        return 200, {"pk": getattr(made, "pk", None)}

    typed = {name: values for name, values in request.POST.lists() if name not in _NOT_ASKED}
    files = {
        name: [getattr(file, "name", ""), getattr(file, "size", 0)]
        for name, file in request.FILES.items()
    }
    return run_once(
        user=request.user,
        key=request.POST.get("key", ""),
        asked=request_hash(request.path, typed, files),
        at=at,
        command=act,
    )
