"""Time zones: the places to choose from, and every name that is known."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones


@cache
def places() -> list[str]:
    """One zone for each place that the world's zone table names today, and UTC. Names that only live on for the sake
    of old data, such as US/Indiana-Starke, are not offered."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    named = {line.split("\t")[2].strip() for line in table.splitlines() if line and not line.startswith("#")}
    return ["UTC", *sorted(named & available_timezones())]


@cache
def all_zones() -> frozenset[str]:
    """Every name of a zone that a clock can be set by, old ones too: what was stored once stays good."""
    return frozenset(name for name in available_timezones() if name == "UTC" or "/" in name)


def city_of(zone: str) -> str:
    """A zone as people look for it: by its city, then what tells it from another of that name."""
    _continent, *parts = zone.replace("_", " ").split("/")
    return ", ".join(reversed(parts)) or zone
