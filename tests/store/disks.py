"""Disks that are small or read-only: mounted in a namespace of their own, seen by nobody else."""

import os
import subprocess

import pytest

NAMESPACE = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]
CAN_MOUNT = pytest.mark.skipif(
    subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode != 0,
    reason="this machine lets nobody mount a disk of his own",
)
