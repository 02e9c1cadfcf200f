"""News over any other service that the library apprise speaks: ntfy, Pushover, Discord, Gotify, Matrix and a few more.

apprise takes an address of its own kind ("ntfys://ntfy.sh/our-topic"), and people give it, so two things are held here.

- *Only named schemas.* The library knows 239 of them. Some write files, the system's log or the message bus of this
  machine, start programs, or reach a broker inside our network; no person of a PR team needs those, and who signs in
  here must not command the machine by them. Only the modules in `_MODULES` are ever imported.
- *Only our way out.* All of them ask over HTTP through `requests`, which is led through core/outbound
  (through_requests.py). Their options could take the certificate check away, follow redirects, read a template from
  this machine's disk, or try again on their own: only the options in `_OPTIONS` are taken.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from apprise.asset import AppriseAsset
from django.utils.translation import gettext_lazy as _

from crisisdesk.core import outbound
from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.transports import asking
from crisisdesk.notifications.transports.carrying import Carrier, Entry, Parcel, Refused
from crisisdesk.notifications.transports.through_requests import Heard, through_outbound
from crisisdesk.notifications.transports.wording import cut, words

_MODULES = {
    "bark": ("bark", "NotifyBark"),
    "barks": ("bark", "NotifyBark"),
    "discord": ("discord", "NotifyDiscord"),
    "gchat": ("google_chat", "NotifyGoogleChat"),
    "gotify": ("gotify", "NotifyGotify"),
    "gotifys": ("gotify", "NotifyGotify"),
    "line": ("line", "NotifyLine"),
    "matrix": ("matrix", "NotifyMatrix"),
    "matrixs": ("matrix", "NotifyMatrix"),
    "ntfy": ("ntfy", "NotifyNtfy"),
    "ntfys": ("ntfy", "NotifyNtfy"),
    "pbul": ("pushbullet", "NotifyPushBullet"),
    "pover": ("pushover", "NotifyPushover"),
    "prowl": ("prowl", "NotifyProwl"),
    "rocket": ("rocketchat", "NotifyRocketChat"),
    "rockets": ("rocketchat", "NotifyRocketChat"),
    "signal": ("signal_api", "NotifySignalAPI"),
    "signals": ("signal_api", "NotifySignalAPI"),
    "zulip": ("zulip", "NotifyZulip"),
}
SCHEMAS = tuple(_MODULES)
_OPTIONS = {
    "device", "from", "group", "key", "level", "mode", "priority", "sound", "thread", "to", "token", "workspace",
    "xtags",
}  # fmt: skip
_GONE = {404, 410}
_MOST = 3500


class Service(Carrier):
    """Sends one parcel after the other to the address that a person has given and proven."""

    needs = _("Nothing: each person brings the address of their own service.")
    entry = Entry(
        _("Address of the service"),
        _(
            "As the library apprise writes it: ntfy, Pushover, Discord, Gotify, Matrix, Signal and a few more."
        ),
        placeholder="ntfys://ntfy.sh/our-topic",
    )

    def is_set_up(self) -> bool:
        """Always: the person brings the address."""
        return True

    def clean(self, value: str) -> str:
        """Return the address; raises Invalid with the code that says why it cannot be used."""
        made(value.strip())
        return value.strip()

    def send(self, parcel: Parcel) -> str:
        """Send it; raise Refused with what the other side said."""
        try:
            plugin = made(asking.value_of(parcel))
        except Invalid as error:
            raise Refused(error.code, again=False) from error
        told = words(parcel)
        body = f"{cut(told.body(), _MOST)}\n{told.link}".lstrip()
        with through_outbound() as heard:
            taken = plugin.notify(title=told.title, body=body, body_format="text")
        return _judged(bool(taken), heard, parcel)


def made(address: str) -> Any:
    """Return the library's sender for this address. Raises Invalid: service_unknown, service_option,
    address_form."""
    schema, _, rest = address.partition("://")
    if schema.lower() not in _MODULES:
        raise Invalid("service_unknown", field="value", schemas=", ".join(SCHEMAS))
    if not rest:
        raise Invalid("address_form", field="value")
    try:
        query = urlsplit(address).query
    except ValueError as error:
        raise Invalid("address_form", field="value") from error
    for name, _value in parse_qsl(query, keep_blank_values=True):
        if name.lower() not in _OPTIONS:
            raise Invalid("service_option", field="value", option=name[:40])
    module, name = _MODULES[schema.lower()]
    kind = getattr(import_module(f"apprise.plugins.{module}"), name)
    parts = kind.parse_url(address)
    if not parts:
        raise Invalid("address_form", field="value")
    try:
        return kind(**parts, asset=_asset())
    except TypeError as error:  # what the library raises for a part that is missing or wrong
        raise Invalid("address_form", field="value") from error


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="Crisis Desk",
        async_mode=False,
        http_redirects=False,
        allow_templates=False,
        image_url_mask="",
        image_url_logo="",
    )


def _judged(taken: bool, heard: Heard, parcel: Parcel) -> str:
    """Return the last answer, or raise what it means."""
    last = heard[-1] if heard else None
    if isinstance(last, outbound.Refused):
        raise Refused(last.reason, again=False)
    if isinstance(last, outbound.Unanswered):
        raise Refused(str(last))
    if last is None:
        raise Refused("nothing was asked", again=False)
    if not taken:
        raise asking.refusal(last, at=parcel.at, gone=last.status in _GONE)
    return asking.said_by(last)
