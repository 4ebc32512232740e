"""Timekeeping: whether the clock of this machine agrees with that of the database server.

What one machine writes another reckons with: who waits for the end of a call that another began
must mean the same by «now».
"""

from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from publisher.courier import Clock
from publisher.store import Database

log = structlog.get_logger(__name__)

_MOST = timedelta(seconds=10)


@dataclass(slots=True)
class Timekeeping:
    """`look` logs what `problem` finds, once until it is well again."""

    database: Database
    clock: Clock
    _off: bool = field(default=False, init=False)

    def problem(self) -> str:
        """One Chinese sentence if the clocks differ too much, whatever the question took."""
        before = self.clock()
        theirs = self.database.clock()
        after = self.clock()
        if theirs is None:
            return ""
        if before - theirs > _MOST:
            return _OFF.format(how="快", seconds=_seconds(before - theirs))
        if theirs - after > _MOST:
            return _OFF.format(how="慢", seconds=_seconds(theirs - after))
        return ""

    def look(self) -> None:
        problem = self.problem()
        if problem and not self._off:
            log.warning("clock_off", reason=problem)
        elif self._off and not problem:
            log.warning("clock_right", reason="本机时钟与数据库服务器又一致了")
        self._off = bool(problem)


_OFF = (
    "本机时钟比数据库服务器{how} {seconds} 秒，可能发早、发晚甚至重复发送："
    "请在每台机器上打开自动校时（timedatectl set-ntp true）"
)


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())
