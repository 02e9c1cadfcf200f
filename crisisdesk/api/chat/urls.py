"""Addresses that chats call; they are pasted into the settings of Slack and Mattermost."""

from __future__ import annotations

from django.urls import path

from crisisdesk.api.chat import mattermost, slack

app_name = "chat"

urlpatterns = [
    path("slack/command/", slack.command, name="slack-command"),
    path("slack/press/", slack.press, name="slack-press"),
    path("mattermost/command/", mattermost.command, name="mattermost-command"),
    path("mattermost/press/", mattermost.press, name="mattermost-press"),
]
