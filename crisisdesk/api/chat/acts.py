"""What can be done from a chat: the same commands as on the pages, and what they answer in one glance."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from crisisdesk.api.chat.callers import Caller
from crisisdesk.api.chat.replies import Press, Reply, Row
from crisisdesk.core import formats
from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.core.words import refusal
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import checklist, notebook
from crisisdesk.incidents.domain.lifecycle import recent_of_brand
from crisisdesk.incidents.domain.opening import Opening, open_incident
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.enums import ItemState, Severity
from crisisdesk.incidents.models import ChecklistItem, Incident
from crisisdesk.incidents.queries import desk
from crisisdesk.incidents.queries.checklist import counted
from crisisdesk.incidents.queries.visibility import visible_incident
from crisisdesk.notifications.rules import bidi
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User
from crisisdesk.organisation.queries.roles import brands_with_role
from playbooks.models import PlaybookRevision
from playbooks.queries import shelf

_REFERENCE = re.compile(r"CD-?(\d{4})-?(\d{1,6})", re.IGNORECASE)
_NUMBER = re.compile(r"#?(\d{1,18})")
MOST_ROWS = 10


def late(caller: Caller) -> Reply:
    """What is late in all that the person may see, with a button for each item they may tick."""
    found = desk.my_desk(caller.user, at=caller.at)
    items = _items(found.late)
    rows = tuple(_late_row(promise, items, caller) for promise in found.late)
    if not rows:
        return Reply(_("Nothing is late."), link=f"{settings.BASE_URL}/")
    title = _("Late: %(count)s") % {"count": found.late_count}
    return Reply(title, rows, link=f"{settings.BASE_URL}/")


def _items(promises: Iterable[desk.Promise]) -> dict[int, ChecklistItem]:
    asked = [each.deadline.subject_id for each in promises if each.deadline.subject_kind == "item"]
    return ChecklistItem.objects.in_bulk(asked)


def _late_row(promise: desk.Promise, items: dict[int, ChecklistItem], caller: Caller) -> Row:
    row, incident = promise.deadline, promise.incident
    who = _(", ").join(holder.name_in(_language()) for holder in promise.holders)
    said = (
        incident.reference,
        "" if incident.is_restricted else str(in_language(row.label)),
        formats.clock_words(row.due_at, caller.at),
        who or _("Nobody has it"),
    )
    text = " · ".join(part for part in said if part)
    item = items.get(row.subject_id) if row.subject_kind == "item" else None
    may = item is not None and rules.may(caller.actor, "work", incident)
    return Row(text, _room(incident), _tick_press(item) if item is not None and may else None)


def items_of(words: str, caller: Caller) -> Reply:
    """The open items of one incident with their numbers and buttons; of a restricted one nothing is said here."""
    reference, _rest = _after_reference(words)
    incident = _incident(reference, caller)
    if incident.is_restricted:
        return Reply(incident.reference, (), _no_words(), _room(incident))
    rows = _item_rows(incident, caller)
    title = f"{incident.reference} · {incident.title}"
    return Reply(title, rows, "" if rows else _("Nothing is left to do."), _room(incident))


def open_by(words: str, caller: Caller) -> Reply:
    """Open an incident: the brand's key where there are several, severity, playbook, and what was seen."""
    brand, left = _brand(words.split(), caller.user)
    severity = left.pop(0).lower() if left else ""
    severity = f"sev{int(severity)}" if severity.isdecimal() else severity
    if severity not in set(Severity):
        raise Invalid("severity_unknown", field="severity", value=severity)
    revision = _revision(left.pop(0) if left else "", brand, caller.user)
    recent = recent_of_brand(caller.actor, brand.pk, at=caller.at)
    opening = Opening(
        seen=" ".join(left),
        brand_id=brand.pk,
        revision=revision,
        severity=severity,
        detected_at=caller.at,
    )
    incident = open_incident(opening, actor=caller.actor, at=caller.at)
    title = _("%(reference)s is open: %(title)s") % {
        "reference": incident.reference,
        "title": incident.title,
    }
    return Reply(title, _item_rows(incident, caller), _same_matter(recent), _room(incident))


def _same_matter(recent: list[Incident]) -> str:
    if not recent:
        return ""
    names = _(", ").join(each.reference for each in recent)
    return _("Opened for this brand within three days: %(names)s. If it is the same matter, cancel one.") % {
        "names": names
    }  # fmt: skip


