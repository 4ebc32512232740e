"""The audit and the evidence at the command line."""

import csv
import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from publisher.cli import run
from tests.support.city import KEYS, City, settings_for
from tests.support.desk import CONFIG


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clerk's folder with one item; no channel is there to be called."""
    (tmp_path / "publisher.toml").write_text(CONFIG, "utf-8")
    environment = {
        "PUBLISHER_CONFIG": str(tmp_path / "publisher.toml"),
        "KEY_ONE": KEYS["encryption_key"],
        "KEY_TWO": KEYS["index_key"],
        "BOX": "http://127.0.0.1:9",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stanza = {"adapter": "tests.support.postbox", "options": {"base_url": environment["BOX"]}}
    city = City(settings_for(tmp_path, {"post": {**stanza, "title": "邮箱"}}))
    city.submit()
    city.publisher.staff.pause("post", by="=张敏", why="检修", now=city.clock())
    city.close()
    return tmp_path


def test_the_audit_becomes_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / f"{'操作' * 20}[记录].csv"
    assert run(["audit", "--from", "2026-11-23", "--to", "2026-11-23", "--out", str(out)]) == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"), newline="")))
    assert [one["操作"] for one in rows] == ["提交", "暂停渠道"]
    assert rows[0]["时间"] == "2026-11-23 09:30:00+08:00"
    assert rows[1]["经办人"] == "'=张敏"
    assert f"{out}\n" in capsys.readouterr().out, "its path can be copied from there"
    assert run(["audit", "--json"]) == 0
    assert [one["act"] for one in json.loads(capsys.readouterr().out)] == [
        "submitted",
        "paused",
        "audit_exported",
    ]


def test_the_audit_can_be_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder
    assert run(["audit", "--item", "A-1"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "提交" in line
    assert "命令行" in line
    assert run(["audit", "--to", "2026-11-22"]) == 0
    assert "没有操作记录" in capsys.readouterr().out
    assert run(["audit", "--from", "昨天"]) == 2
    assert "--from 后面的「昨天」不对" in capsys.readouterr().err


def test_the_evidence_becomes_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "证据" / "A-1.zip"
    assert run(["evidence", "A-1", "--out", str(out)]) == 0
    with ZipFile(out) as package:
        assert package.testzip() is None
        assert {"README.txt", "manifest.json", "SHA256SUMS"} <= set(package.namelist())
    assert [one.name for one in out.parent.iterdir()] == ["A-1.zip"]
    assert run(["evidence", "Z-9", "--out", str(out)]) == 1
    assert "没有编号为「Z-9」" in capsys.readouterr().err
    beyond = folder / "publisher.toml" / "x.zip"
    assert run(["evidence", "A-1", "--out", str(beyond)]) == 1
    assert f"写不了 {beyond}" in capsys.readouterr().err
