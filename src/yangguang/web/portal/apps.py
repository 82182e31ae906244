"""The portal's own tables as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """门户."""

    name = "yangguang.web.portal"
    label = "portal"
