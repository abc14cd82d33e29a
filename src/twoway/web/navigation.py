"""What the shell shows around every page: doors, account, where one is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"demo": settings.DEMO, "navigation": []}
