"""The icon where no page names one: browsers ask for it beside a downloaded file, or between two pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("web/icons/icon-192.png"))
