"""The set-up of docs/operations.md, the units and the example settings name the same places."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import Settings
from tests.factories import ROOT
from tests.rules.test_house import SECRETS

GUIDE = (ROOT / "docs" / "operations.md").read_text("utf-8")
CHAPTER = GUIDE.partition("## Installing under systemd")[2].partition("\n## ")[0]
STEPS = "".join(re.findall(r"```sh\n(.*?)```", CHAPTER, re.DOTALL))
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def values(unit: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text("utf-8"), re.MULTILINE)


def test_the_settings_that_the_guide_makes_put_everything_where_the_units_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (step,) = (line for line in STEPS.splitlines() if line.startswith("sed "))
    command, _, target = step.partition(" > ")
    made = subprocess.run(shlex.split(command), cwd=ROOT, capture_output=True, check=True).stdout
    copy = tmp_path / Path(target).name
    copy.write_bytes(made)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    storage = Settings.load(copy).storage
    for unit in UNITS:
        (writable,) = values(unit, "ReadWritePaths")
        for folder in (storage.data, storage.inbox, storage.output, storage.fonts):
            assert folder.is_relative_to(writable), f"{unit.name} may not write {folder}"
    assert f"publisher {storage.data} {storage.inbox}\n" in STEPS
    assert f"scripts/install_fonts.py {storage.fonts}\n" in STEPS


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_what_a_unit_names_is_made_by_the_guide(unit: Path) -> None:
    (program,) = values(unit, "ExecStart")
    (folder,) = values(unit, "WorkingDirectory")
    (config,) = values(unit, "Environment")
    (secrets,) = values(unit, "EnvironmentFile")
    (user,) = values(unit, "User")
    assert program.startswith(f"{folder}/.venv/bin/publisher ")
    assert f"cd {folder}\npython3 -m venv .venv\n" in STEPS
    assert f"> {config.partition('=')[2]}\n" in STEPS
    assert f"> {secrets} <<END" in STEPS
    assert re.search(rf"^useradd .* {user}$", STEPS, re.MULTILINE)


def test_commands_of_staff_run_as_the_units_do() -> None:
    script = (ROOT / "deploy" / "publisher").read_text("utf-8")
    unit = UNITS[0]
    for option in (
        *(f"--uid={user}" for user in values(unit, "User")),
        *(f"--setenv={value}" for value in values(unit, "Environment")),
        *(f"--property=EnvironmentFile={value}" for value in values(unit, "EnvironmentFile")),
        *(value.rpartition(" ")[0] for value in values(unit, "ExecStart")),
    ):
        assert option in script


def test_the_guide_asks_for_every_secret_of_the_example() -> None:
    text = (ROOT / "config" / "publisher.example.toml").read_text("utf-8")
    lines = [line for line in text.splitlines() if "{ env =" in line.partition("#")[0]]
    names = [re.findall(r'\{ env = "(\w+)" \}', line)[0] for line in lines]
    assert names
    for name in names:
        assert f"{name}=" in STEPS


@pytest.mark.parametrize("name", re.findall(r"^publisher (\w[\w-]*)", STEPS, re.MULTILINE))
def test_the_guide_names_commands_that_exist(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "publisher", name, "--help"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
