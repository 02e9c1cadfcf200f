"""A real Chromium, the system's own, for pages served by `live_server`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from crisisdesk.stack.system import find_browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium; the one that playwright would fetch is not needed."""
    program = find_browser()
    assert program, "No Chromium here. Run: make test (or install the package chromium)"
    arguments = ["--disable-dev-shm-usage", "--force-color-profile=srgb"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's own sandbox refuses to run as root
    return {**browser_type_launch_args, "executable_path": program, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """English and UTC unless a test says otherwise."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "UTC"}


@pytest.fixture(scope="session", autouse=True)
def _database_beside_playwright() -> Iterator[None]:
    """Playwright's loop runs in this thread, where Django would refuse the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
