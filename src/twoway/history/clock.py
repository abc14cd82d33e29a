"""What time it is in this house. All code asks here, so that a demo can move the clock."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present moment, aware; shifted only where a demo has moved its clock."""
    return timezone.now() + shift()


def shift() -> timedelta:
    """How far the demo's clock stands from the real one; zero outside a demo."""
    path: Path | None = settings.CLOCK_FILE
    if path is None:
        return timedelta()
    try:
        return timedelta(seconds=float(path.read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()


def move_to(moment: datetime) -> None:
    """Set the demo's clock so that it is `moment` now; it runs on from there."""
    path: Path | None = settings.CLOCK_FILE
    if path is None:
        raise RuntimeError("Only a demo can move its clock.")
    path.write_text(str((moment - timezone.now()).total_seconds()))
