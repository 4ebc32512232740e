"""The command line: for staff, in Chinese. Exit codes: 0 done, 1 refused or failed, 2 wrong use."""

import sys

from config.settings import ConfigError
from publisher.cli import admin, database, desk, door, orders, troubles, work
from publisher.cli.app import app, say_error
from publisher.operations import NotPossible
from publisher.store import StoreError

__all__ = ["app", "main"]

for room in (door, desk, orders, troubles, work, admin, database):
    room.register(app)


def main() -> None:
    """Run the command line; what a person can mend is one sentence, never a traceback."""
    try:
        app()
    except (ConfigError, StoreError, NotPossible) as error:
        say_error(str(error))
        sys.exit(1)
