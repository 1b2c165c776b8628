"""The one web application: pages, API and the live stream."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lcps.settings")
# WhiteNoise hands files over as ordinary iterators. Django reads each at once, which is right for
# files of some kilobytes; only the warning is in the way.
warnings.filterwarnings(
    "ignore", message="StreamingHttpResponse must consume synchronous iterators"
)
application = get_asgi_application()
