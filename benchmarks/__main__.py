"""`python -m benchmarks [all or a name of _PARTS]`: measures, prints tables."""

import sys
import time

from rich.console import Console

from benchmarks import (
    console,
    engine_tables,
    rebuilding,
    scale_tables,
    serving,
    submitting,
    walk_tables,
)
from benchmarks.engine import quiet

_PARTS = {
    "walk": walk_tables.show,
    "engine": engine_tables.show,
    "rebuild": rebuilding.show,
    "serving": serving.show,
    "scale": scale_tables.show,
    "console": console.show,
    "submitting": submitting.show,
}


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else "all"
    if wanted not in {*_PARTS, "all"}:
        sys.exit(f"one of {', '.join(_PARTS)}, all")
    quiet()
    screen = Console()
    began = time.monotonic()
    for name, show in _PARTS.items():
        if wanted in {name, "all"}:
            show(screen)
    screen.print(f"measured in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
