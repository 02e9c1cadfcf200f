"""Reads a PDF back: its words, its fonts, its tags."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import pikepdf
from pypdf import PdfReader

_NOT_WORDS = re.compile(r"[^\w@#]+")


def words_of(text: str) -> set[str]:
    """The words of a text as they may be found again: one form of each letter, no marks, no digits
    sets mixed.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Cf"})
    return {word for word in _NOT_WORDS.split(plain) if len(word) > 2}


def words_in(content: bytes) -> set[str]:
    """The words found in a PDF."""
    return words_of(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def share_found(content: bytes, texts: Iterable[str]) -> float:
    """Which share of the words of these texts a reader of the PDF finds."""
    wanted = set().union(*(words_of(text) for text in texts))
    return len(wanted & words_in(content)) / len(wanted)


def open_pdf(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def fonts_of(file: pikepdf.Pdf) -> dict[str, bool]:
    """Every font of the pages and whether it is embedded."""
    found: dict[str, bool] = {}
    for page in file.pages:
        for font in page.Resources.get("/Font", {}).values():
            for inner in font.get("/DescendantFonts", [font]):
                descriptor: Any = inner.get("/FontDescriptor", {})
                embedded = any(
                    key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
                )
                found[str(inner.BaseFont)] = embedded
    return found


def tags_of(file: pikepdf.Pdf) -> set[str]:
    """The kinds of tags in the structure tree."""
    found: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.add(str(node.S))
            if "/K" in node:
                walk(node.K)

    walk(file.Root.StructTreeRoot.K)
    return found


def alternatives_of(file: pikepdf.Pdf) -> list[str]:
    """The alternative texts of the figures."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/Alt" in node:
                found.append(str(node.Alt))
            if "/K" in node:
                walk(node.K)

    walk(file.Root.StructTreeRoot.K)
    return found
