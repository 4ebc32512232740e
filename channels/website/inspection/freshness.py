"""Columns that nobody updates, by the inspection indicators (国办秘函〔2019〕19号)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from channels.website.inspection.page import Page
from channels.website.inspection.scene import MINUTE, Scene
from channels.website.places import HOME
from publisher.channel import Breach

_MEND = "请尽快公开应公开的信息，不得改写日期"


@dataclass(frozen=True, slots=True)
class _Front:
    place: str
    kind: str
    name: str
    type: str
    newest: str


class Fronts:
    """The first pages of all lists, with what is newest on them."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._limits = scene.limits
        self._fronts: list[_Front] = []

    def note(self, page: Page, newest: str) -> None:
        name = page.said("ColumnName")
        front = _Front(page.name, page.kind, name, page.said("ColumnType"), newest)
        self._fronts.append(front)

    def end(self) -> Iterator[Breach]:
        for front in self._fronts:
            if front.kind == "home" and front.newest:
                yield from self._home(front)
        columns = [front for front in self._fronts if self._is_column(front)]
        stale = [
            front for front in columns if front.newest and self._age(front) >= self._most(front)
        ]
        for front in stale:
            yield Breach(
                front.place,
                "栏目更新",
                f"栏目已有 {self._age(front)} 天没有更新，限期为 {self._most(front)} 天；{_MEND}",
            )
        yield from self._veto("栏目没有按期更新", len(stale), self._limits.most_stale)
        empty = sum(not front.newest for front in columns)
        yield from self._veto("栏目是空白的", empty, self._limits.most_empty)

    def _home(self, front: _Front) -> Iterator[Breach]:
        days, limits = self._age(front), self._limits
        if days >= limits.home_days:
            yield Breach(
                front.place,
                "首页更新",
                f"首页已有 {days} 天没有更新，满 {limits.home_days} 天即单项否决；{_MEND}",
            )
        elif days >= limits.home_warning_days:
            yield Breach(
                front.place,
                "首页将到期",
                f"提醒：首页已有 {days} 天没有更新，满 {limits.home_days} 天即单项否决；{_MEND}",
            )

    def _is_column(self, front: _Front) -> bool:
        """A list of one of the kinds that count, by the folder it lies in: list/<kind>/<name>/."""
        return front.kind == "list" and front.place.split("/")[1] in self._limits.columns

    def _most(self, front: _Front) -> int:
        limits = self._limits
        words = f"{front.name} {front.type}"
        lively = any(word in words for word in limits.lively_words)
        return limits.lively_days if lively else limits.steady_days

    def _age(self, front: _Front) -> int:
        newest = datetime.strptime(front.newest, MINUTE)  # noqa: DTZ007 - both on the city's clock
        return (self._scene.site.local(self._scene.now).replace(tzinfo=None) - newest).days

    def _veto(self, what: str, count: int, most: int) -> Iterator[Breach]:
        if count >= most:
            yield Breach(
                HOME,
                "单项否决",
                f"共有 {count} 个{what}，达到 {most} 个即单项否决；请逐个处理",
            )
