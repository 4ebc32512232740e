"""What staff see of what is wrong: below the list, and by a command that a monitor can call."""

import sqlite3
import subprocess
from contextlib import closing

import psycopg

from tests.factories import ROOT
from tests.simulators.server import Fault
from tests.support.desk import Desk
from tests.support.postbox import PostboxSimulator
from tests.support.postgres import PostgresServer

_AN_HOUR_AHEAD = """
CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql
    AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 hour' $$;
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
END $$
"""


def test_without_troubles_it_says_so(desk: Desk) -> None:
    done = desk.run("troubles")
    assert done.returncode == 0
    assert "没有要紧的情况" in done.stdout
    assert desk.json("troubles") == []


def test_a_pause_is_shown_below_the_list_and_to_a_monitor(desk: Desk) -> None:
    paused = desk.run("pause", "post", "--by", "赵值", "--why", "核对名单")
    assert paused.returncode == 0, paused.stderr
    (trouble,) = desk.json("troubles")
    assert trouble.startswith("邮箱已暂停：赵值")
    assert desk.run("troubles").returncode == 1
    assert trouble in desk.run("status").stdout
    assert desk.json("status") == [], "a list of items, as ever"


def test_working_once_tells_staff_what_failed(desk: Desk, box: PostboxSimulator) -> None:
    """The alert goes to the log, which is on standard error."""
    assert desk.run("submit", desk.approved()).returncode == 0
    box.plan(Fault.CODE, "/letters", code="422")
    done = desk.run("work", "--once")
    assert "publisher resend A-1 --channel post" in done.stderr
    assert "A-1" not in desk.run("work", "--once").stderr, "told once"


def test_a_server_whose_clock_is_an_hour_ahead_is_said(
    desk: Desk, postgres: PostgresServer
) -> None:
    url = postgres.fresh()
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(_AN_HOUR_AHEAD)
    desk.environment["PUBLISHER_STORAGE__DATABASE"] = url
    (trouble,) = desk.json("troubles")
    assert trouble.startswith("本机时钟比数据库服务器慢 3600 秒")
    with subprocess.Popen(
        desk.command("work"), cwd=ROOT, env=desk.environment, stderr=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stderr
        assert "clock_off" in worker.stderr.readline()
        worker.terminate()
    assert worker.returncode == 0


def test_what_a_worker_fails_over_is_said_until_it_is_well_again(desk: Desk) -> None:
    desk.run("submit", desk.approved())
    data = desk.folder / "data"
    with closing(sqlite3.connect(data / "publisher.db")) as raw:
        raw.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON batches BEGIN SELECT RAISE(ABORT, ''); END"
        )
    worked = subprocess.run(
        desk.command("work", "--once"),
        cwd=ROOT,
        env=desk.environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert worked.returncode == 1
    (trouble,) = desk.json("troubles")
    assert trouble.startswith("邮箱出错（")
    assert "程序错误（" in trouble
    with closing(sqlite3.connect(data / "publisher.db")) as raw:
        raw.execute("DROP TRIGGER broken")
    assert desk.run("work", "--once").returncode == 0
    assert desk.json("troubles") == []
