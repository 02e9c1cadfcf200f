"""The project's own files, as the tests of its shape read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ("crisisdesk", "playbooks", "tests", "benchmarks")
# What others wrote and we ship unchanged.
VENDORED = ("vendor",)


def files(*endings: str, folders: tuple[str, ...] = (*CODE, "templates")) -> Iterator[Path]:
    """Our files with these endings."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            ours = not {"__pycache__", *VENDORED} & set(path.parts)
            if ours and path.is_file() and path.suffix.lstrip(".") in endings:
                yield path


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Our Python, parsed; migrations are history and not held to today's rules."""
    for path in files("py", folders=folders or ("crisisdesk", "playbooks")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers."""
    yield from enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)


def name(path: Path) -> str:
    """The path as a person would write it."""
    return str(path.relative_to(ROOT))


def dotted(node: ast.expr) -> str:
    """`datetime.now` for the expression that says so."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
