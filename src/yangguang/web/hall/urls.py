"""The addresses of the opening hall, below its trade."""

from django.urls import path

from yangguang.web.hall import views

urlpatterns = [
    path("", views.hall, name="hall"),
    path("screen/", views.screen, name="hall-screen"),
    path("board/", views.board, name="hall-board"),
    path("mine/", views.mine, name="hall-mine"),
    path("events", views.events, name="hall-events"),
    path("rescue/<str:sha256>/", views.rescue_file, name="hall-rescue"),
    path("do/<str:name>/", views.do, name="hall-do"),
]
