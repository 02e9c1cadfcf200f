"""The desk's own settings, pointed at a database, a data folder and keys of this process alone.

Only the environment is changed here, so that workers and servers which the tests start are
given exactly the same desk.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests import database

os.environ["CRISISDESK_TESTING"] = "1"
os.environ["DESIGN_PAGE"] = "1"
os.environ["SECRET_KEY"] = "only-for-tests-only-for-tests-only-for-tests"  # noqa: S105
os.environ["VAPID_PRIVATE_KEY"] = "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtMSE"
os.environ["DATA_DIR"] = str(database.OWN_FOLDER)
os.environ["DATABASE_URL"] = database.own_url()
os.environ.setdefault("BASE_URL", "http://testserver")
for name in ("BROKER_URL", "EMAIL_URL", "DEMO_PASSWORD"):
    os.environ.pop(name, None)

from crisisdesk.settings import *  # noqa: E402, F403

assert Path(os.environ["DATA_DIR"]) == database.OWN_FOLDER
