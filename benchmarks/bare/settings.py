"""Settings of the bare project: the desk's database and templates, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from crisisdesk import env

SECRET_KEY = "bare"  # noqa: S105 - signs nothing
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.bare.urls"
INSTALLED_APPS = ["benchmarks.bare"]
MIDDLEWARE: list[str] = []
DATABASES = {"default": env.database(os.environ["DATABASE_URL"]) | {"CONN_MAX_AGE": 600}}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parent / "templates"],
    }
]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
