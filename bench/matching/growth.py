"""How cost grows with the number of people: an exponent for each solver, and a plot."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.matching.runs import Run
from bench.table import Section, duration

SMALLEST = 1_000
WIDTH, HEIGHT, MARGIN = 640, 400, 60
COLOURS = ("#1f4f8f", "#b3541e", "#4f7a28")
Line = list[tuple[int, float]]


def growth(runs: Sequence[Run], plot: Path | None) -> Section:
    """Processor time on the hardest crowd from 1,000 mentees on, as people to some power; `plot`: draw it there."""
    section = Section("Matching, how processor time grows (clustered)", ("Who", "from", "to", "people to the power of"))
    lines = _lines(runs)
    for who, line in lines.items():
        fit = [point for point in line if point[0] >= SMALLEST] or line
        ends = (f"{fit[0][0]:,}: {duration(fit[0][1])}", f"{fit[-1][0]:,}: {duration(fit[-1][1])}")
        section.rows.append((who, *ends, f"{exponent(fit):.2f}" if len(fit) > 1 else ""))
    section.notes.append("Mentors grow with mentees, so that looking at every pair once is a power of 2.")
    if plot is not None and lines:
        plot.write_text(drawn(lines), encoding="utf-8")
    return section


def _lines(runs: Sequence[Run]) -> dict[str, Line]:
    lines: dict[str, Line] = {}
    for one in runs:
        if one.kind == "clustered" and one.judged and one.judged.placed and "," not in one.peer:
            lines.setdefault(one.peer, []).append((one.mentees, one.cpu))
    return lines


def exponent(line: Line) -> float:
    """The slope of the straight line through the logarithms that is nearest to them (least squares)."""
    people, cost = np.log(np.array(line, dtype=np.float64)).T
    return float(np.polyfit(people, cost, 1)[0])


def drawn(lines: dict[str, Line]) -> str:
    """A picture (SVG) of cost by people, both on scales of tens."""
    every = [point for line in lines.values() for point in line]
    people, cost = (np.log10(np.array(column, dtype=np.float64)) for column in zip(*every, strict=True))
    low, high = np.floor([people.min(), cost.min()]), np.ceil([people.max(), cost.max()])
    high = np.maximum(high, low + 1)

    def at(point: tuple[float, float]) -> tuple[float, float]:
        x, y = (np.log10(point) - low) / (high - low)
        return round(MARGIN + x * (WIDTH - 2 * MARGIN), 1), round(HEIGHT - MARGIN - y * (HEIGHT - 2 * MARGIN), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        f'<title>Processor time by number of mentees</title><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for power in range(int(low[0]), int(high[0]) + 1):
        x, y = at((10.0**power, 10.0 ** low[1]))
        parts.append(f'<path d="M{x} {y}V{MARGIN}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{y + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(int(low[1]), int(high[1]) + 1):
        x, y = at((10.0 ** low[0], 10.0**power))
        parts.append(f'<path d="M{x} {y}H{WIDTH - MARGIN}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 6}" y="{y + 4}" text-anchor="end">{10.0**power:g} s</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 14}" text-anchor="middle">mentees</text>')
    for place, (who, line) in enumerate(lines.items()):
        colour = COLOURS[place % len(COLOURS)]
        points = [at(point) for point in line]
        through = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{through}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points]
        parts.append(f'<text x="{MARGIN + 12}" y="{MARGIN + 16 + 16 * place}" fill="{colour}">{who}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
