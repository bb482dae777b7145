"""The WSGI application for any Python web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtu.config.settings")
application = get_wsgi_application()

# A list of 20,000 families makes hundreds of thousands of values that all go at once with its answer. Looking for
# cycles among them, and each time among the code too, took a third of the time of such a page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
