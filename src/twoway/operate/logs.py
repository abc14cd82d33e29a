"""What a log line says: where something went wrong, and never what somebody wrote.

An exception's own words may hold an address or a message ("duplicate key (email)=…"), and a path may hold a
sign-in secret. So a line keeps the exception's class and the places it passed, and the route instead of the path.
"""

import logging
import traceback
from types import TracebackType
from typing import Any


class PlacesOnly(logging.Formatter):
    """Formats exceptions as class and places, and requests as routes."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django."):
            record.message = _about_request(record)
        elif record.exc_info and record.name.startswith("gunicorn"):
            record.message = str(record.msg).replace("%s", "…")
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        fault = ei[1]
        lines = []
        while fault is not None:
            lines += [f"  {type(fault).__module__}.{type(fault).__qualname__}", *_places(fault.__traceback__)]
            fault = fault.__cause__
        return "\n".join(lines)


def _about_request(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    words = str(record.msg).partition(":")[0].replace("%s", "…")
    if request is None:
        return words
    return f"{words}: {request.method} {match.route if match else 'an address that leads nowhere'}"


def _places(trace: TracebackType | None) -> list[str]:
    return [f"    {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
