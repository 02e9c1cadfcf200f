"""How a change of watch reads in the timeline and in mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

if TYPE_CHECKING:
    from collections.abc import Mapping


def watch_words(data: Mapping[str, Any]) -> str:
    """Return from whom to whom the watch passes; either side may be nobody."""
    language = (get_language() or "en")[:2]
    going, coming = (
        gettext(", ").join(str(names.get(language, "")) for names in data.get(side, []))
        for side in ("from", "to")
    )
    if not coming:
        return gettext("Nobody takes over the watch of %(going)s") % {"going": going}
    if not going:
        return gettext("On watch from now on: %(coming)s") % {"coming": coming}
    facts = {"going": going, "coming": coming}
    return gettext("The watch passes from %(going)s to %(coming)s") % facts
