"""Reading the site: how many requests a second nginx answers, beside Python's own web server.

wrk asks as fast as it is answered. It shares the cores of this machine with whoever answers, so the
ratios say more than the numbers.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.factories import ROOT
from tests.site.small_site import GONE, HERE, make_small_site
from tests.support.nginx import Answer, answer_of, free_ports, serving

CONNECTIONS = 16
SECONDS = 1
ROUNDS = 3
PAGE = f"{HERE}.html"
_PATIENCE = 20.0


def show(screen: Console) -> None:
    with tempfile.TemporaryDirectory() as name:
        site = make_small_site(Path(name))
        # As long as a page of ours, and of words that differ, or compressing it would be too easy.
        (site / PAGE[1:]).write_text((ROOT / "README.zh-CN.md").read_text("utf-8"), "utf-8")
        with serving(site, workers=2) as nginx, _python(site) as python:
            screen.print(_table(nginx.port, python))
            gone = _rate(nginx.port, f"{GONE}.html", {}, 410)
    screen.print(f"nginx, a page that was withdrawn (410): {gone:,.0f} requests/s\n")


def _table(nginx: int, python: int) -> Table:
    page = _ask(nginx, PAGE)
    table = Table(
        title=f"A page of {len(page.body):,} bytes, {CONNECTIONS} connections: requests/s, "
        f"median of {ROUNDS}"
    )
    table.add_column("asked for")
    for head in ("nginx", "http.server", "ratio"):
        table.add_column(head, justify="right")
    known = {"If-Modified-Since": page["Last-Modified"] or ""}
    for title, headers, status in (
        ("the page", {}, 200),
        ("the page, compressed by nginx only", {"Accept-Encoding": "gzip"}, 200),
        ("whether it has changed (304)", known, 304),
    ):
        fast, slow = _beside(nginx, python, headers, status)
        table.add_row(title, f"{fast:,.0f}", f"{slow:,.0f}", f"{fast / slow:.1f}")
    return table


def _beside(
    nginx: int, python: int, headers: Mapping[str, str], status: int
) -> tuple[float, float]:
    """Both in turn, so that what else the machine does meets both."""
    rates = [
        [_rate(port, PAGE, headers, status) for port in (nginx, python)] for _ in range(ROUNDS)
    ]
    return median(pair[0] for pair in rates), median(pair[1] for pair in rates)


def _rate(port: int, path: str, headers: Mapping[str, str], status: int) -> float:
    assert _ask(port, path, headers).status == status
    given = [f"--header={name}: {value}" for name, value in headers.items()]
    command = ["wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={SECONDS}s"]
    command += [*given, f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (rate,) = re.findall(r"^Requests/sec: +([\d.]+)$", said, re.MULTILINE)
    assert status == 410 or "Non-2xx" not in said, said
    return float(rate)


def _ask(port: int, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    with closing(HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as connection:
        return answer_of(connection, path, sent=dict(headers or {}))


@contextmanager
def _python(site: Path) -> Iterator[int]:
    """The web server that Python brings along, as it comes: a connection for each request.

    Over connections that stay open its longer pages would wait for the system's 40 ms timer.
    """
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    command += ["--directory", str(site)]
    nothing = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=nothing, stderr=nothing) as process:
        try:
            _await(port)
            yield port
        finally:
            process.terminate()


def _await(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(ConnectionError):
            _ask(port, "/")
            return
        time.sleep(0.05)
    raise TimeoutError("Python's web server does not answer")
