"""The one table that a run prints."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = ("", "measure", "ours", "beside it", "ratio", "bar", "")


@dataclass(frozen=True)
class Row:
    """One measure. Without a bar of its own it only informs."""

    goal: str
    measure: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    bar: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The row as it is printed."""
        verdict = "" if self.met is None else "met" if self.met else "MISSED"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return self.goal, self.measure, self.ours, self.beside, ratio, self.bar, verdict


def show(rows: list[Row]) -> str:
    """The rows as a Markdown table, which reads as plain text too."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    printed = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    printed.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(printed)
