"""Watch: staff are told once about what needs them, and what stands still is noticed.

The rows say what is to be told (`tell_at`), so an alert is told at least once: who is killed
between the hook's return and the mark leaves it to be told again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

import structlog

from publisher import advice
from publisher.alert import Alert, AlertFailed, Hook
from publisher.channel import HasLists
from publisher.courier import Clock
from publisher.model import Status
from publisher.route import Route
from publisher.store import Store
from publisher.store.pauses import Pause
from publisher.store.watching import Concern

log = structlog.get_logger(__name__)

_LINES = 20
_WAIT = timedelta(minutes=1)
"""Between two tries of a hook that fails, and between two alerts where one does not hold all; who
waits longer than this is in trouble.
"""
_IN_VAIN = 3
_FIRST = (Status.LOST, Status.UNKNOWN, Status.FAILED, Status.AWAITING)
_LOCK = "tend"


@dataclass(slots=True, kw_only=True)
class Watch:
    """The watch of one city. `chores` are done in each round too; each gets the time."""

    city: str
    store: Store
    routes: Mapping[str, Route]
    hook: Hook
    clock: Clock
    zone: tzinfo
    patience: timedelta
    sweep: timedelta
    chores: Sequence[Callable[[datetime], object]] = ()
    _not_before: datetime | None = field(default=None, init=False)

    def tend(self) -> bool:
        """One round; any number of processes may ask for it. False if another is at it."""
        with self.store.database.channel_lock(_LOCK) as held:
            if not held:
                return False
            self._tell(self.clock())
            for chore in self.chores:
                chore(self.clock())
            return True

    def _tell(self, now: datetime) -> None:
        if self._not_before and now < self._not_before:
            return
        hung = {name: route.hung_since(now) for name, route in self.routes.items()}
        concerns = self.store.watching.to_tell(now, {k: v for k, v in hung.items() if v})
        if not concerns:
            return
        concerns.sort(key=_rank)
        try:
            named = self.hook.tell(self._alert(concerns, now))
        except AlertFailed as failed:
            log.error("alert_failed", many=len(concerns), reason=str(failed))  # noqa: TRY400 - told
        except Exception as error:  # noqa: BLE001 - a hook's bug must not stop the watch
            kind = type(error).__name__  # its text may carry the hook's address
            log.error("alert_bug", many=len(concerns), error=kind)  # noqa: TRY400
        else:
            self.store.watching.told(concerns[:named], now)
            log.info("told", many=named, of=len(concerns))
            self._not_before = now + _WAIT if named < len(concerns) else None
            return
        self._not_before = now + _WAIT

    def _alert(self, concerns: Sequence[Concern], now: datetime) -> Alert:
        return Alert(
            headline=f"{self.city}信息发布：{len(concerns)} 条需要处理",
            lines=tuple(
                advice.line(one, self._title(one.channel), now) for one in concerns[:_LINES]
            ),
            more=max(len(concerns) - _LINES, 0),
        )

    def troubles(self) -> list[str]:
        """What keeps things from going out or from being watched, one Chinese sentence each."""
        now = self.clock()
        watching = self.store.watching
        return [
            *(self._paused(one) for one in self.store.pauses.lasting().values()),
            *self._standing_still(now),
            *(
                f"{route.title}的目录和列表还没有建立，请运行 publisher rebuild {name}"
                for name, route in self.routes.items()
                if isinstance(route.channel, HasLists) and self.store.shelves.is_behind(name)
            ),
            *(
                f"{self._title(name)}有 {many} 条已超过时限，请查看并处理"
                for name, many in watching.overdue(now).items()
            ),
            *(
                f"{self._title(name)}有 {many} 条已连续 {_IN_VAIN} 次以上复查不成，"
                "请检查渠道是否能访问"
                for name, many in watching.unseen(_IN_VAIN).items()
            ),
            *self._untold(now),
        ]

    def _paused(self, pause: Pause) -> str:
        at = f"{pause.since.astimezone(self.zone):%Y-%m-%d %H:%M}"
        return f"{self._title(pause.channel)}已暂停：{pause.by} 于 {at}，原因：{pause.reason}"

    def _standing_still(self, now: datetime) -> list[str]:
        """Due for long, and nobody holds the channel: no worker, or one that fails every time."""
        late = self.store.watching.unsent(now - self.patience - max(_WAIT, 5 * self.sweep))
        found = []
        for name, many in late.items():
            if name not in self.routes:
                found.append(f"渠道“{name}”不在配置里，有 {many} 条发不出去")
            elif self._is_idle(name):
                found.append(
                    f"{self._title(name)}有 {many} 条到点未发：publisher work 好像没有在运行，"
                    "或这个渠道一直出错（看日志）"
                )
        return found

    def _is_idle(self, channel: str) -> bool:
        with self.store.database.channel_lock(channel) as held:
            return held

    def _untold(self, now: datetime) -> list[str]:
        many = self.store.watching.untold(now - _WAIT)
        if not many:
            return []
        why = (
            "publisher work 没有在运行，或 [alerts] 设置的提醒方式一直失败（看日志），"
            "或条数多，正在分几次送"
        )
        return [f"有 {many} 条提醒没有送到工作人员：{why}"]

    def _title(self, channel: str) -> str:
        return self.routes[channel].title if channel in self.routes else channel


def _rank(concern: Concern) -> tuple[int, datetime]:
    """What is worst comes first; of equals, what has waited longest."""
    place = _FIRST.index(concern.status) if concern.status in _FIRST else len(_FIRST)
    return place, concern.tell_at
