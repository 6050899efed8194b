"""The ASGI application of web."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")

application = get_asgi_application()
