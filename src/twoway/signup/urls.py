from django.urls import path

from twoway.signup.views import programme

app_name = "signup"

urlpatterns = [
    path("<slug:organisation>/programmes/new/", programme.programme_new, name="programme-new"),
    path(
        "<slug:organisation>/programmes/<str:set_up_id>/set-up/<slug:step>/",
        programme.programme_set_up,
        name="programme-set-up",
    ),
    path("<slug:organisation>/programmes/<str:programme_id>/copy/", programme.programme_copy, name="programme-copy"),
]
