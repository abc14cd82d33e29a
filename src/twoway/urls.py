"""What can be asked for. Fixed words come first; what follows is an organisation's slug."""

from django.urls import include, path

urlpatterns = [
    path("", include("twoway.operate.urls")),
    path("", include("twoway.loops.urls")),
    path("", include("twoway.matching.urls")),
    path("", include("twoway.signup.urls")),
    path("", include("twoway.web.urls")),
    # Last: its addresses of places would answer in the name of any two words.
    path("", include("twoway.people.urls")),
]
