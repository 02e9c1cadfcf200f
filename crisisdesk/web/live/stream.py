"""`GET /incidents/<ref>/stream`: server-sent events that carry numbers only."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
import threading
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http.cookie import parse_cookie

from crisisdesk.web.live import ear
from crisisdesk.web.live.gate import CONNECTIONS, Gate, Visitor
from crisisdesk.web.live.hub import Hub, Listener
from crisisdesk.web.live.origins import is_our_host, page_origins

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Spelt out, so that this process need not load every page; a test holds it to the address book.
PATH = re.compile(r"/incidents/(?P<reference>[^/]+)/stream")
LISTENING_WITHIN = 2.0
WORDS = {
    401: "Not signed in.",
    403: "Not a page of this desk.",
    404: "There is nothing here.",
    503: "The database does not answer.",
}

log = logging.getLogger(__name__)


class Stream:
    """The ASGI application. Its tasks start with the first request, in the server's own loop."""

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self.tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; returns when the page is gone or sent away."""
        if scope["type"] != "http":
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        asked = PATH.fullmatch(scope["path"])
        host = headers.get("host", "").lower()
        if scope["method"] != "GET" or asked is None or not is_our_host(host):
            return await _refuse(send, 404, "")
        origin = headers.get("origin", "")
        # Behind a proxy the stream may have the page's own origin, which browsers do not name on GET.
        same = not origin and headers.get("sec-fetch-site") == "same-origin"
        if not same and origin not in page_origins(host):
            return await _refuse(send, 403, "")
        hub = self._started()
        key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
        if not key:
            return await _refuse(send, 401, origin)
        visitor = Visitor(key, asked["reference"])
        try:
            async with asyncio.timeout(LISTENING_WITHIN):
                await hub.hears.wait()
            answer = await hub.gate.ask(visitor)
        except (DatabaseError, TimeoutError):
            return await _refuse(send, 503, origin)
        if answer.status != 200 or hub.closed:
            return await _refuse(send, 503 if hub.closed else answer.status, origin)
        listener = Listener(visitor, answer)
        hub.join(listener)
        leaving = asyncio.create_task(_until_gone(receive, listener))
        try:
            await _start(send, origin, listener)
            await _write(send, listener)
        except asyncio.CancelledError:
            # Dropped because it takes nothing, or the server stops: either way it ends here.
            listener.close()
        finally:
            leaving.cancel()
            hub.leave(listener)

    def _started(self) -> Hub:
        if self.hub is None:
            gate = Gate()
            self.hub = Hub(gate)
            work = [
                ear.listen(self.hub),
                self.hub.keep(),
                *(gate.work() for _ in range(CONNECTIONS)),
            ]
            self.tasks = [asyncio.create_task(one) for one in work]
            for task in self.tasks:
                task.add_done_callback(_report)
            _on_stop(self.hub)
        return self.hub


async def _write(send: Send, listener: Listener) -> None:
    loop = asyncio.get_running_loop()
    while not listener.closed:
        await listener.wake.wait()
        listener.wake.clear()
        if body := listener.take():
            listener.sending_since = loop.time()
            await send({"type": "http.response.body", "body": body, "more_body": True})
            listener.sending_since = None
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.close()


async def _start(send: Send, origin: str, listener: Listener) -> None:
    kind = (b"content-type", b"text/event-stream; charset=utf-8")
    await send(_head(200, origin, kind, (b"x-accel-buffering", b"no")))
    # After a restart all pages come back; not in the same moment.
    body = b"retry: %d\n\n" % (1000 + listener.serial % 20 * 100)
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: Send, status: int, origin: str) -> None:
    body = WORDS[status].encode()
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send(_head(status, origin, kind, (b"content-length", b"%d" % len(body))))
    await send({"type": "http.response.body", "body": body})


def _head(status: int, origin: str, *headers: tuple[bytes, bytes]) -> Message:
    lines = [*headers, (b"cache-control", b"no-store"), (b"vary", b"Origin, Cookie")]
    lines.append((b"x-content-type-options", b"nosniff"))
    if origin:
        lines.append((b"access-control-allow-origin", origin.encode("latin-1")))
        lines.append((b"access-control-allow-credentials", b"true"))
    return {"type": "http.response.start", "status": status, "headers": lines}


def _on_stop(hub: Hub) -> None:
    """End the streams at the first signal: the server waits for open answers before it stops."""
    if threading.current_thread() is not threading.main_thread():
        return  # then signals are somebody else's
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        server = signal.getsignal(number)

        def stop(number: int, frame: FrameType | None, server: Any = server) -> None:
            loop.call_soon_threadsafe(hub.close)
            if callable(server):
                server(number, frame)

        signal.signal(number, stop)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("A part of the live stream died: %r", error, exc_info=error)
        signal.raise_signal(signal.SIGTERM)  # the supervisor starts us again, whole
