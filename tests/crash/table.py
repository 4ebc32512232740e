"""What came of many lives and deaths: counted, and shown."""

from collections import Counter
from dataclasses import dataclass, field

from tests.crash.audit import KINDS, Findings


@dataclass
class Table:
    """What came of many runs of one kind.

    `out` of the `unknown` had really gone out. `stranded` batches were in the hands of somebody who
    died or was cut off.
    """

    title: str
    steps: int = 0
    runs: int = 0
    kills: int = 0
    brokers: int = 0
    databases: int = 0
    raised: int = 0
    unknown: int = 0
    out: int = 0
    strays: int = 0
    stranded: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    def add(self, found: Findings, where: str) -> None:
        self.runs += 1
        self.unknown += found.unknown
        self.out += found.out
        self.strays += found.strays
        self.stranded += found.stranded
        self.statuses += found.statuses
        for kind in KINDS:
            self.bad[kind] += len(getattr(found, kind))
        self.troubles += [f"{where}: {one}" for one in found.troubles]


def show(table: Table) -> str:
    numbers = {
        "steps": table.steps or "-",
        "runs": table.runs,
        "kills": table.kills,
        "broker restarts": table.brokers or "-",
        "database restarts": table.databases or "-",
        "stranded": table.stranded,
        "raised": table.raised,
        **{kind: table.bad[kind] for kind in KINDS},
        "unknown": f"{table.unknown} (out: {table.out})",
        "strays": table.strays,
    }
    lines = [table.title, "  " + "  ".join(f"{name} {value}" for name, value in numbers.items())]
    stand = "  ".join(f"{status} {many}" for status, many in sorted(table.statuses.items()))
    return "\n".join([*lines, f"  deliveries: {stand}", *(f"  ! {one}" for one in table.troubles)])
