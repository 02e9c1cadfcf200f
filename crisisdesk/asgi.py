"""The live stream of a room, and nothing else: pages and API are served by wsgi.py."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")
django.setup()

from crisisdesk.web.live.stream import Stream  # noqa: E402 - Django first

application = Stream()
