"""Figures as people read them: a Markdown table, seconds in fitting units, and a word on each aim."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Section:
    """One table with its title, and lines below it."""

    title: str
    head: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        return "\n\n".join([f"### {self.title}", table(self.head, self.rows), *self.notes])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as what is in them, so that it reads well in a terminal too; all but the first to the right."""
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *others = zip(cells, widths, strict=True)
        return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|"
    return "\n".join([line(head), rule, *map(line, rows)])


def duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def memory(megabytes: float | None) -> str:
    return "not known here" if megabytes is None else f"{megabytes:.0f} MB"


def judged(figure: float | None, aim: float | None) -> str:
    """The word beside an aim: met, or how many times it is missed."""
    if figure is None or aim is None:
        return ""
    return "met" if figure <= aim else f"missed, {figure / aim:.1f} times"


def percentile(values: Sequence[float], share: int) -> float:
    """The value that so many of a hundred do not exceed; values in any order, at least one."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * share // 100) - 1)]
