"""The centre's pages, below /centre/."""

from django.urls import path

from yangguang.web.centre import views

urlpatterns = [
    path("", views.openings, name="centre"),
    path("rules/", views.rules, name="centre-rules"),
    path("corrections/", views.corrections, name="centre-corrections"),
    path("holidays/", views.holidays, name="centre-holidays"),
    path("roots/", views.roots, name="centre-roots"),
]
