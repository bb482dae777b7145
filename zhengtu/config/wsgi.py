"""The WSGI application for any Python web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtu.config.settings")
application = get_wsgi_application()
