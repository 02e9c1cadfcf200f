"""The room of the shelf."""

from __future__ import annotations

from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    """Playbooks, their immutable revisions, words signed in peacetime, lessons and their
    sources.
    """

    name = "playbooks"
    label = "playbooks"
    verbose_name = "Playbooks"
