"""The desk's settings for a worker process that also knows the topic of the tests."""

from __future__ import annotations

from crisisdesk.settings import *  # noqa: F403
from crisisdesk.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.notifications.topic.TopicConfig"]
