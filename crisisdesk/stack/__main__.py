"""`python -m crisisdesk.stack up`: the supervisor, without loading Django into its own process."""

from __future__ import annotations

import argparse
import sys

from crisisdesk.env import BadSetting
from crisisdesk.stack import checks, system
from crisisdesk.stack.binaries import MissingProgram
from crisisdesk.stack.console import Console
from crisisdesk.stack.plan import Plan, WrongKind
from crisisdesk.stack.postgres import PostgresFailed
from crisisdesk.stack.supervisor import CannotStart, Supervisor
from crisisdesk.stack.valkey import ValkeyFailed

CANNOT = (
    BadSetting,
    CannotStart,
    MissingProgram,
    PostgresFailed,
    ValkeyFailed,
    WrongKind,
)


def up(*, demo: bool) -> int:
    """Run a desk until it is told to stop; 1 when it could not start, with the reason said."""
    console = Console()
    console.say("Crisis Desk")
    try:
        plan = Plan.from_environment(demo=demo)
        findings = list(checks.before_start(plan))
        for finding in findings:
            console.say(f"  ! {finding.what} {finding.mend}")
        if any(finding.stops for finding in findings):
            return 1
        plan.settle_kind(demo_wanted=demo)
        Supervisor(plan, console).run()
    except CANNOT as reason:
        console.say(f"\n{reason}")
        return 1
    return 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="crisisdesk.stack")
    parser.add_argument("command", choices=["up", "libraries", "browser"])
    parser.add_argument("--no-demo", action="store_true", help="a real desk, without demo people")
    given = parser.parse_args()
    if given.command == "libraries":
        system.ensure_pdf_libraries(Console())
        return 0
    if given.command == "browser":
        return 0 if system.ensure_browser(Console()) else 1
    return up(demo=not given.no_demo)


if __name__ == "__main__":
    sys.exit(main())
