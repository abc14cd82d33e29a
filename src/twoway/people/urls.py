from django.urls import path

from twoway.people.views import signin

app_name = "people"

urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-in/code/", signin.code, name="code"),
    path("sign-in/password/", signin.password, name="password"),
    path("sign-in/<str:secret>/", signin.link, name="link"),
    path("sign-out/", signin.sign_out, name="sign-out"),
]
