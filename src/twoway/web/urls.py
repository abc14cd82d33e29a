from django.urls import path

from twoway.web.views import desk, home, icon, people, profile, trail

app_name = "web"

_PROGRAMME = "<slug:organisation>/<slug:programme>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("favicon.ico", icon.favicon, name="favicon"),
    path("me/record/", trail.trail, name="trail"),
    path("<slug:organisation>/record/", trail.organisation_trail, name="organisation-trail"),
    path(_PROGRAMME + "record/", trail.programme_trail, name="programme-trail"),
    path(_PROGRAMME + "desk/", desk.desk, name="desk"),
    path(_PROGRAMME + "desk/note/", desk.desk_note, name="desk-note"),
    path(_PROGRAMME + "people/", people.people, name="people"),
    path(_PROGRAMME + "people/change/", people.people_change, name="people-change"),
    path(_PROGRAMME + "people/<str:member_id>/", profile.profile, name="profile"),
]
