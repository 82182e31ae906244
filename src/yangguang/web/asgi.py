"""The ASGI application that `yangguang serve` runs."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings")
_django = get_asgi_application()

from yangguang.web.hall.live import with_live  # noqa: E402 - the applications must be loaded first

application = with_live(_django)
