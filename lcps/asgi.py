"""The one web application: pages, API and the live stream."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lcps.settings")
application = get_asgi_application()
