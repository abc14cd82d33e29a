"""Counts what ran: the arithmetic of the closing line of `python3 dev.py test`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

NOTHING_RAN = 5  # pytest's exit code for an empty selection


@dataclass(frozen=True)
class Tally:
    passed: int = 0
    failures: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)

    def closing_line(self) -> str:
        """One line, alone: what machines read, and people look for."""
        line = f"{self.passed} passed, {len(self.failures)} failed"
        return line + (f", {len(self.skips)} skipped" if self.skips else "")

    def is_good(self) -> bool:
        """Nothing failed, and something was there that could have."""
        return self.passed > 0 and not self.failures


def total(tallies: Iterable[Tally]) -> Tally:
    tallies = list(tallies)
    return Tally(
        passed=sum(tally.passed for tally in tallies),
        failures=[failure for tally in tallies for failure in tally.failures],
        skips=[skip for tally in tallies for skip in tally.skips],
    )


def of_check(name: str, code: int) -> Tally:
    """A linter counts as one test."""
    return Tally(failures=[name]) if code else Tally(passed=1)


def of_pytest(name: str, code: int, report: Path, may_be_empty: bool = False) -> Tally:
    """Reads pytest's own report. A run that broke before or between its tests is a failure as well."""
    tally = read_report(name, report)
    if code == 0 or tally.failures:
        return tally
    if code == NOTHING_RAN:
        return tally if may_be_empty else Tally(failures=[f"{name}: no test ran"], skips=tally.skips)
    broken = f"{name}: the run broke with exit code {code}"
    return Tally(passed=tally.passed, failures=[broken], skips=tally.skips)


def read_report(name: str, report: Path) -> Tally:
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return Tally()
    outcomes: dict[str, tuple[str, str]] = {}
    for case in cases:
        test = f"{case.get('classname', '').replace('.', '/')}::{case.get('name')}"
        outcome = outcome_of(case)
        # A test whose body and clearing up both fail is reported twice; it counts once, as failed.
        if outcomes.get(test, ("passed", ""))[0] != "failed":
            outcomes[test] = outcome
    return Tally(
        passed=sum(kind == "passed" for kind, _ in outcomes.values()),
        failures=[f"{name}: {test}: {why}" for test, (kind, why) in outcomes.items() if kind == "failed"],
        skips=[f"{name}: {test}: {why}" for test, (kind, why) in outcomes.items() if kind == "skipped"],
    )


def outcome_of(case: ElementTree.Element) -> tuple[str, str]:
    for tag, kind in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        found = case.find(tag)
        if found is not None:
            lines = (found.get("message") or found.text or "no reason given").strip().splitlines()
            return kind, lines[0] if lines else "no reason given"
    return "passed", ""
