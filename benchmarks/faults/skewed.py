"""`python -m benchmarks.faults.skewed SECONDS CELERY-WORDS…`: Celery on a machine whose clock is wrong by so much."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import time_machine

if __name__ == "__main__":
    wrong = timedelta(seconds=float(sys.argv.pop(1)))
    time_machine.travel(datetime.now(UTC) + wrong, tick=True).start()
    from celery.__main__ import main

    sys.argv[0] = "celery"
    main()
