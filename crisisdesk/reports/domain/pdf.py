"""HTML to PDF, with the desk's own fonts and nothing from outside."""

from __future__ import annotations

import gc
import mimetypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

from crisisdesk.core.domain.files import read_file
from crisisdesk.core.errors import DomainError
from crisisdesk.core.models import StoredFile
from crisisdesk.reports.domain.report import Report
from crisisdesk.reports.enums import ReportKind

FONTS = Path(__file__).resolve().parent.parent / "fonts"
STYLES = ("reports/report.css", "reports/axis.css", "reports/axis-places.css")
STORED = "stored:"


class PdfUnavailable(DomainError):
    """Pango and its friends are not on this machine; `manage.py doctor` says how to mend it."""


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let no search for unreachable objects run meanwhile: a report is hundreds of thousands of
    boxes that all live until it is drawn, and looking through them took a quarter of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def html(report: Report, kind: str, *, tight: bool = False) -> str:
    """The report as a page of HTML, in its own language whatever language is active; `tight` sets
    it smaller.
    """
    with translation.override(report.language):
        template = "reports/full.html" if kind == ReportKind.FULL else "reports/one_page.html"
        return render_to_string(template, {"report": report, "tight": tight})


def typeset(page: str) -> Any:
    """Return the page of HTML laid out in sheets, ready for `fits` and `write`.

    Raises PdfUnavailable("pdf_unavailable") when the system libraries are missing.
    """
    weasyprint = _weasyprint()
    return weasyprint.HTML(string=page, url_fetcher=_fetcher()).render(stylesheets=_styles())


def fits(sheets: Any) -> bool:
    """Whether page one holds all that is meant for it: nothing, or the full report, comes next."""
    return len(sheets.pages) == 1 or "full" in sheets.pages[1].anchors


def write(sheets: Any, *, rtl: bool = False) -> bytes:
    """Return the tagged PDF (PDF/UA-1); the same page gives the same bytes.

    `rtl` tells viewers to lay facing pages from right to left, which WeasyPrint does not say by
    itself.
    """

    def turn(_sheets: Any, file: Any) -> None:
        if rtl:
            file.catalog["ViewerPreferences"]["Direction"] = "/R2L"

    content: bytes = sheets.write_pdf(
        finisher=turn, pdf_variant="pdf/ua-1", pdf_identifier=b"crisis-desk"
    )
    return content


def is_available() -> bool:
    """Whether PDFs can be made here."""
    try:
        _weasyprint()
    except PdfUnavailable:
        return False
    return True


@cache
def _weasyprint() -> Any:
    os.environ["FONTCONFIG_FILE"] = str(_fontconfig())
    try:
        # Slow (half a second), and impossible without Pango: only those who make PDFs import it.
        import weasyprint  # noqa: PLC0415
    except OSError as error:
        raise PdfUnavailable("pdf_unavailable") from error
    return weasyprint


def _fontconfig() -> Path:
    """Write the fontconfig file that knows our fonts and no others, so that output is the same on
    every machine.
    """
    folder = Path(settings.DATA_DIR) / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "fonts.conf"
    words = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(FONTS))}</dir>"
        f"<cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>\n"
    )
    if not file.exists() or file.read_text(encoding="utf-8") != words:
        file.write_text(words, encoding="utf-8")
    return file


@cache
def _styles() -> tuple[Any, ...]:
    """The style sheets, read and parsed once in a worker's life."""
    weasyprint = _weasyprint()
    return tuple(
        weasyprint.CSS(filename=finders.find(name), url_fetcher=_fetcher()) for name in STYLES
    )


def _fetcher() -> Callable[..., Any]:
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - see _weasyprint

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        """Reads our static files and stored files; every other address is refused (law 11)."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(STORED):
                file = StoredFile.objects.get(sha256=url.removeprefix(STORED))
                return URLFetcherResponse(url, read_file(file), {"Content-Type": file.content_type})
            static = f"/{settings.STATIC_URL.strip('/')}/"
            found = finders.find(url.removeprefix(static)) if url.startswith(static) else None
            if not found:
                raise ValueError("a report reads only static and stored files")
            kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
            return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": kind})

    return OwnFilesOnly()
