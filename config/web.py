"""The site: Django as a WSGI application, served by granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from dotpha.platform import processes

processes.end_with_parent()  # a server whose master was killed answers nobody any more, but would hold the port
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 -- every page is imported now, not by the first reader
# What is loaded by now stays: no collection walks through it again while a reader waits, and a list of some
# thousand rows is read without dozens of collections.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
