"""Asking a machine outside: the one way out over HTTP (law 11).

The name is resolved once, every address it has must be public, and the connection goes to exactly
the address that was looked at; each redirect is looked at again. So neither a redirect nor a name
that changes its address leads into our own network. A host that whoever runs the desk has named in
`OUTBOUND_PRIVATE_HOSTS` may be private. Who answers byte by byte is left after a while, so that nobody outside can hold
a worker of ours.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

PATIENCE = 5.0  # seconds for connecting and for each part of an answer
LONGEST = 15.0  # seconds for one question and its whole answer
MOST_REDIRECTS = 3
MOST_BYTES = 64 * 1024
_MOVED = {301, 302, 303, 307, 308}
_SAME_METHOD = {307, 308}
# Where the network speaks IPv6 only, an address of IPv4 stands in the last four bytes of these.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class Refused(Exception):
    """We do not ask this address: `reason` is bad_url, private_address or too_many_redirects."""

    def __init__(self, reason: str, url: str) -> None:
        super().__init__(f"{reason}: {url}")
        self.reason = reason


class Unanswered(Exception):
    """The other side did not answer; the text says why. `was_asked`: the question may have arrived all the same."""

    def __init__(self, words: str, *, was_asked: bool = False) -> None:
        super().__init__(words)
        self.was_asked = was_asked


@dataclass(frozen=True)
class Answer:
    """What the other side said: its status, the beginning of its words, who said it at last, and its headers by their
    names in small letters."""

    status: int
    body: bytes
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether the status means that it was taken."""
        return 200 <= self.status < 300

    @property
    def words(self) -> str:
        """The body as text, whatever was sent."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> dict[str, Any]:
        """Return the object in the body; an empty one where there is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def ask(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    follow: bool = True,
) -> Answer:
    """Ask this address and return the answer; raises Refused or Unanswered.

    Without `follow` the first answer counts, also where it sends us elsewhere: after most redirects a POST becomes a
    GET, and a page that is only read has taken nothing.
    """
    for _ in range(MOST_REDIRECTS + 1):
        parts = _parts(url)
        address = _public_address(parts, url)
        answer, moved_to = _ask_once(parts, address, method, body, headers or {}, url)
        if not moved_to or not follow:
            return answer
        url = urljoin(url, moved_to)
        if answer.status not in _SAME_METHOD:
            method, body = "GET", None
        if urlsplit(url).netloc != parts.netloc:
            headers = None  # what is meant for one host is not told to another
    raise Refused("too_many_redirects", url)


def look(url: str) -> SplitResult:
    """Return the parts of an address that may be asked, without asking it; raises as ask()."""
    parts = _parts(url)
    _public_address(parts, url)
    return parts


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known or any(ord(letter) <= 32 for letter in url):
        raise Refused("bad_url", url)
    return parts


def _public_address(parts: SplitResult, url: str) -> tuple[str, int]:
    """Return the address to connect to; every address of the name must be public."""
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unanswered(f"{host} has no address: {error}") from error
    addresses = [str(entry[4][0]) for entry in found]
    if host not in settings.OUTBOUND_PRIVATE_HOSTS and not all(map(_is_public, addresses)):
        raise Refused("private_address", url)
    return addresses[0], port


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    if ip in _TRANSLATED:
        inner = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and inner.is_global and not ip.is_multicast and not inner.is_multicast


def _ask_once(
    parts: SplitResult,
    address: tuple[str, int],
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    url: str,
) -> tuple[Answer, str]:
    """Return one answer and where it sends us, empty when nowhere."""
    host = str(parts.hostname)
    line = http.client.HTTPConnection(host, address[1], timeout=PATIENCE)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    until = time.monotonic() + LONGEST
    connected: socket.socket | None = None
    was_asked = False
    try:
        connected = socket.create_connection(address, timeout=PATIENCE)
        if parts.scheme == "https":
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        line.sock = timed = _Timed(connected, until)
        was_asked = True
        line.request(
            method,
            path,
            body,
            {"Host": parts.netloc.rpartition("@")[2], "User-Agent": "CrisisDesk"} | dict(headers),
        )
        said = line.getresponse()
        timed.require_whole_head()
        named = {name.lower(): value for name, value in said.getheaders()}
        answer = Answer(said.status, said.read(MOST_BYTES), url, named)
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(f"{type(error).__name__}: {error}", was_asked=was_asked) from error
    finally:
        line.close()
        if connected is not None:
            connected.close()
    return answer, (said.headers.get("Location") or "") if answer.status in _MOVED else ""


class _Timed(io.RawIOBase):
    """A socket for http.client that waits PATIENCE for each part, and for all parts no longer than `until`."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        super().__init__()
        self._connected, self._until = connected, until
        self._lines: _Lines | None = None

    def sendall(self, data: bytes) -> None:
        """Send all of it in time."""
        self._wait_no_longer()
        self._connected.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return the answer as a file; the socket stays open until its owner closes it."""
        self._lines = _Lines(_Timed(self._connected, self._until))
        return self._lines

    def require_whole_head(self) -> None:
        """Raise unless the head of the answer ended as it must: http.client takes "HTTP/1.1 200 O" for a yes."""
        if self._lines is None or self._lines.last.strip(b"\r\n"):
            raise http.client.RemoteDisconnected("the answer ended in its head")

    def readable(self) -> bool:
        """Yes: it is read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there in time."""
        self._wait_no_longer()
        return self._connected.recv_into(buffer)

    def _wait_no_longer(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no whole answer within {LONGEST:.0f} s")
        self._connected.settimeout(min(PATIENCE, left))


class _Lines(io.BufferedReader):
    """An answer that remembers the last line that was read of it as one."""

    last = b"none"

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return the next line, which is empty where there is none."""
        line = super().readline(-1 if size is None else size)
        self.last = line or b"none"
        return line
