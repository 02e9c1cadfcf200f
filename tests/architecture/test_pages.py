"""Laws of pages and words: both directions, a strict content policy, no borrowed files."""

from __future__ import annotations

import re

from tests.architecture.tree import ROOT, files, lines, name

PAGES = ("templates", "crisisdesk", "playbooks")
PHYSICAL = re.compile(
    r"(?<![\w-])("
    r"(margin|padding|scroll-margin|scroll-padding)-(left|right)"
    r"|border-(left|right)(-\w+)*"
    r"|border-(top|bottom)-(left|right)-radius"
    r"|(left|right)"
    r")\s*:"
    r"|(text-align|float|clear)\s*:\s*(left|right)\b"
)
# A mail reader knows no style sheet, and a PDF has its own; neither runs under the pages' policy.
OTHER_MEDIA = ("templates/emails/", "templates/account/email/", "templates/reports/")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|\son(click|load|change|input|submit|error|key\w+)\s*="
    r"|javascript:|hx-on",
    re.IGNORECASE,
)
# A data block that no browser runs.
DATA = re.compile(r'<script[^>]*type="(application/json|speculationrules)"')
ELSEWHERE = re.compile(
    r"(src|href)=\"(https?:)?//|url\(\s*[\"']?(https?:)?//|@import\s+(url\()?[\"']?(https?:)?//"
)
# Words that make a label sound like a verdict; the texts of a crisis may say them, labels not.
LOADED = re.compile("أزمة|الأزمة|משבר")


def test_styles_know_start_and_end_not_left_and_right() -> None:
    found = [
        f"{name(path)}:{number} {line.strip()}"
        for path in files("css", "html", folders=PAGES)
        for number, line in lines(path)
        if PHYSICAL.search(line)
    ]
    assert found == []


def test_every_rule_of_the_styles_is_used_by_a_page() -> None:
    """Classes that are put together from a value (is-late, ax-said) are known by their first part."""
    written = "".join(
        path.read_text(encoding="utf-8") for path in files("html", "py", "js", folders=PAGES)
    )
    found = []
    for path in files("css", folders=("crisisdesk/web",)):
        text = re.sub(
            r"/\*.*?\*/|\{[^{}]*\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        for rule in sorted(set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", text))):
            used = re.search(rf"(?<![\w-]){re.escape(rule)}(?![\w-])", written)
            if not used and not rule.startswith(("is-", "ax-", "htmx-")):
                found.append(f"{name(path)}: .{rule}")
    assert found == []


def test_pages_hold_no_script_or_style_of_their_own() -> None:
    found = [
        f"{name(path)}:{number} {line.strip()[:120]}"
        for path in files("html", folders=PAGES)
        if not name(path).startswith(OTHER_MEDIA)
        for number, line in lines(path)
        if INLINE.search(DATA.sub("", line))
    ]
    assert found == []


def test_nothing_is_loaded_from_another_host() -> None:
    found = [
        f"{name(path)}:{number} {line.strip()[:120]}"
        for path in files("css", "html", "js", folders=PAGES)
        for number, line in lines(path)
        if ELSEWHERE.search(line) and "<a " not in line
    ]
    assert found == []


def test_labels_stay_calm() -> None:
    found = [
        f"{name(path)}:{number} {line}"
        for path in sorted((ROOT / "locale").rglob("*.po"))
        for number, line in lines(path)
        if not line.startswith("msgid") and LOADED.search(line)
    ]
    assert found == []


def test_fonts_for_three_scripts_and_their_licence_are_here() -> None:
    fonts = {path.name for path in files("ttf", "otf", "woff2", folders=("crisisdesk",))}
    for family in ("IBMPlexSans-", "IBMPlexSansArabic-", "IBMPlexSansHebrew-"):
        assert any(font.startswith(family) for font in fonts), family
    assert any(path.stem == "OFL" for path in files("txt", folders=("crisisdesk",)))
