"""Which pages may read the stream: those of this desk, at the address they were asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

USUAL_PORTS = {"http": 80, "https": 443}


def is_our_host(host: str) -> bool:
    """Whether Django would answer a request for this host."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def page_origins(host: str) -> set[str]:
    """Return the origins of our pages for a stream asked for at this (validated) host."""
    base = urlsplit(settings.BASE_URL)
    domain, _ = split_domain_port(host)
    return {f"{base.scheme}://{base.netloc}".lower(), _origin(base.scheme, domain, settings.PORT)}


def _origin(scheme: str, domain: str, port: int) -> str:
    """Spell an origin as browsers do: without the port that the scheme implies."""
    return f"{scheme}://{domain}" + ("" if USUAL_PORTS.get(scheme) == port else f":{port}")
