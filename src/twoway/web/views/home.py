"""The first page after signing in: what is my next step?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from twoway.people.tenancy import PersonRequest, person_page


@require_safe
@person_page
def home(request: PersonRequest) -> HttpResponse:
    return render(request, "web/home.html", {})
