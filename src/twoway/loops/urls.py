from django.urls import path

from twoway.loops.views import loop

app_name = "loops"

urlpatterns = [
    path("loops/", loop.loops, name="loops"),
    path("loops/<str:loop>/", loop.loop, name="loop"),
]
