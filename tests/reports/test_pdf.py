"""The file itself: one page is one page, the words are found again, it is tagged, its fonts travel
with it.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.reports.domain import page_one, pdf, rendering
from crisisdesk.reports.domain.parts import AffectedLine, Asked, FirstWords
from crisisdesk.reports.domain.text import Text
from crisisdesk.reports.enums import ReportKind
from tests.reports.reading import alternatives_of, fonts_of, open_pdf, share_found, tags_of
from tests.reports.sample import sample, words_of

LANGUAGES = ("en", "ar", "he")
# pypdf reads shaped Arabic letters back less surely than Latin ones (reference: 63–71 % of words).
FOUND = {"en": 0.97, "ar": 0.55, "he": 0.75}
PAGES = {"en": 6, "ar": 6, "he": 5}  # what is written in Hebrew takes the least room
FAMILIES = {"en": "IBM-Plex-Sans", "ar": "IBM-Plex-Sans-Arabic", "he": "IBM-Plex-Sans-Hebrew"}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_one_page_edition_is_one_page(language: str) -> None:
    _content, pages = rendering.draw(sample(language), ReportKind.ONE_PAGE)
    assert pages == 1


def test_the_words_of_the_report_are_found_in_the_file(language: str) -> None:
    content, pages = rendering.draw(sample(language), ReportKind.FULL)
    words = words_of(language)
    texts = [
        words["verdict"],
        words["could_return"],
        words["cause"],
        *words["went_well"],
        *words["went_badly"],
    ]
    assert share_found(content, texts) >= FOUND[language]
    assert pages == PAGES[language]
    assert len(open_pdf(content).pages) == pages


def test_the_file_says_its_language_title_and_structure(language: str) -> None:
    content, _pages = rendering.draw(sample(language), ReportKind.FULL)
    file = open_pdf(content)
    assert str(file.Root.Lang) == language
    assert str(file.docinfo.Title).startswith("CD-2026-0031")
    assert file.Root.MarkInfo.Marked
    assert file.Root.ViewerPreferences.DisplayDocTitle
    assert ("/Direction" in file.Root.ViewerPreferences) == (language != "en")
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/P"} <= tags_of(file)
    assert words_of(language)["axis"]["alternative"] in alternatives_of(file)
    with file.open_outline() as outline:
        assert len(outline.root) >= 7


def test_every_font_is_ours_and_embedded(language: str) -> None:
    content, _pages = rendering.draw(sample(language), ReportKind.FULL)
    fonts = fonts_of(open_pdf(content))
    assert all(fonts.values())
    assert all("IBM-Plex" in name for name in fonts)
    assert any(FAMILIES[language] in name for name in fonts)


def test_nothing_is_ignored_by_the_typesetter(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("weasyprint")
    logger.setLevel(logging.WARNING)
    pdf._styles.cache_clear()
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        rendering.draw(sample(language), ReportKind.FULL)
    assert [
        record.message for record in caplog.records if record.name.startswith("weasyprint")
    ] == []


def test_the_same_page_gives_the_same_file() -> None:
    page = pdf.html(sample("ar"), ReportKind.ONE_PAGE)
    assert pdf.write(pdf.typeset(page)) == pdf.write(pdf.typeset(page))


def test_pages_are_numbered_in_the_digits_of_the_brand() -> None:
    content, _pages = rendering.draw(sample("ar", eastern=True), ReportKind.FULL)
    page = pdf.html(sample("ar", eastern=True), ReportKind.FULL)
    assert 'class="eastern"' in page
    assert "١٠:١٧" in page
    assert "٦" in open_text(content)


def open_text(content: bytes) -> str:
    import io

    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_a_page_one_that_runs_over_is_set_tighter(language: str, kind: str) -> None:
    """The longest page one that the post-mortem's limits allow."""
    own = words_of(language)["could_return"] * 4

    def most(limit: int) -> Text:
        return Text(own, language, language).shortened(limit)

    more = replace(
        sample(language),
        verdict=most(page_one.VERDICT),
        affected=(AffectedLine(most(20), most(page_one.AFFECTED_LINE - 20)),)
        * page_one.AFFECTED_LINES,
        could_return=most(page_one.RISK),
        asked=(Asked("1", most(page_one.ASKED // 2), most(page_one.ASKED // 2)),)
        * page_one.ASKED_LINES,
        first_words=FirstWords(most(page_one.QUOTE), most(80)),
    )
    assert not pdf.fits(pdf.typeset(pdf.html(more, kind)))
    content, pages = rendering.draw(more, kind)
    assert len(open_pdf(content).pages) == pages
    assert (pages == 1) == (kind == ReportKind.ONE_PAGE)
    assert pdf.fits(pdf.typeset(pdf.html(more, kind, tight=True)))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/x.png",
        "file:///etc/passwd",
        "http://127.0.0.1:1/x",
        "/static/../settings.py",
    ],
)
def test_the_fetcher_reads_nothing_from_outside(address: str) -> None:
    with pytest.raises(Exception, match="static and stored|outside|suspicious|located"):
        pdf._fetcher().fetch(address)  # type: ignore[attr-defined]


def test_the_fetcher_reads_static_files() -> None:
    answer = pdf._fetcher()("/static/reports/report.css")
    assert b"@page" in answer.read()


def test_without_the_system_libraries_there_is_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    pdf._weasyprint.cache_clear()
    try:
        assert not pdf.is_available()
        with pytest.raises(pdf.PdfUnavailable, match="pdf_unavailable"):
            pdf.typeset("<p>x</p>")
    finally:
        pdf._weasyprint.cache_clear()
