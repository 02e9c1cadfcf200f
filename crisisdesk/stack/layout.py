"""Where a desk keeps its things, and the secrets it makes for itself."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

# sockaddr_un holds 108 bytes on Linux and 104 on macOS; the longest name we put in the folder
# is ".s.PGSQL.5432.lock", and PostgreSQL refuses rather than truncates.
SOCKET_PATH_LIMIT = 100
LONGEST_SOCKET = ".s.PGSQL.5432"

# What a desk makes for itself, and of how many random bytes.
SECRETS = {"SECRET_KEY": 48, "POSTGRES_PASSWORD": 24, "VAPID_PRIVATE_KEY": 32}

DATABASE = "desk"
DATABASE_USER = "desk"


@dataclass(frozen=True)
class Layout:
    """The folders of one desk. Two desks with different folders share nothing."""

    data: Path

    @classmethod
    def at(cls, data_dir: str | Path) -> Layout:
        return cls(Path(data_dir).expanduser().resolve())

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def lock(self) -> Path:
        return self.data / "lock"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets.env"

    @property
    def real(self) -> Path:
        """Its presence says that this is a real desk, into which the demo is never loaded."""
        return self.data / "real-desk"

    @property
    def running(self) -> Path:
        """What the running desk says of itself: process, address, ports."""
        return self.data / "running.json"

    @property
    def prepared(self) -> Path:
        """Which code and content the database was last prepared for."""
        return self.data / "prepared"

    @property
    def setup_code(self) -> Path:
        return self.data / "setup-code"

    @property
    def run(self) -> Path:
        """The folder of the sockets: in the data folder, or a short private one if that is long."""
        inside = self.data / "run"
        if len(os.fsencode(inside / LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT:
            return inside
        pointer = self.data / "run.path"
        try:
            remembered = Path(pointer.read_text().strip())
            if _private(remembered):
                return remembered
        except OSError:
            pass
        self._make(self.data)
        made = Path(tempfile.mkdtemp(prefix="desk-"))
        pointer.write_text(f"{made}\n")
        return made

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"

    def make(self) -> None:
        """Make the folders, readable by the owner only."""
        for folder in (self.data, self.run, self.log):
            self._make(folder)

    @staticmethod
    def _make(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)

    def known_secret(self, name: str) -> str:
        """The secret by that name if this desk was ever started, else nothing; makes no file."""
        return self._read_secrets().get(name, "")

    def secret(self, name: str) -> str:
        """The secret of this desk by that name; made once, kept in a file only the owner reads."""
        if name not in SECRETS:
            raise KeyError(name)
        known = self._read_secrets()
        if name not in known:
            self._make_secrets()
            self._add_missing()
            known = self._read_secrets()
        return known[name]

    def _read_secrets(self) -> dict[str, str]:
        try:
            lines = self.secrets.read_text().splitlines()
        except FileNotFoundError:
            return {}
        pairs = (line.split("=", 1) for line in lines if "=" in line)
        return {name.strip(): value.strip() for name, value in pairs}

    def _make_secrets(self) -> None:
        # Written aside and linked into place: whoever comes second finds the first one's file.
        self._make(self.data)
        handle, name = tempfile.mkstemp(prefix="secrets.", dir=self.data)
        with os.fdopen(handle, "w") as file:
            file.writelines(
                f"{name}={secrets.token_urlsafe(size)}\n" for name, size in SECRETS.items()
            )
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, self.secrets)
        except FileExistsError:
            pass
        finally:
            os.unlink(name)

    def _add_missing(self) -> None:
        """A desk that was made by an older version lacks what a newer one needs; what it has stays as it is."""
        with self.secrets.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            known = self._read_secrets()
            file.writelines(
                f"{name}={secrets.token_urlsafe(size)}\n"
                for name, size in SECRETS.items()
                if name not in known
            )
            file.flush()
            os.fsync(file.fileno())

    def database_url(self, database: str = DATABASE) -> str:
        """How to reach the embedded PostgreSQL, whether or not it runs yet."""
        password = quote(self.secret("POSTGRES_PASSWORD"), safe="")
        return f"postgresql://{DATABASE_USER}:{password}@/{database}?host={self.run}"

    def known_urls(self) -> tuple[str, str]:
        """Database and broker of a desk that was started before; empty when it never was."""
        if not self.known_secret("POSTGRES_PASSWORD"):
            return "", ""
        return self.database_url(), self.broker_url()

    def broker_url(self) -> str:
        """How Celery reaches the embedded Valkey, whether or not it runs yet."""
        return f"redis+socket://{self.valkey_socket}?db=0"


def _private(folder: Path) -> bool:
    """Whether this folder is ours alone: a socket in somebody else's folder is theirs."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    is_folder = (status.st_mode & 0o170000) == 0o040000
    return is_folder and status.st_uid == os.geteuid() and (status.st_mode & 0o077) == 0
