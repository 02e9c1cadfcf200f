"""The other side of webhooks and browser push, on loopback: keeps what it is sent and answers as it is told."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Reply = tuple[int, bytes, dict[str, str]]


@dataclass
class Post:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """What a webhook carries."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """A server that keeps what it is sent; `reply` says what each is answered."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    reply: Callable[[Post], Reply] = lambda post: (200, b"taken", {})


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Be a receiver on loopback."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            named = {name.lower(): value for name, value in self.headers.items()}
            post = Post(self.path, named, self.rfile.read(size))
            receiver.posts.append(post)
            status, body, headers = receiver.reply(post)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def echo(post: Post) -> Reply:
    """Answer as a receiver that proves its address: with the challenge."""
    given = post.json()
    return 200, json.dumps({"challenge": given.get("challenge")}).encode(), {}


class Browser:
    """The keys of a subscription, and the browser's part of reading what comes."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
        self.auth = base64.urlsafe_b64encode(self._auth).rstrip(b"=").decode()

    def read(self, post: Post) -> Any:
        """Decrypt what was pushed."""
        assert post.headers["content-encoding"] == "aes128gcm"
        words = http_ece.decrypt(
            post.body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
        )
        return json.loads(words)
