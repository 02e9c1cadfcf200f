"""The words of the interface: found without the gettext programs, and checked for gaps."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from crisisdesk.management import extraction

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
_("Open")
_("%(name)s has it")
ngettext("%(count)s item", "%(count)s items", 2)
pgettext_lazy("verb", "Post")
"""
TEMPLATE = """{% load i18n %}
<c-button label="{% trans 'Save' %}">
    {% blocktranslate trimmed with who=name %}
        Waits for
        {{ who }}
    {% endblocktranslate %}
</c-button>
"""


@pytest.fixture
def project(tmp_path: Path, settings: Settings) -> Path:
    settings.BASE_DIR = tmp_path
    for folder in extraction.FOLDERS:
        (tmp_path / folder).mkdir()
    (tmp_path / "crisisdesk" / "room.py").write_text(CODE)
    (tmp_path / "templates" / "room.html").write_text(TEMPLATE)
    return tmp_path


def translate(language: str, **changes: str | tuple[str, ...]) -> None:
    """Fill the catalogue with the English, but for what is named."""
    catalog = extraction.read_catalog(language)
    for message in catalog:
        if not message.id:
            continue
        one = message.id if isinstance(message.id, str) else message.id[-1]
        forms = (one,) * catalog.num_plurals
        message.string = changes.get(one, one if isinstance(message.id, str) else forms)
    save(language, catalog)


def save(language: str, catalog: Catalog) -> None:
    with extraction.catalog_path(language).open("wb") as file:
        write_po(file, catalog, no_location=True)


def faults(language: str = "ar") -> list[str]:
    return list(extraction.faults(language, extraction.words_in_code()))


def test_words_of_code_and_templates_are_found(project: Path) -> None:
    found = {(message.context, message.id) for message in extraction.words_in_code() if message.id}
    assert found == {
        (None, "Open"),
        (None, "%(name)s has it"),
        (None, ("%(count)s item", "%(count)s items")),
        ("verb", "Post"),
        (None, "Save"),
        (None, "Waits for %(who)s"),
    }


def test_catalogues_are_written_and_complete_ones_pass(project: Path) -> None:
    call_command("messages", verbosity=0, stdout=StringIO())
    text = extraction.catalog_path("ar").read_text()
    assert "#:" not in text, "no locations: they would change with every line of code"
    assert "n%100>=11" in text, "the plural forms of Django's own Arabic"
    assert len(faults()) == 6

    for language in ("ar", "he"):
        translate(language)
    assert faults("ar") == faults("he") == []
    call_command("messages", stdout=StringIO())
    call_command("check_messages", stdout=StringIO())


def test_writing_twice_changes_nothing_and_another_hand_is_noticed(project: Path) -> None:
    call_command("messages", stdout=StringIO())
    for language in ("ar", "he"):
        translate(language)  # as Babel's own programs and merges write: with hours and headers
    told = StringIO()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("check_messages", stdout=told)
    assert "ar: not as `make messages` writes it; run that" in told.getvalue()
    call_command("messages", stdout=StringIO())
    once = [extraction.catalog_path(language).read_bytes() for language in ("ar", "he")]
    call_command("messages", stdout=StringIO())
    assert once == [extraction.catalog_path(language).read_bytes() for language in ("ar", "he")]
    assert b"POT-Creation-Date" not in once[0]
    call_command("check_messages", stdout=StringIO())


def test_every_kind_of_gap_is_named(project: Path) -> None:
    call_command("messages", verbosity=0, stdout=StringIO())
    translate(
        "ar",
        **{
            "Open": "",
            "%(name)s has it": "%(nom)s has it",
            "%(count)s items": ("none", "one", "two", "%(count)s", "%(count)s", ""),
        },
    )
    assert faults() == [
        "ar: untranslated: 'Open'",
        "ar: placeholder nom is not in the English: '%(name)s has it'",
        "ar: placeholder name is missing: '%(name)s has it'",
        "ar: untranslated: '%(count)s item'",
    ]

    translate("ar", **{"%(count)s items": ("none", "one", "two", *["%(count)s"] * 3)})
    assert faults() == [], "one and two may be words"

    catalog = extraction.read_catalog("ar")
    catalog["Open"].flags.add("fuzzy")
    save("ar", catalog)
    assert faults() == ["ar: fuzzy: 'Open'"]
    (project / "templates" / "room.html").write_text("{% load i18n %}{% trans 'New' %}")
    assert "ar: missing, run `make messages`: 'New'" in faults()
    assert "ar: no longer in the code, run `make messages`: 'Save'" in faults()
    with pytest.raises(CommandError, match="faults in the translations"):
        call_command("check_messages", stdout=StringIO())
