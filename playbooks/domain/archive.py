"""A playbook as one .zip of its files, packed always alike and unpacked with suspicion."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.shelf_files import STRUCTURE, Folder
from playbooks.domain.writing import files_of
from playbooks.domain.yaml_files import Fault, missing, read_bytes

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 100
NAMES = (STRUCTURE, *(f"{code}.yaml" for code in LANGUAGES))
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(content: Mapping[str, Any]) -> bytes:
    """Return the content as a .zip of one folder; the same content is the same bytes on every machine."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in files_of(content).items():
            entry = zipfile.ZipInfo(f"{content['slug']}/{name}", date_time=_EPOCH)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, raw)
    return held.getvalue()


def unpack(raw: bytes) -> tuple[Folder | None, tuple[Fault, ...]]:
    """Return the folder in a .zip, or what forbids to open it; nothing is written to disk and nothing raises."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = [entry for entry in archive.infolist() if not _is_noise(entry)]
            faults = _dangers(entries)
            if faults:
                return None, faults
            held = {PurePosixPath(entry.filename).name: _read(archive, entry) for entry in entries}
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        LookupError,
    ) as error:
        # zipfile raises each of these for archives that are cut, mixed up, locked or packed in another way.
        return None, (_fault("", "archive_unreadable", f"not a .zip that can be read: {error}"),)
    documents = {
        name: read_bytes(Path(name), held[name]) if name in held else missing(Path(name))
        for name in NAMES
    }
    structure = documents[STRUCTURE]
    slug = structure.at("slug")
    return Folder(
        slug=slug if isinstance(slug, str) else "",
        structure=structure,
        words={code: documents[f"{code}.yaml"] for code in LANGUAGES},
    ), ()


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # The size in the list may lie; no more than what was promised is ever unpacked.
    with archive.open(entry) as handle:
        return handle.read(entry.file_size)


def _is_noise(entry: zipfile.ZipInfo) -> bool:
    """Whether a file manager has put it there by itself, or it is a bare folder inside the archive."""
    parts = PurePosixPath(entry.filename).parts
    is_folder = entry.is_dir() and ".." not in parts and not entry.filename.startswith("/")
    return is_folder or "__MACOSX" in parts[:1] or parts[-1:] == (".DS_Store",)


def _dangers(entries: list[zipfile.ZipInfo]) -> tuple[Fault, ...]:
    if len(entries) > MOST_FILES:
        words = f"{len(entries)} files; a playbook has {len(NAMES)}"
        return (_fault("", "archive_too_large", words),)
    size = sum(entry.file_size for entry in entries)
    if size > MOST_BYTES:
        words = f"{size} bytes when unpacked; at most {MOST_BYTES}"
        return (_fault("", "archive_too_large", words),)
    found = tuple(fault for entry in entries if (fault := _danger(entry)) is not None)
    if found:
        return found
    folders = {str(PurePosixPath(entry.filename).parent) for entry in entries}
    if len(folders) > 1:
        words = f"several folders: {', '.join(sorted(folders))}"
        return (_fault("", "archive_foreign", words),)
    names = [PurePosixPath(entry.filename).name for entry in entries]
    return tuple(
        _fault(name, "archive_foreign", "this file stands in the archive twice")
        for name in sorted(set(names))
        if names.count(name) > 1
    )


def _danger(entry: zipfile.ZipInfo) -> Fault | None:
    name = entry.filename
    parts = PurePosixPath(name).parts
    if (
        ".." in parts
        or name.startswith("/")
        or "\\" in name
        or ":" in name
        or entry.orig_filename != name
    ):
        return _fault(name, "archive_climbs", "this name leads out of the folder")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return _fault(name, "archive_link", "a link to another file")
    if len(parts) > 2 or parts[-1:] == () or parts[-1] not in NAMES:
        return _fault(
            name, "archive_foreign", f"not a file of a playbook; those are {', '.join(NAMES)}"
        )
    return None


def _fault(name: str, code: str, message: str) -> Fault:
    return Fault(Path(name or "archive.zip"), 1, "", code, message)