def _brand(left: list[str], user: User) -> tuple[Brand, list[str]]:
    brands = list(Brand.objects.filter(pk__in=brands_with_role(user, Role.LEAD)).order_by("key"))
    if not brands:
        raise NotAllowed("not_allowed")
    named = {brand.key: brand for brand in brands}
    if left and left[0].lower() in named:
        return named[left[0].lower()], left[1:]
    if len(brands) > 1:
        raise Invalid("chat_brand_missing", field="brand", brands=sorted(named))
    return brands[0], left


def _revision(slug: str, brand: Brand, user: User) -> PlaybookRevision:
    shelved = shelf.published(user, brand_id=brand.pk)
    named = {each.playbook.slug: each.revision for each in shelved}
    if slug.lower() not in named:
        raise Invalid("chat_playbook_unknown", field="playbook", playbooks=sorted(named))
    return named[slug.lower()]


def tick_by(words: str, caller: Caller) -> Reply:
    """Tick an item by its incident and its number."""
    reference, rest = _after_reference(words)
    found = _NUMBER.fullmatch(rest)
    if found is None:
        raise Invalid("chat_item_missing", field="item")
    incident = _incident(reference, caller)
    item = ChecklistItem.objects.filter(incident=incident, pk=int(found[1])).first()
    if item is None:
        raise NotVisible("no_such_item")
    return tick(item.pk, item.times_done, caller)


def tick(item_id: int, times: int, caller: Caller) -> Reply:
    """Tick the item as the person saw it; whoever was faster is not overridden."""
    item = checklist.tick_item(item_id=item_id, times=times, actor=caller.actor, at=caller.at)
    incident = item.incident
    what = f"#{item.pk}" if incident.is_restricted else str(in_language(item.words))
    told = {"reference": incident.reference, "what": what}
    return Reply(_("Done in %(reference)s: %(what)s") % told, link=_room(incident))


def note(words: str, caller: Caller) -> Reply:
    """Write one line into the timeline."""
    reference, rest = _after_reference(words)
    incident = _incident(reference, caller)
    event = notebook.add_note(incident_id=incident.pk, text=rest, actor=caller.actor, at=caller.at)
    told = {"reference": incident.reference, "number": event.number}
    return Reply(
        _("Noted in %(reference)s, number %(number)s.") % told, link=f"{_room(incident)}timeline/"
    )


def help_for(command: str) -> Reply:
    """What can be said here, in the person's language."""
    words, seen = _("words"), _("what you see")
    said = (
        ("late", _("what is late in all incidents you may see")),
        ("items CD-2026-0042", _("what is still to do there, with numbers and buttons")),
        ("tick CD-2026-0042 #17", _("mark item number 17 as done")),
        (f"note CD-2026-0042 {words}", _("one line for the timeline")),
        (f"open sev2 service-outage {seen}", _("open an incident from a playbook")),
    )
    rows = tuple(
        Row(f"{bidi.isolate(f'{command} {typed}', 'ltr')} – {meaning}") for typed, meaning in said
    )
    return Reply(_("What can be said here"), rows, link=f"{settings.BASE_URL}/")


def refused(error: Exception) -> Reply:
    """Return why not, in the person's language. What they may not see does not exist, here as everywhere."""
    code, params = getattr(error, "code", ""), dict(getattr(error, "params", {}))
    return Reply(refusal("no_such_incident" if code == "not_found" else code, params))


def _no_words() -> str:
    return _("No chat carries the words of a restricted incident. Open it in the desk.")


def _item_rows(incident: Incident, caller: Caller) -> tuple[Row, ...]:
    may = rules.may(caller.actor, "work", incident)
    open_ones = counted(incident).filter(state=ItemState.TODO).order_by("position", "pk")
    return tuple(
        Row(f"#{item.pk} {in_language(item.words)}", press=_tick_press(item) if may else None)
        for item in open_ones[:MOST_ROWS]
    )


def _tick_press(item: ChecklistItem) -> Press:
    return Press(pgettext("item", "Done"), "tick", f"{item.pk}:{item.times_done}")


def _after_reference(words: str) -> tuple[str, str]:
    first, _space, rest = words.strip().partition(" ")
    found = _REFERENCE.fullmatch(first)
    if found is None:
        raise Invalid("chat_reference_missing", field="incident")
    return f"CD-{int(found[1]):04d}-{int(found[2]):04d}", rest.strip()


def _incident(reference: str, caller: Caller) -> Incident:
    return visible_incident(caller.user, reference)


def _room(incident: Incident) -> str:
    return f"{settings.BASE_URL}/incidents/{incident.reference}/"


def _language() -> str:
    return (get_language() or "en")[:2]
