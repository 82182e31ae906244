"""The addresses of 见证: the console, and what stands below a trade."""

from django.urls import path

from yangguang.web.witnessing import views

urlpatterns = [
    path("centre/witness/", views.console, name="witness-console"),
    path("trades/<str:stream>/witness/", views.trade, name="witness"),
    path("trades/<str:stream>/witness/record/", views.record, name="witness-record"),
    path("trades/<str:stream>/witness/do/<str:name>/", views.do, name="witness-do"),
    path("trades/<str:stream>/witness/files/<str:sha256>", views.file, name="witness-file"),
    path("trades/<str:stream>/letters/", views.letters, name="letters"),
    path("trades/<str:stream>/letters/<str:sha256>", views.letter_file, name="letter-file"),
]
