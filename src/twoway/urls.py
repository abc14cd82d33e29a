"""What can be asked for. Fixed words come first; what follows is an organisation's slug."""

from django.urls import include, path

urlpatterns = [
    path("", include("twoway.people.urls")),
    path("", include("twoway.operate.urls")),
    path("", include("twoway.web.urls")),
]
