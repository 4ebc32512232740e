"""The console, or a worker, of the big city, each in a process of its own as in a real one.

`python -m benchmarks.console_process console|work FOLDER`; ends when its standard input does.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

from benchmarks.engine import quiet
from benchmarks.scale import big_settings
from publisher.access import SCOPE_WORDS
from publisher.accounts.passwords import a_temporary_password
from publisher.bootstrap import Publisher, build
from publisher.web.office.app import office_app
from publisher.web.server import Server


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    quiet()
    city = build(big_settings(folder))
    try:
        (_console if what == "console" else _work)(city)
    finally:
        city.close()


def _console(city: Publisher) -> None:
    facts = {"cookie": _cookie(city), "bearer": _bearer(city)}
    app, close = office_app(city)
    with Server(app) as server:
        _say(facts | {"url": server.url})
    close()


def _work(city: Publisher) -> None:
    runner = city.local_runner()
    runner.start()
    _say({})
    runner.stop()


def _say(facts: dict[str, str]) -> None:
    """Say that we are ready, and wait to be let go."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


def _cookie(city: Publisher) -> str:
    now, first, own = city.clock(), a_temporary_password(), a_temporary_password()
    login = f"bench-{os.getpid()}"  # a second console finds the first one's user
    user = city.accounts.people.add(
        login, name="测量", role="administrator", password=first, by="测量", now=now
    )
    city.accounts.entrance.change_password(
        user.person, first, own, cookie="", address="127.0.0.1", now=now
    )
    entered = city.accounts.entrance.login(login, own, address="127.0.0.1", now=now)
    return entered.cookie


def _bearer(city: Publisher) -> str:
    now = city.clock()
    issued = city.accounts.tokens.issue(
        "测量", scopes=list(SCOPE_WORDS), expires_at=now + timedelta(days=1), by="测量", now=now
    )
    return issued.bearer


if __name__ == "__main__":
    main()
