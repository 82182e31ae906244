"""The web tier as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """网页: pages, forms and what a half-filled form remembers."""

    name = "yangguang.web"
    label = "web"
