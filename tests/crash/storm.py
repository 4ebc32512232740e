"""The storm: one worker is killed again and again, the broker and the database go and come back.

Another worker and a beat live through all of it, and must be as good as new at its end.
"""

import random
import signal
import subprocess
import time
from collections.abc import Callable

from tests.crash.cluster import Cluster
from tests.crash.scene import add, amend
from tests.crash.table import Table
from tests.support.office import kill, wait_until_at_work

_PATIENCE = 30.0

Blow = Callable[[], None]


class Storm:
    """Blows in a fixed order, at the moments of the dice; what came of them is counted."""

    def __init__(self, city: Cluster, table: Table, dice: random.Random) -> None:
        self._city = city
        self._table = table
        self._dice = dice

    def rage(self, kills: int) -> None:
        """News come in all the time, the corrections and the withdrawals at half-time."""
        lasting = [self._city.start("work"), self._city.start("beat")]
        outages = (self._broker, self._database_at_once, self._database)
        victim = self._city.begin("work")
        for number in range(kills):
            wait_until_at_work(victim)
            self._city.scene.outside.take_long_once()
            add(self._city.scene, number + 1)
            if number == kills // 2:
                amend(self._city.scene)
            blows = [lambda: self._kill(victim), outages[number % len(outages)]]  # noqa: B023 - now
            self._dice.shuffle(blows)
            for blow in blows:
                time.sleep(self._dice.uniform(0.05, 0.6))
                blow()
            victim = self._city.begin("work")
        self._calm(lasting, victim)

    def _calm(self, lasting: list[subprocess.Popen[str]], last: subprocess.Popen[str]) -> None:
        """All live until nothing is left; then who has lived through it is looked at alone."""
        wait_until_at_work(last)
        self._city.wait_until_done()
        _end(last)
        worker, beat = lasting
        _end(beat)
        city = self._city.scene.city()
        city.publisher.wake()
        city.close()
        assert self._city.queues_empty(), f"it takes nothing any more\n{self._city.said()[-6000:]}"
        _end(worker)
        raised = self._city.raised()
        self._table.raised += len(raised)
        self._table.troubles += [f"raised: {one[:2000]}" for one in raised]

    def _kill(self, victim: subprocess.Popen[str]) -> None:
        assert victim.poll() is None, f"it died by itself\n{self._city.said()[-6000:]}"
        kill(victim)
        self._table.kills += 1

    def _broker(self) -> None:
        self._city.broker.kill()
        self._away()
        self._city.broker.start()
        self._table.brokers += 1

    def _database_at_once(self) -> None:
        self._city.server.kill()
        self._away()
        self._city.server.start()
        self._table.databases += 1

    def _database(self) -> None:
        self._city.server.stop()
        self._away()
        self._city.server.start()
        self._table.databases += 1

    def _away(self) -> None:
        time.sleep(self._dice.uniform(0.0, 0.8))


def _end(process: subprocess.Popen[str]) -> None:
    """It ends cleanly when it is told to."""
    process.send_signal(signal.SIGTERM)
    code = process.wait(_PATIENCE)
    assert code == 0, code
