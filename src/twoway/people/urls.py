from django.urls import path

from twoway.people.views import me, signin

app_name = "people"

urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-in/code/", signin.code, name="code"),
    path("sign-in/password/", signin.password, name="password"),
    path("sign-in/<str:secret>/", signin.link, name="link"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("me/", me.me, name="me"),
    path("me/wishes/", me.wishes_edit, name="wishes-edit"),
    path("me/password/", me.password_edit, name="password-edit"),
    path("me/devices/", me.devices, name="devices"),
    path("me/devices/<int:device>/", me.device_end, name="device-end"),
    path("me/apart/", me.aparts, name="aparts"),
    path("me/apart/<str:apart_id>/", me.apart_drop, name="apart-drop"),
    path("me/news/", me.notifications, name="notifications"),
]
