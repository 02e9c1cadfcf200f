#!/usr/bin/env python
"""Run a command of Crisis Desk: `python manage.py help` lists them."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - slow import

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
