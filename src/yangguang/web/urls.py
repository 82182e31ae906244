"""The addresses of the web tier: for now the public log, in the form that any tlog client reads."""

from django.urls import path, re_path

from yangguang.web import log

urlpatterns = [
    path("", log.front_page),
    path("checkpoint", log.checkpoint),
    path("log-keys", log.log_keys),
    re_path(r"^(?P<path>tile/.+)$", log.tile),
]
