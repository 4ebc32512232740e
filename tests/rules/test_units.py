"""The systemd units: systemd takes them as they are, and what they start exists."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from publisher.cli import app
from tests.factories import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
PROGRAM = "/opt/publisher/.venv/bin/publisher"


def test_there_is_a_unit_for_each_program_that_stays() -> None:
    assert [unit.stem for unit in UNITS] == [
        "publisher-beat",
        "publisher-console",
        "publisher-serve",
        "publisher-work",
    ]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_there_is(unit: Path) -> None:
    (command,) = re.findall(rf"^ExecStart={PROGRAM} (\S+)$", unit.read_text("utf-8"), re.MULTILINE)
    assert command in {one.name for one in app.registered_commands}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this machine has no systemd")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_the_unit(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text("utf-8").replace(PROGRAM, "/bin/true"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
