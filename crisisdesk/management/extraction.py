"""Finding the words of the interface in code and templates, without the gettext programs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

DOMAIN = "django"
FOLDERS = ("crisisdesk", "playbooks", "templates")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
NAMED = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")
# In a plural form for exactly one, two or none, the number itself may be a word.
COUNTERS = {"count", "counter", "n", "number", "total"}


# As Django's own catalogues have them; Babel's defaults order the Arabic forms in another way.
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5);",
    "he": "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);",
}


HEAD = """msgid ""
msgstr ""
"Project-Id-Version: Crisis Desk\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def catalog_path(language: str) -> Path:
    """Where the translations into that language are kept."""
    return Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def languages() -> list[str]:
    """The languages to translate into: all but the source."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def read_catalog(language: str) -> Catalog:
    """The translations as they are now; an empty catalog when there are none yet."""
    path = catalog_path(language)
    if not path.exists():
        fresh = Catalog(locale=language, domain=DOMAIN, project="Crisis Desk", fuzzy=False)
        fresh.mime_headers = [("Plural-Forms", PLURALS[language])]
        return fresh
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def written(language: str, wanted: Catalog) -> bytes:
    """Return the one way in which these translations are written, whoever wrote the file before.

    Only words that the code still has, sorted, without locations; the head says what a reader of the
    file needs and nothing that changes with the hour or the writer, so that writing twice changes nothing.
    """
    catalog = read_catalog(language)
    catalog.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    body = io.BytesIO()
    write_po(body, catalog, no_location=True, omit_header=True, sort_output=True, width=100)
    return HEAD.format(language=language, plurals=PLURALS[language]).encode() + body.getvalue()


def words_in_code() -> Catalog:
    """Every translatable string of the interface."""
    found = Catalog(domain=DOMAIN, project="Crisis Desk", charset="utf-8")
    for path in _sources():
        for _, words, comments, context in _words_of(path):
            found.add(
                words if isinstance(words, str) else tuple(words),
                auto_comments=comments,
                context=context,
            )
    return found


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        for ending in ("py", "html", "txt"):
            for path in sorted((Path(settings.BASE_DIR) / folder).rglob(f"*.{ending}")):
                if "migrations" not in path.parts:
                    yield path


def _words_of(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into calls of gettext between blanked-out text; without its
        # indentation that reads as Python.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    source = io.BytesIO(text.encode())
    yield from extract("python", source, keywords=KEYWORDS, comment_tags=("Translators:",))


def faults(language: str, wanted: Catalog) -> Iterator[str]:
    """What keeps the translations into that language from being complete."""
    known = read_catalog(language)
    for message in wanted:
        if not message.id:
            continue
        found = known.get(message.id, message.context)
        first = message.id[0] if isinstance(message.id, tuple) else message.id
        if found is None:
            yield f"{language}: missing, run `make messages`: {first!r}"
        elif found.fuzzy:
            yield f"{language}: fuzzy: {first!r}"
        else:
            yield from (f"{language}: {fault}: {first!r}" for fault in _faults_of(found))
    for message in known:
        if message.id and wanted.get(message.id, message.context) is None:
            yield f"{language}: no longer in the code, run `make messages`: {message.id!r}"


def is_as_written(language: str, wanted: Catalog) -> bool:
    """Whether `manage.py messages` would leave the file byte by byte as it is."""
    path = catalog_path(language)
    return path.exists() and path.read_bytes() == written(language, wanted)


def _faults_of(message: Message) -> Iterator[str]:
    plural = not isinstance(message.id, str)
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    forms = forms_of(message)
    if not all(forms):
        yield "untranslated"
        return
    wanted = _names(ids[-1])
    may_lack = COUNTERS | (wanted - _names(ids[0])) if plural else set()
    for form in forms:
        if unknown := _names(form) - wanted - _names(ids[0]):
            yield f"placeholder {', '.join(sorted(unknown))} is not in the English"
        if lacking := wanted - _names(form) - may_lack:
            yield f"placeholder {', '.join(sorted(lacking))} is missing"


def forms_of(message: Message) -> list[str]:
    """The translations of a message: one, or one for each plural form; empty where missing."""
    given = message.string
    forms = list(given) if isinstance(given, (tuple, list)) else [given]
    return [form or "" for form in forms] or [""]


def _names(text: str) -> set[str]:
    return {first or second for first, second in NAMED.findall(text)}
