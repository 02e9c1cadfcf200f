"""One piece of news as lines of text, for media that know neither HTML nor `dir`."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from crisisdesk.notifications.rules import bidi
from crisisdesk.notifications.transports.carrying import Parcel


@dataclass(frozen=True)
class Words:
    """Subject, what to know, words of somebody else, why the reader is told, and the one link.

    In a right-to-left language each line begins with a mark, so that a medium which guesses by the first letter guesses
    right, and what is foreign stands between isolates.
    """

    title: str
    lines: tuple[str, ...]
    quote: tuple[str, ...]
    because: str
    button: str
    link: str

    def body(self) -> str:
        """Return what stands between title and link, line by line."""
        quoted = [f"> {line}" for line in self.quote]
        told = [self.because] if self.because else []
        return "\n".join([*self.lines, *quoted, *told])

    def text(self) -> str:
        """Return all of it as one text that ends with the link on a line of its own."""
        return "\n".join(part for part in (self.title, self.body(), self.link) if part)


def words(parcel: Parcel) -> Words:
    """Return the words of this parcel, in the reader's language."""
    news = parcel.rendered
    mark = bidi.RLM if parcel.direction == "rtl" else ""

    def line(text: str) -> str:
        return mark + bidi.plain(" ".join(text.split()), parcel.language)

    said = (*([] if news.headline in news.subject else [news.headline]), *news.lines, news.due_line)
    quote = news.quote
    return Words(
        title=line(news.subject),
        lines=tuple(line(text) for text in said if text),
        quote=tuple(
            mark + bidi.isolate(text, quote.direction)
            for text in quote.text.splitlines()
            if text.strip()
        )
        if quote
        else (),
        because=line(news.because) if news.because else "",
        button=" ".join(news.action_label.split()),
        link=settings.BASE_URL + news.path,
    )


def cut(text: str, most: int) -> str:
    """Return the text in at most so many characters; what was cut is seen."""
    return text if len(text) <= most else text[: most - 1] + "…"
