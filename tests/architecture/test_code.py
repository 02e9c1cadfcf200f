"""Laws of the code that no linter knows: small rooms, one clock, no hidden calls."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.tree import CODE, ROOT, dotted, files, lines, modules, name

LONGEST = 400
VAGUE = {"utils", "util", "helpers", "helper", "services", "common", "managers", "signals", "misc"}
CLOCK = "crisisdesk/core/clock.py"
READS_THE_CLOCK = re.compile(
    r"(^|\.)((datetime|date)\.(now|utcnow|today)|time\.(time|time_ns)|timezone\.(now|localtime|localdate))$"
)
# Rooms stand in the contract of the house; these stand beside it, with contracts of their own.
BESIDE_THE_HOUSE = {"crisisdesk.stack"}


def contracts() -> dict[str, dict[str, list[str]]]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["id"]: contract for contract in config["tool"]["importlinter"]["contracts"]}


def test_imports_keep_to_the_house_and_its_floors() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_has_a_place() -> None:
    placed = set(re.findall(r"[\w.]+", " ".join(contracts()["house"]["layers"])))
    rooms = {
        f"crisisdesk.{path.name}" for path in (ROOT / "crisisdesk").iterdir() if path.is_dir()
    } - {"crisisdesk.__pycache__"}
    assert rooms - placed == BESIDE_THE_HOUSE
    floors = {
        room
        for contract in contracts().values()
        for room in contract.get("containers", [])
        if contract.get("exhaustive")
    }
    with_models = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in files("py")
        if path.name == "apps.py" and (path.parent / "models").exists()
    }
    assert with_models <= floors, "a room with models needs its floors in pyproject.toml"


def test_no_file_is_too_long_to_read() -> None:
    long = {}
    for path in files("py", "html", "css", "js"):
        text = path.read_text(encoding="utf-8")
        by_machine = "migrations" in path.parts or text.startswith("/* Written by ")
        if not by_machine and len(text.splitlines()) > LONGEST:
            long[name(path)] = len(text.splitlines())
    assert long == {}


def test_every_module_says_by_its_name_what_it_holds() -> None:
    assert [name(path) for path in files("py") if {path.stem, *path.parts} & VAGUE] == []


def test_only_the_clock_reads_the_clock() -> None:
    found = []
    for path, tree in modules():
        if name(path) == CLOCK:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and READS_THE_CLOCK.search(dotted(node)):
                found.append(f"{name(path)}:{node.lineno} {dotted(node)}")
            if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
                found.append(f"{name(path)}:{node.lineno} {node.arg}")
            if isinstance(node, ast.ImportFrom) and node.module == "django.db.models.functions":
                found += [f"{name(path)}:{node.lineno} Now" for a in node.names if a.name == "Now"]
    assert found == []


def test_no_work_is_hidden_in_signals_or_postponed_in_the_broker() -> None:
    found = []
    for path, tree in modules():
        for node in ast.walk(tree):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.startswith(("django.dispatch", "django.db.models.signals")):
                found.append(f"{name(path)}:{node.lineno} {module}")
            if isinstance(node, ast.keyword) and node.arg in {"eta", "countdown"}:
                found.append(f"{name(path)}:{node.lineno} {node.arg}")
    assert found == []


def test_commands_take_their_time_by_name() -> None:
    found = []
    for path, tree in modules():
        if "domain" not in path.parts:
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if any(argument.arg == "at" for argument in node.args.args):
                found.append(f"{name(path)}:{node.lineno} {node.name}")
    assert found == []


def test_nothing_is_left_for_later() -> None:
    noted = r"(#|//|/\*|<!--).*\b(TODO|FIXME|XXX|HACK)\b"
    later = re.compile(rf"{noted}|NotImplementedError|pytest\.(mark\.)?(skip|xfail)")
    this = Path(__file__)
    found = [
        f"{name(path)}:{number} {line.strip()}"
        for path in files("py", "html", "css", "js")
        if path != this
        for number, line in lines(path)
        if later.search(line)
    ]
    assert found == []


def test_nothing_names_the_machine_it_was_written_on() -> None:
    homes = re.compile(r"(?<![\w.])/(work|root|home|Users)/")
    everywhere = (*CODE, "templates", "fixtures", "docs", ".ci")
    endings = ("py", "html", "css", "js", "txt", "md", "yaml", "toml", "")
    paths = [*files(*endings, folders=everywhere), *(p for p in ROOT.iterdir() if p.is_file())]
    found = [
        f"{name(path)}:{number}"
        for path in paths
        if path != Path(__file__) and path.suffix.lstrip(".") in endings
        for number, line in lines(path)
        if homes.search(line)
    ]
    assert found == []
