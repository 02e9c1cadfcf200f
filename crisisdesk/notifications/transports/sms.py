"""News as a text message: over Twilio's Messages resource, or a service that speaks like it."""

from __future__ import annotations

import base64
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crisisdesk.notifications.transports import asking
from crisisdesk.notifications.transports.carrying import Parcel
from crisisdesk.notifications.transports.wording import cut, words

# Arabic and Hebrew take 70 characters a part, and each part is paid for: subject, time, link.
_MOST = 300
# The person has answered STOP, or the number is none that can be texted.
_GONE = {21211, 21610, 21614}


class Sms(asking.ByTelephone):
    """Sends one parcel after the other to the telephone number that the address holds."""

    settings_needed = ("SMS_ACCOUNT", "SMS_TOKEN", "SMS_FROM")
    needs = _("An account with Twilio or a service that speaks like it; each message is paid for.")

    def send(self, parcel: Parcel) -> str:
        """Send it; raise Unreachable, or Refused with what the service said."""
        account, token = asking.secret("SMS_ACCOUNT"), asking.secret("SMS_TOKEN")
        form = {"To": asking.value_of(parcel), "Body": text(parcel)}
        sender = asking.secret("SMS_FROM")
        form["MessagingServiceSid" if sender.startswith("MG") else "From"] = sender
        pair = base64.b64encode(f"{account}:{token}".encode()).decode()
        answer = asking.ask(
            f"{settings.SMS_URL}/Accounts/{quote(account, safe='')}/Messages.json",
            method="POST",
            body=urlencode(form).encode(),
            headers={
                "Authorization": f"Basic {pair}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Idempotency-Key": str(asking.identity(parcel)),
            },
        )
        if answer.is_good:
            return asking.said_by(answer)
        gone = answer.json().get("code") in _GONE
        raise asking.refusal(answer, at=parcel.at, gone=gone)


def text(parcel: Parcel) -> str:
    """Return subject, time and link: what fits on a lock screen."""
    told = words(parcel)
    due = told.lines[-1:] if parcel.rendered.due_line else ()
    return f"{cut(chr(10).join((told.title, *due)), _MOST)}\n{told.link}"
