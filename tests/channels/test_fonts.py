"""The font set-up: complete, quick the second time, plain when the net is away."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.factories import ROOT

SCRIPT = ROOT / "scripts" / "install_fonts.py"
FONTS = ROOT / "var" / "fonts"


def install(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(folder)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def offline(folder: Path) -> str:
    """An apt that has no package lists and cannot reach any."""
    (folder / "lists" / "partial").mkdir(parents=True)
    settings = folder / "apt.conf"
    settings.write_text(
        f'Dir::State::lists "{folder / "lists"}";\n'
        'Acquire::http::Proxy "http://127.0.0.1:9";\nAcquire::https::Proxy "http://127.0.0.1:9";\n'
    )
    return str(settings)


def test_a_complete_folder_is_left_alone_at_once() -> None:
    began = time.monotonic()
    done = install(FONTS)
    assert done.returncode == 0
    assert "已齐全" in done.stdout
    assert time.monotonic() - began < 3


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="not a Debian machine")
def test_a_spoilt_font_is_noticed_and_failure_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    shutil.copytree(FONTS, folder)
    spoilt = folder / "FandolKai-Regular.otf"
    spoilt.write_bytes(spoilt.read_bytes()[:-1])
    before = sorted(path.name for path in folder.iterdir())
    done = install(folder, APT_CONFIG=offline(tmp_path / "apt"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "连不上" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
