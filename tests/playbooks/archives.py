"""Archives for tests: the shelf's own, and spoilt ones."""

from __future__ import annotations

import io
import stat
import zipfile
from typing import Any

import yaml

from playbooks.domain.archive import NAMES, pack
from tests.factories.playbooks import SLUG, structure, words


def small_content(slug: str = SLUG) -> dict[str, Any]:
    """Return the content of a small playbook without faults."""
    return {**structure(slug), "words": {code: words(code, slug) for code in ("en", "ar", "he")}}


def files_in(raw: bytes) -> dict[str, bytes]:
    """Return the files of an archive by name without their folder."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name.split("/")[-1]: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a .zip with these files at these very names."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return held.getvalue()


def with_link() -> bytes:
    """Return an archive in which he.yaml is a link to a file of the machine."""
    files = files_in(pack(small_content()))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in NAMES[:-1]:
            archive.writestr(name, files[name])
        entry = zipfile.ZipInfo("he.yaml")
        entry.create_system = 3
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return held.getvalue()


def spoilt(name: str, change: Any) -> bytes:
    """Return the small playbook's archive with one file changed as data."""
    files = files_in(pack(small_content()))
    data = yaml.safe_load(files[name])
    change(data)
    files[name] = yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()
    return zipped(files)
