"""What the lock files install is enough: nothing else of the tests' environment is to be had."""

from pathlib import Path

import pytest

from tests.support.brokers import TestBroker
from tests.support.locked import Locked

PROBLEM = """
import sys
from pydantic import SecretStr
from publisher.runners.celery import Broker
print(Broker(SecretStr(sys.argv[1])).problem() or "none")
"""
ALL_ROOMS = """
import channels.broadcast, channels.noticeboard, channels.sms, channels.website, channels.wechat
import publisher.cli
print("none")
"""


@pytest.fixture
def distributed(tmp_path: Path) -> Locked:
    return Locked("requirements-distributed.lock", tmp_path / "packages")


def test_several_machines_talk_to_either_broker_with_what_their_lock_installs(
    distributed: Locked, broker: TestBroker
) -> None:
    done = distributed.python(PROBLEM, broker.url)
    assert (done.stdout.strip(), done.returncode) == ("none", 0), done.stderr


def test_they_reach_postgresql_with_what_their_lock_installs(distributed: Locked) -> None:
    done = distributed.python("import psycopg; print(psycopg.pq.__impl__)")
    assert done.stdout.strip() == "binary", done.stderr


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-distributed.lock"])
def test_every_room_opens_with_what_a_lock_installs(tmp_path: Path, lock: str) -> None:
    done = Locked(lock, tmp_path / "packages").python(ALL_ROOMS)
    assert (done.stdout.strip(), done.returncode) == ("none", 0), done.stderr


def test_a_missing_package_is_named_with_how_to_install_it(
    distributed: Locked, redis: TestBroker
) -> None:
    distributed.remove("packaging")
    said = distributed.python(PROBLEM, redis.url).stdout
    assert "缺少 Python 软件包 packaging，请" in said
    assert "requirements-distributed.lock" in said
    assert "连不上" not in said


def test_one_machine_that_turns_to_celery_is_told_what_to_install(tmp_path: Path) -> None:
    code = "from publisher.bootstrap import _celery; _celery()"
    said = Locked("requirements.lock", tmp_path / "packages").python(code).stderr
    assert "engine.runner：缺少 Python 软件包" in said
    assert "requirements-distributed.lock" in said
