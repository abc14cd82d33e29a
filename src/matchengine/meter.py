"""How far a long run is, on a terminal: one line that is written over, and nothing at all where nobody sees it."""

from __future__ import annotations

from typing import TextIO


class Meter:
    """Called as `meter(stage, done, total)`. Example: `Meter(sys.stderr)("checking", 1, 4)` shows "checking 25 %"."""

    def __init__(self, screen: TextIO) -> None:
        self.screen, self.shown = screen, ""
        self.is_seen = screen.isatty()

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = f"{stage} {100 * done // max(total, 1)} %"
        if self.is_seen and now != self.shown:
            self._write(now)

    def clear(self) -> None:
        """Before something else is written."""
        if self.shown:
            self._write("")

    def _write(self, words: str) -> None:
        self.screen.write("\r" + words.ljust(len(self.shown)) + ("" if words else "\r"))
        self.screen.flush()
        self.shown = words
