"""What goes wrong in a thread that goes on: one sentence for staff, or a traceback for us."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from redis.exceptions import ConnectionError as RedisConnectionError
from structlog.testing import capture_logs

from publisher.runners.celery import Broker
from publisher.runners.celery.worker import ToStructlog
from publisher.runners.local import LocalRunner
from publisher.runners.timer import Timer
from publisher.store import StoreError

_AWAY = "数据库 city：连接中断，稍后会重新连接"
_HOUR = timedelta(hours=1)


def locally(flush: Callable[[str], bool]) -> None:
    LocalRunner(flush, ["post"], sweep=_HOUR).run_once()


def by_timer(flush: Callable[[str], bool]) -> None:
    Timer("post", lambda: flush("post"), _HOUR).turn()


def said(run: Callable[[Callable[[str], bool]], None], error: Exception) -> dict[str, Any]:
    def flush(_channel: str) -> bool:
        raise error

    with capture_logs() as lines:
        run(flush)
    assert len(lines) == 1
    return dict(lines[0])


@pytest.mark.parametrize("run", [locally, by_timer])
def test_a_database_that_is_away_is_one_sentence(
    run: Callable[[Callable[[str], bool]], None],
) -> None:
    line = said(run, StoreError(_AWAY))
    assert line["reason"] == _AWAY
    assert line["log_level"] == "error"
    assert "post" in line.values()
    assert "exc_info" not in line


@pytest.mark.parametrize("run", [locally, by_timer])
def test_a_bug_is_told_with_its_traceback(run: Callable[[Callable[[str], bool]], None]) -> None:
    line = said(run, ValueError("a secret"))
    assert line["error"] == "ValueError"
    assert line["exc_info"]


@pytest.mark.parametrize(
    ("url", "error", "told"),
    [
        ("redis://127.0.0.1:1//", RedisConnectionError(), False),
        ("amqp://127.0.0.1:1//", ConnectionResetError(), False),
        ("amqp://127.0.0.1:1//", ValueError(), True),
    ],
)
def test_celery_tells_a_traceback_only_of_a_bug(url: str, error: Exception, *, told: bool) -> None:
    handler = ToStructlog(Broker(SecretStr(url)).cut_off)
    raised = (type(error), error, None)
    with capture_logs() as lines:
        handler.handle(
            logging.LogRecord("celery", logging.CRITICAL, "", 0, "Couldn't\nack", None, raised)
        )
    assert lines[0]["said"] == "Couldn't ack"
    assert bool(lines[0]["exc_info"]) is told
