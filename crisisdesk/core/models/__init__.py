"""Models of the ground floor."""

from crisisdesk.core.models.heard_call import HeardCall
from crisisdesk.core.models.idempotency_key import IdempotencyKey
from crisisdesk.core.models.stored_file import StoredFile

__all__ = ["HeardCall", "IdempotencyKey", "StoredFile"]
