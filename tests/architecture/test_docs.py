"""What the documents name exists."""

from __future__ import annotations

import ast
import re

from tests.architecture.tree import ROOT

PLACES = ("tests/web/test_refused.py", "tests/api/test_refused.py")
ROW = re.compile(r"^\|.*\| `(test_\w+)` \| `(test_\w+)` \|$", re.MULTILINE)


def test_every_refusal_has_its_test_on_the_pages_and_in_the_api() -> None:
    table = (ROOT / "docs" / "refusals.md").read_text(encoding="utf-8")
    named = list(zip(*ROW.findall(table), strict=True))
    for place, names in zip(PLACES, named, strict=True):
        tree = ast.parse((ROOT / place).read_text(encoding="utf-8"))
        tests = [
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        ]
        assert list(names) == tests, place
