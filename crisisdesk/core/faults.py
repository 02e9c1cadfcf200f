"""A fault of ours: written to the log under a short reference, which the person is given to pass on."""

from __future__ import annotations

import logging
from uuid import uuid4

logger = logging.getLogger(__name__)


def note_fault(path: str, error: BaseException | None = None) -> str:
    """Write the fault to the log and return its reference."""
    reference = uuid4().hex[:8]
    logger.error("fault %s at %s", reference, path, exc_info=error)
    return reference
