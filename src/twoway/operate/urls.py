from django.urls import path

from twoway.operate import views

app_name = "operate"

urlpatterns = [
    path("demo/", views.demo, name="demo"),
    path("demo/clock/", views.clock, name="clock"),
    path("demo/letters/", views.letters, name="letters"),
    path("demo/letters/<str:name>/", views.letter, name="letter"),
    path("demo/letters/<str:name>/drawn/", views.letter_drawn, name="letter-drawn"),
    path("demo/removal/", views.removal, name="removal"),
]
