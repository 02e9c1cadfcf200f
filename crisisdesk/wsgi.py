"""Pages and API."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")

application = get_wsgi_application()
# All views are loaded before the first person asks, and what is loaded lives as long as the process:
# the collector need not walk through it again and again (a third of a long list's time).
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
