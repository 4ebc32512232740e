"""The command line: for staff, in Chinese. Exit codes: 0 done, 1 refused or failed, 2 wrong use."""

import sys
from collections.abc import Sequence

import typer

from config.settings import ConfigError
from publisher.accounts import AccountError
from publisher.cli import (
    admin,
    check_site,
    database,
    desk,
    door,
    orders,
    people,
    rebuilding,
    records,
    systems,
    troubles,
    work,
)
from publisher.cli.app import app, say_error
from publisher.cli.usage import in_chinese
from publisher.operations import NotPossible
from publisher.store import StoreError

__all__ = ["app", "main", "run"]

for room in (
    *(door, desk, orders, troubles, work, check_site, rebuilding),
    *(records, admin, people, systems, database),
):
    room.register(app)


def main() -> None:
    """Run the command line."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command; what a person can mend is one sentence, never a traceback."""
    try:
        return app(words, prog_name="publisher", standalone_mode=False) or 0
    except typer.TyperException as error:
        say_error(in_chinese(error))
        return error.exit_code
    except NotPossible as error:
        options = "、".join(f"--{field.replace('_', '-')}" for field in error.fields)
        say_error(f"{options}：{error}" if options else str(error))
        return 1
    except (ConfigError, StoreError, AccountError) as error:
        say_error(str(error))
        return 1
