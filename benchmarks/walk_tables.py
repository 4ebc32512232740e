"""The walk in tables: one item, then many, through all five channels.

One city, its five channels, simulators that answer at once, on this machine.
"""

import resource
import statistics
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.walk import CORE, Lap, Track, helper_peaks

WARM_UP = 5
ROUNDS = 20
MANY = 200


def show(screen: Console) -> None:
    with tempfile.TemporaryDirectory() as folder, Track(Path(folder)) as track:
        for number in range(WARM_UP):
            track.lap_alone(track.approved(f"W-{number}"))
        alone = [track.approved(f"A-{number}") for number in range(ROUNDS)]
        screen.print(_one("one thread", [track.lap_alone(data) for data in alone]))
        track.start()
        singles = [[track.approved(f"O-{number}")] for number in range(ROUNDS)]
        screen.print(_one("a thread a channel", [track.lap(single) for single in singles]))
        many = [track.approved(f"M-{number}") for number in range(MANY)]
        screen.print(_many(track.lap(many)))
        screen.print(_memory())


def _one(how: str, laps: list[Lap]) -> Table:
    """`core` is submit and the five flushes, added up, without what adapters do in them.

    With a thread a channel the parts overlap, and the core's figure holds its waits for the
    database and for a processor.
    """
    table = Table(title=f"One item, {how}, {len(laps)} rounds: submit to five channels handed over")
    for head in ("part", "median ms", "worst ms", "to wall clock"):
        table.add_column(head, justify="right")
    total = statistics.median(lap.total for lap in laps)
    for part in sorted(laps[0].parts, key=lambda part: part != CORE):
        times = [lap.parts.get(part, 0.0) for lap in laps]
        middle = statistics.median(times)
        table.add_row(part, _ms(middle), _ms(max(times)), f"{middle / total:.2f}")
    table.add_row("wall clock", _ms(total), _ms(max(lap.total for lap in laps)), "1.00")
    return table


def _many(lap: Lap) -> Table:
    table = Table(title=f"{MANY} items through five channels: {MANY / lap.total:.1f} items/s")
    for head in ("part", "seconds", "share of the time spent"):
        table.add_column(head, justify="right")
    spent = sum(lap.parts.values())
    for part, seconds in lap.parts.items():
        table.add_row(part, f"{seconds:.2f}", f"{seconds / spent:.0%}")
    table.add_row("wall clock", f"{lap.total:.2f}", "")
    return table


def _memory() -> Table:
    table = Table(title="Peak memory")
    table.add_column("process")
    table.add_column("MB", justify="right")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.add_row("worker, with the harness of this benchmark", f"{own:.0f}")
    for name, peak in helper_peaks().items():
        table.add_row(name, f"{peak:.0f}")
    return table


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
