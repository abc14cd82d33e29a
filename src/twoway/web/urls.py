from django.urls import path

from twoway.web.views import home, trail

app_name = "web"

urlpatterns = [
    path("", home.home, name="home"),
    path("me/record/", trail.trail, name="trail"),
    path("<slug:organisation>/record/", trail.organisation_trail, name="organisation-trail"),
    path("<slug:organisation>/<slug:programme>/record/", trail.programme_trail, name="programme-trail"),
]
