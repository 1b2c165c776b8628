"""For servers without ASGI; the live stream needs `lcps.asgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lcps.settings")
application = get_wsgi_application()
