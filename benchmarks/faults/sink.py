"""A mail server on loopback that can be told to misbehave.

`python -m benchmarks.faults.sink PORT LOG` reads one word a line from its standard input (ok, 4xx, 421, 5xx, slow,
half, away) and adds a line to LOG for each message it took: the moment, and the Message-ID. A message is taken when
"250" has been handed to the network and the other side was still there: before that a client must send it again
(RFC 5321, 4.2.5).
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TextIO

ANSWERS = {
    "4xx": b"451 4.3.0 try again later\r\n",
    "421": b"421 4.3.2 closing\r\n",
    "5xx": b"554 5.0.0 no\r\n",
}
SLOW = 2.0


class Sink:
    """The server: its present manner, and where it writes what it took."""

    def __init__(self, log: TextIO) -> None:
        self.manner = "ok"
        self._log = log

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client until it goes, or we do."""
        try:
            if self.manner != "away":
                await self._speak(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            if verb == b"EHLO":
                writer.write(b"250-sink\r\n250 8BITMIME\r\n")
            elif verb == b"RCPT" and self.manner == "4xx":
                writer.write(ANSWERS["4xx"])
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                if not await self._take(await reader.readuntil(b"\r\n.\r\n"), reader, writer):
                    return
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()

    async def _take(
        self, content: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer to one message; False when the line is closed after it."""
        manner = self.manner
        if manner in ("half", "away"):
            return False
        if manner in ANSWERS:
            writer.write(ANSWERS[manner])
            await writer.drain()
            return manner != "421"
        if manner == "slow":
            await asyncio.sleep(SLOW)
        if reader.at_eof() or writer.is_closing():
            return False
        writer.write(b"250 taken\r\n")
        await writer.drain()
        head = content.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
        name = next(
            line.partition(b":")[2].strip()
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"message-id:")
        )
        self._log.write(f"{time.time()} {name.decode()}\n")
        self._log.flush()
        return True


async def _main(port: int, log: TextIO) -> None:
    sink = Sink(log)
    loop = asyncio.get_running_loop()
    server = await asyncio.start_server(sink.serve, "127.0.0.1", port, limit=2**20)
    async with server:
        while word := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
            sink.manner = word


if __name__ == "__main__":
    with Path(sys.argv[2]).open("a") as kept:
        asyncio.run(_main(int(sys.argv[1]), kept))
