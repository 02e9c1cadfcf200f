"""What is to be started, read from the environment once."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from crisisdesk import env
from crisisdesk.stack import processes
from crisisdesk.stack.layout import Layout

ROOT = Path(__file__).resolve().parent.parent.parent
# Shown on the terminal of a desk that answers this machine only; change it with DEMO_PASSWORD.
DEMO_PASSWORD = "crisis-desk-demo"  # noqa: S105
DEMO_PEOPLE = (
    ("lead@demo.test", "PR lead"),
    ("staff@demo.test", "comms staff"),
    ("approver@demo.test", "approver"),
    ("deputy@demo.test", "deputy approver"),
    ("executive@demo.test", "executive, reads only"),
    ("stranger@demo.test", "a person without any role"),
)


class WrongKind(Exception):
    """A demo was asked of a real desk's folder or the other way round."""


@dataclass(frozen=True)
class Plan:
    """One desk to run: where, on which ports, with which of the embedded servers."""

    layout: Layout
    port: int
    stream_port: int
    own_database: bool
    own_broker: bool
    demo: bool
    base_url: str

    @classmethod
    def from_environment(cls, *, demo: bool = True) -> Plan:
        """Read the plan; a port for the stream is chosen when none is named."""
        layout = Layout.at(env.text("DATA_DIR", str(ROOT / ".data")))
        port = env.number("PORT", 8000, least=1, most=65535)
        own_database = not env.text("DATABASE_URL")
        return cls(
            layout=layout,
            port=port,
            stream_port=env.number("STREAM_PORT", 0, most=65535) or free_port(),
            own_database=own_database,
            own_broker=not env.text("BROKER_URL"),
            demo=demo and own_database and not layout.real.exists(),
            base_url=env.text("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        )

    def settle_kind(self, *, demo_wanted: bool) -> None:
        """Remember a real desk as real; refuse to turn a demo into one."""
        if demo_wanted or not self.own_database:
            return
        if (self.layout.postgres / "PG_VERSION").exists() and not self.layout.real.exists():
            raise WrongKind(
                f"{self.layout.data} holds the demo, whose people have a password everybody knows. "
                "Start a real desk in a folder of its own, for example:\n"
                "    DATA_DIR=desk-data python manage.py up --no-demo"
            )
        self.layout.make()
        self.layout.real.touch()

    @property
    def host_header(self) -> str:
        """A host name the desk answers to, for asking it for its first page."""
        for name in env.words("ALLOWED_HOSTS", []):
            if name.strip("*."):
                return name.lstrip(".")
        return f"127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """The environment of every child: the same settings, spelt out."""
        given = {
            **os.environ,
            processes.MARK: str(self.layout.data),
            "DJANGO_SETTINGS_MODULE": "crisisdesk.settings",
            "PYTHONUNBUFFERED": "1",
            # Warnings are for those who write the desk, and the tests turn them into errors.
            "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "ignore"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            "DATA_DIR": str(self.layout.data),
            "PORT": str(self.port),
            "STREAM_PORT": str(self.stream_port),
            "DEMO": "1" if self.demo else "0",
        }
        if self.own_database:
            given["DATABASE_URL"] = self.layout.database_url()
        if self.own_broker:
            given["BROKER_URL"] = self.layout.broker_url()
        if not (env.text("SECRET_KEY") or env.text("SECRET_KEY_FILE")):
            given["SECRET_KEY"] = self.layout.secret("SECRET_KEY")
        if not (env.text("VAPID_PRIVATE_KEY") or env.text("VAPID_PRIVATE_KEY_FILE")):
            given["VAPID_PRIVATE_KEY"] = self.layout.secret("VAPID_PRIVATE_KEY")
        if self.demo and not env.text("DEMO_PASSWORD"):
            given["DEMO_PASSWORD"] = DEMO_PASSWORD
        return given


def free_port() -> int:
    """A TCP port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether we could listen there; a port whose last connections still linger counts as free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
