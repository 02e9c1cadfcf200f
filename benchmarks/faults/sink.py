"""A mail server and a receiver of webhooks on loopback, each of which can be told to misbehave.

`python -m benchmarks.faults.sink MAIL_PORT HOOK_PORT LOG` reads two words a line from its standard input: who (mail,
hook) and how (ok, 4xx, 421, 5xx, slow, half, away). It adds a line to LOG for each message it took: the moment, and the
number of the outbox row, from the Message-ID or the webhook-id.

A message is taken when its "250" or "200" has been handed to the network and the other side was still there: before
that a client must send it again (RFC 5321, 4.2.5; RFC 9110, 9.2.2).
"""

from __future__ import annotations

import asyncio
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TextIO

MAIL = {
    "4xx": b"451 4.3.0 try again later\r\n",
    "421": b"421 4.3.2 closing\r\n",
    "5xx": b"554 5.0.0 no\r\n",
}
HOOK = {"4xx": "404 Not Found", "421": "429 Too Many Requests", "5xx": "503 Service Unavailable"}
SLOW = 2.0


class Sink(ABC):
    """One server: its present manner, and where it writes what it took."""

    def __init__(self, log: TextIO) -> None:
        self.manner = "ok"
        self._log = log

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client until it goes, or we do."""
        try:
            if self.manner != "away":
                await self.speak(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    @abstractmethod
    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Have the conversation."""

    async def take(
        self, yes: bytes, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Say yes to one message, at our own pace, and remember it; False when nobody is there to hear it."""
        if self.manner == "slow":
            await asyncio.sleep(SLOW)
        if reader.at_eof() or writer.is_closing():
            return False
        writer.write(yes)
        await writer.drain()
        self._log.write(f"{time.time()} {name.removeprefix('n-')}\n")
        self._log.flush()
        return True


class MailSink(Sink):
    """As much of SMTP as the desk speaks."""

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take message after message."""
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            if verb == b"EHLO":
                writer.write(b"250-sink\r\n250 8BITMIME\r\n")
            elif verb == b"RCPT" and self.manner == "4xx":
                writer.write(MAIL["4xx"])
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                if not await self._answer(await reader.readuntil(b"\r\n.\r\n"), reader, writer):
                    return
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()

    async def _answer(
        self, content: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer to one message; False when the line is closed after it."""
        manner = self.manner
        if manner in ("half", "away"):
            return False
        if manner in MAIL:
            writer.write(MAIL[manner])
            await writer.drain()
            return manner != "421"
        head = content.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
        name = header(head, b"message-id")
        return await self.take(b"250 taken\r\n", name.split(".")[2], reader, writer)


class HookSink(Sink):
    """As much of HTTP as the desk speaks: one request a connection."""

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one message."""
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(header(head, b"content-length")))
        manner = self.manner
        if manner == "half":
            writer.write(b"HTTP/1.1 200 O")
            await writer.drain()
        elif manner in HOOK:
            writer.write(answer(HOOK[manner]))
            await writer.drain()
        elif manner != "away":
            await self.take(answer("200 OK"), header(head, b"webhook-id"), reader, writer)


def answer(status: str) -> bytes:
    """Return a whole answer with this status."""
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


def header(head: bytes, name: bytes) -> str:
    """Return what the head says under this name."""
    return next(
        line.partition(b":")[2].strip().decode()
        for line in head.split(b"\r\n")
        if line.lower().startswith(name + b":")
    )


async def _main(mail_port: int, hook_port: int, log: TextIO) -> None:
    sinks = {"mail": MailSink(log), "hook": HookSink(log)}
    loop = asyncio.get_running_loop()
    for sink, port in zip(sinks.values(), (mail_port, hook_port), strict=True):
        await asyncio.start_server(sink.serve, "127.0.0.1", port, limit=2**20)
    while words := (await loop.run_in_executor(None, sys.stdin.readline)).split():
        sinks[words[0]].manner = words[1]


if __name__ == "__main__":
    with Path(sys.argv[3]).open("a") as kept:
        asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2]), kept))
