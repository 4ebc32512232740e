"""What others do with the same posts to the same stub, beside us and in the same run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import apprise

from benchmarks.engine import CHANNEL, at_work, opened, quiet
from benchmarks.stub import Stub

_ROOT = Path(__file__).resolve().parent.parent


def ours(folder: Path, stub: Stub, many: int, broker: str = "") -> float:
    """Posts a second from a queue that waits, through claim and settle; SQLite, one channel."""
    with opened(folder, broker=broker, options={"url": stub.url}) as bench:
        for data in bench.approved(many):
            bench.submit(data)
        with at_work(bench) as runner:
            runner.wake(CHANNEL)
            return _rate(stub.times(many))


def ours_on_celery(folder: Path, stub: Stub, many: int, broker: str) -> float:
    """The same with the Celery runner, in a process of its own: a process has one such runner."""
    with get_context("spawn").Pool(1, quiet) as process:
        return process.apply(ours, (folder, stub, many, broker))


def by_apprise(stub: Stub, many: int) -> float:
    """Posts a second of a loop over Apprise, which keeps nothing and promises nothing."""
    sender = apprise.Apprise()
    sender.add(stub.url.replace("http://", "json://"))
    for number in range(many):
        assert sender.notify(title=f"B-{number}", body=f"B-{number}")
    return _rate(stub.times(many))


def by_plain_tasks(stub: Stub, many: int, broker: str) -> float:
    """Posts a second of a Celery worker with a task a delivery, from a queue that waits."""
    environment = os.environ | {"PLAIN_BROKER": broker}
    code = (
        "from benchmarks.plain import post\n"
        f"for number in range({many}): post.delay({stub.url!r}, f'B-{{number}}')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=_ROOT, env=environment, check=True)
    with _plain_worker(environment):
        return _rate(stub.times(many))


@contextmanager
def _plain_worker(environment: dict[str, str]) -> Iterator[None]:
    """One process that runs one task after the other, as one channel of ours does."""
    command = [sys.executable, "-m", "celery", "-A", "benchmarks.plain", "worker"]
    command += ["--pool", "solo", "--loglevel", "ERROR"]
    with subprocess.Popen(
        command, cwd=_ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def _rate(times: list[float]) -> float:
    """From the first arrival to the last: what starting up costs is left out."""
    return (len(times) - 1) / (times[-1] - times[0])
