"""News in WhatsApp: over Meta's Cloud API, as an approved template or as free text.

Meta delivers free text only within a day of the person's own last message to the number; what the desk has to say comes
when nobody wrote, so a desk in earnest names a template. Its body has three places: {{1}} the subject, {{2}} what to
know, {{3}} the link.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crisisdesk.notifications.transports import asking
from crisisdesk.notifications.transports.carrying import Parcel
from crisisdesk.notifications.transports.wording import cut, words

_MOST, _PLACE = 3500, 900  # characters of a text, of a place in a template
# Meta's numbers for "too often" and "broken here", whatever the status is.
_AGAIN = {1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056}


class WhatsApp(asking.ByTelephone):
    """Sends one parcel after the other to the telephone number that the address holds."""

    settings_needed = ("WHATSAPP_TOKEN", "WHATSAPP_PHONE_NUMBER_ID")
    needs = _("A WhatsApp Business number with an approved template.")

    def send(self, parcel: Parcel) -> str:
        """Send it; raise Unreachable, or Refused with what Meta said."""
        token = asking.secret("WHATSAPP_TOKEN")
        number = asking.secret("WHATSAPP_PHONE_NUMBER_ID")
        answer = asking.post_json(
            f"{settings.WHATSAPP_URL}/{number}/messages",
            message(parcel),
            headers={"Authorization": f"Bearer {token}"},
        )
        if answer.is_good:
            return asking.said_by(answer)
        told = answer.json().get("error")
        code = told.get("code") if isinstance(told, dict) else None
        raise asking.refusal(answer, at=parcel.at, again=True if code in _AGAIN else None)


def message(parcel: Parcel) -> dict[str, Any]:
    """Return the message. `biz_opaque_callback_data` comes back with Meta's own reports; it does not stop a repeat."""
    told = words(parcel)
    payload: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": asking.value_of(parcel).lstrip("+"),
        "biz_opaque_callback_data": str(asking.identity(parcel)),
    }
    if not settings.WHATSAPP_TEMPLATE:
        said = "\n".join(part for part in (told.title, told.body()) if part)
        text = {"preview_url": False, "body": f"{cut(said, _MOST)}\n{told.link}"}
        return payload | {"type": "text", "text": text}
    # A place takes no line break.
    places = (told.title, " · ".join(told.lines) or told.button, told.link)
    parameters = [{"type": "text", "text": cut(place, _PLACE)} for place in places]
    template = {
        "name": settings.WHATSAPP_TEMPLATE,
        "language": {"code": parcel.language},
        "components": [{"type": "body", "parameters": parameters}],
    }
    return payload | {"type": "template", "template": template}
