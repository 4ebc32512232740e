"""The packages of one lock file and no others, as an installation made from it would have them.

Built from what the tests' own environment holds, whose lock agrees with the smaller ones: no
network, and done in a moment.
"""

import os
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests.factories import ROOT


class Locked:
    """An environment in a folder: links to the installed packages that the lock file names."""

    def __init__(self, lock: str, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for wanted in _requirements(ROOT / lock):
            found = distribution(wanted.name)
            assert found.version in wanted.specifier, f"{lock}: {wanted}, here {found.version}"
            for part in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
                link = folder / part
                if not link.exists():
                    link.symlink_to(str(found.locate_file(part)))

    def remove(self, package: str) -> None:
        """Take a package away, as if it had never been installed."""
        (self.folder / package).unlink()

    def python(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program that sees the standard library, our own rooms and these packages."""
        path = os.pathsep.join([str(self.folder), str(ROOT)])
        return subprocess.run(
            [sys.executable, "-S", "-c", code, *arguments],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def _requirements(lock: Path) -> list[Requirement]:
    """The lines of the lock that hold on this machine."""
    lines = lock.read_text("utf-8").replace("\\\n", " ").splitlines()
    found = [Requirement(line.split("--hash")[0].strip()) for line in lines if line.strip()]
    return [one for one in found if one.marker is None or one.marker.evaluate()]
