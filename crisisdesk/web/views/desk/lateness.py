"""What is late, as the heading that My desk and Deadlines begin with."""

from __future__ import annotations

from django.utils.translation import ngettext


def late_finding(late: int, nobodys: int) -> str:
    """Return what the person would otherwise have to count, the worst first; empty when nothing is late."""
    if nobodys:
        return ngettext(
            "%(count)s thing is late and nobody has it",
            "%(count)s things are late and nobody has them",
            nobodys,
        ) % {"count": nobodys}
    if late:
        return ngettext("%(count)s thing is late", "%(count)s things are late", late) % {
            "count": late
        }
    return ""
