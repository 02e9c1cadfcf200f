"""What a command raises when it refuses: a stable code, the field it concerns, and the facts for the sentence.

The sentence itself is made at the edge, in the reader's language (crisisdesk/core/words.py, crisisdesk/api/errors.py).
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A refusal. Nothing was written. `status` is the HTTP status both front ends answer with."""

    status = 422

    def __init__(self, code: str, *, field: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params


class Invalid(DomainError):
    """The input or the state does not allow it."""


class NotAllowed(DomainError):
    """The person may see the object but not do this."""

    status = 403


class NotVisible(DomainError):
    """What you may not see does not exist (law 6)."""

    status = 404

    def __init__(self, code: str = "not_found", **params: Any) -> None:
        super().__init__(code, **params)


class Gone(DomainError):
    """It was there for whoever holds this address, and was taken away for good."""

    status = 410


class Stale(DomainError):
    """Somebody changed the row first. `current` is the row as it stands, so that no edit is lost (law 9)."""

    status = 409

    def __init__(self, code: str = "stale", *, current: Any = None, **params: Any) -> None:
        super().__init__(code, **params)
        self.current = current


class NotReady(DomainError):
    """Several reasons stand in the way, each with its own code; they were on the page before the button."""

    def __init__(self, code: str, *, reasons: list[dict[str, Any]], **params: Any) -> None:
        super().__init__(code, **params)
        self.reasons = reasons
