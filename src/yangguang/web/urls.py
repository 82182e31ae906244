"""The addresses of the web tier."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
