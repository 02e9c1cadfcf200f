"""Questions a check asks of one file; every wrong answer is noted as a fault with line and key."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.yaml_files import Document

KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
LONGEST_KEY = 80  # what the database keeps of a key


class Inspector:
    """Reads one document by path; asks return a usable value or None, and never raise."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def fault(
        self, path: tuple[str | int, ...], code: str, message: str, *, is_warning: bool = False
    ) -> None:
        """Note a fault."""
        self.document.fault(path, code, message, is_warning=is_warning)

    def mapping(
        self, *path: str | int, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> dict[str, Any]:
        """Return the mapping at the path; every required key is there and no key that nobody
        reads.
        """
        found = self.document.data if not path else self.document.at(*path)
        if not isinstance(found, dict):
            self.fault(path, "wrong_type", "must be a mapping of keys")
            return {}
        for name in required:
            if name not in found:
                self.fault((*path, name), "missing_key", f"missing: {name}")
        for name in found:
            if name not in required and name not in optional:
                self.fault((*path, str(name)), "extra_key", f"not known here: {name}")
        return found

    def rows(self, *path: str | int) -> list[int]:
        """Return the positions of the rows that are mappings."""
        found = self.document.at(*path)
        if found is None and path not in self.document.lines:
            return []
        if not isinstance(found, list):
            self.fault(path, "wrong_type", "must be a list")
            return []
        for index, row in enumerate(found):
            if not isinstance(row, dict):
                self.fault((*path, index), "wrong_type", "must be a mapping of keys")
        return [index for index, row in enumerate(found) if isinstance(row, dict)]

    def texts(self, *path: str | int) -> list[str]:
        """Return the list of texts at the path."""
        found = self.document.at(*path)
        if found is None and path not in self.document.lines:
            return []
        if not isinstance(found, list):
            self.fault(path, "wrong_type", "must be a list")
            return []
        return [
            text for index in range(len(found)) if (text := self.text(*path, index)) is not None
        ]

    def text(self, *path: str | int, blank: bool = False) -> str | None:
        """Return the text at the path; a missing key has been noted by `mapping`."""
        if path not in self.document.lines:
            return None
        found = self.document.at(*path)
        if not isinstance(found, str):
            self.fault(path, "wrong_type", "must be text (put it in quotation marks)")
            return None
        if not blank and not found.strip():
            self.fault(path, "empty_text", "is empty")
            return None
        return found

    def key(self, *path: str | int) -> str | None:
        """Return the key at the path: small Latin letters, digits, hyphens."""
        found = self.text(*path)
        if found is not None and not (KEY.fullmatch(found) and len(found) <= LONGEST_KEY):
            self.fault(
                path,
                "bad_key",
                f"not a key: {found!r} (small Latin letters, digits, - or _; at most {LONGEST_KEY})",
            )
            return None
        return found

    def choice(self, allowed: Collection[str], *path: str | int) -> str | None:
        """Return the value at the path if it is one of the allowed ones."""
        if path not in self.document.lines:
            return None
        found = self.document.at(*path)
        if not isinstance(found, str) or found not in allowed:
            self.fault(path, "bad_value", f"{found!r} is not one of {', '.join(allowed)}")
            return None
        return found

    def known(self, what: str, known: Collection[str], *path: str | int) -> str | None:
        """Return the reference at the path if what it names exists."""
        if path not in self.document.lines:
            return None
        found = self.document.at(*path)
        if not isinstance(found, str) or found not in known:
            self.fault(path, f"unknown_{what}", f"unknown {what}: {found!r}")
            return None
        return found

    def number(self, *path: str | int, least: int = 1, most: int = 100_000) -> int | None:
        """Return the whole number at the path if it lies within the bounds."""
        if path not in self.document.lines:
            return None
        found = self.document.at(*path)
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
            self.fault(
                path, "bad_number", f"must be a whole number from {least} to {most}, not {found!r}"
            )
            return None
        return found

    def truth(self, *path: str | int) -> None:
        """Note a fault unless the path is absent, true or false."""
        if path in self.document.lines and not isinstance(self.document.at(*path), bool):
            self.fault(path, "wrong_type", "must be true or false")

    def once(self, rows: list[int], *path: str | int, name: str = "key") -> list[str]:
        """Return the keys of the rows; a key that two rows share is noted at the second."""
        seen: dict[str, int] = {}
        for index in rows:
            found = self.key(*path, index, name)
            if found is None:
                continue
            if found in seen:
                first = self.document.line((*path, seen[found]))
                self.fault(
                    (*path, index, name),
                    "written_twice",
                    f"{found!r} is already used on line {first}",
                )
            seen.setdefault(found, index)
        return list(seen)

    def languages(self, *path: str | int) -> Mapping[str, Any]:
        """Return the mapping of language to text at the path; every language is there and
        filled.
        """
        found = self.mapping(*path, required=LANGUAGES)
        for code in LANGUAGES:
            self.text(*path, code)
        return found
