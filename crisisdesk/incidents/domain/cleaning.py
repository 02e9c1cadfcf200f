"""What the response accepts from people: clean values, or a coded refusal."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from crisisdesk.core.errors import Invalid
from crisisdesk.organisation.models import Channel

_WEB_LINK = URLValidator(schemes=["http", "https"])
_LONGEST_LINK = 500


def check_link(url: str, *, field: str = "url") -> str:
    """Return a web link as typed, with https:// where the scheme was left out.

    Raises Invalid("link_invalid").
    """
    link = url.strip()
    if link and "://" not in link:
        link = f"https://{link}"
    try:
        _WEB_LINK(link)
    except ValidationError:
        raise Invalid("link_invalid", field=field) from None
    if len(link) > _LONGEST_LINK:
        raise Invalid("link_invalid", field=field)
    return link


def check_channels(keys: Iterable[str], *, field: str) -> None:
    """Return if all of these are channels of the desk, or raise Invalid("channel_unknown")."""
    wanted = set(keys)
    known = set(Channel.objects.filter(key__in=wanted).values_list("key", flat=True))
    for key in sorted(wanted - known):
        raise Invalid("channel_unknown", field=field, value=key)
