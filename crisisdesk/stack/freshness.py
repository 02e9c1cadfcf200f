"""Whether the database was already prepared for exactly this code and content."""

from __future__ import annotations

import hashlib

from crisisdesk.stack.plan import ROOT, Plan

FOLDERS = {"crisisdesk": ("*.py",), "playbooks": ("*.py",), "fixtures": ("*.yaml",)}


def fingerprint(plan: Plan) -> str:
    """One short text for all that preparing depends on."""
    seen = hashlib.sha256(f"demo {plan.demo}\n".encode())
    seen.update((ROOT / "requirements.txt").read_bytes())
    for folder, patterns in FOLDERS.items():
        for pattern in patterns:
            for path in sorted((ROOT / folder).rglob(pattern)):
                seen.update(f"{path.relative_to(ROOT)}\n".encode())
                seen.update(path.read_bytes())
    return seen.hexdigest()


def is_prepared(plan: Plan) -> bool:
    """Whether nothing changed since the last time; never for a database that is not ours."""
    try:
        return plan.own_database and plan.layout.prepared.read_text() == fingerprint(plan)
    except OSError:
        return False


def note_prepared(plan: Plan) -> None:
    """Remember that the database fits this code and content."""
    if plan.own_database:
        plan.layout.prepared.write_text(fingerprint(plan))
