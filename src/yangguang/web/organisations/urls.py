"""Below /organisations/."""

from django.urls import path

from yangguang.web.organisations import views

urlpatterns = [
    path("", views.listed, name="organisations"),
    path("apply/", views.apply, name="organisation-apply"),
    path("<str:code>/", views.one, name="organisation"),
]
