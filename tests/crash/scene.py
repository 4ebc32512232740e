"""A scene: a demo city in a folder, the outside beside it, and how to set both back."""

import copy
import secrets
import shutil
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.settings import Settings
from publisher.submit import Outcome
from tests.crash.worker import SPEED, QuickClock
from tests.simulators.server import Fault, Planned
from tests.simulators.wechat import WeChatSimulator
from tests.simulators.wechat.rules import DAILY
from tests.simulators.wechat.simulator import Account
from tests.simulators.yunmas import YunMasSimulator
from tests.support.city import City, an_item_object
from tests.support.demo_city import take_subscribers, write_config
from tests.support.postgres import PostgresServer

ALL = ("website", "wechat", "sms", "broadcast", "noticeboard")
LIGHT = ("website", "wechat", "sms")
ITEMS = {
    "C-1": {
        "field": "财政预决算",
        "title": "关于2018年部门预算的公告",
        "body": "各部门的预算自即日起公布，欢迎监督。",
    },
    "C-2": {
        "field": "安全生产",
        "title": "关于防汛值守安排的通知",
        "body": "六月起各乡镇昼夜值守，遇险情立即上报。",
    },
    "C-3": {
        "field": "公共文化服务",
        "title": "关于文化下乡演出的安排",
        "body": "县剧团七月下乡演出，免费观看。",
    },
}
_BEFORE = "material/batchget_material"
"""What is asked before anything of an article is there."""
CORRECTED = ("C-1", "关于2018年部门预算的公告（更正）")
WITHDRAWN = "C-2"
_SOON = "deadlines = { accepted = 1200 }"
"""A receipt is handed out once: who dies with it in his hands leaves a batch that nobody can settle
before its deadline."""


@dataclass
class Outside:
    """The other side of every channel. It survives whatever happens to us, and remembers."""

    wechat: WeChatSimulator = field(
        default_factory=lambda: WeChatSimulator(
            account=Account(daily=dict.fromkeys(DAILY, 1_000_000))
        )
    )
    sms: YunMasSimulator = field(default_factory=lambda: YunMasSimulator(report_after=0.0))

    def __post_init__(self) -> None:
        self._empty = self.memory()

    def forget(self) -> None:
        """As if nobody had ever sent anything."""
        self.recall(self._empty)

    def take_time(self) -> None:
        """Let each call last, so that who is killed is often in the middle of one."""
        self.sms.plan(Fault.DELAY, times=-1, seconds=0.2)
        for path in (_BEFORE, "freepublish/submit"):
            self.wechat.plan(Fault.DELAY, path, times=-1, seconds=0.3)

    def take_long_once(self) -> None:
        """Let one call last so long that a database can go and come back meanwhile."""
        with self.wechat.lock:
            self.wechat.script.insert(0, Planned(Fault.DELAY, _BEFORE, seconds=2.5))

    def answer_at_once(self) -> None:
        """No delay and no fault any more."""
        for simulator in (self.wechat, self.sms):
            with simulator.lock:
                simulator.script.clear()

    def memory(self) -> Any:
        with self.wechat.lock, self.sms.lock:
            return copy.deepcopy((self.wechat.memory(), self.sms.memory()))

    def recall(self, memory: Any) -> None:
        wechat, sms = copy.deepcopy(memory)
        with self.wechat.lock, self.sms.lock:
            self.wechat.recall(wechat)
            self.sms.recall(sms)


@dataclass
class Scene:
    """A city that stands where `start` says; on SQLite, or in `database` on a server."""

    folder: Path
    outside: Outside
    clock: QuickClock
    server: PostgresServer | None = None
    database: str = ""

    @property
    def config(self) -> Path:
        return self.folder / "publisher.toml"

    @property
    def channels(self) -> list[str]:
        rules = Settings.load(self.config).channels
        return [name for name, rule in rules.items() if rule.enabled]

    def city(self) -> City:
        """The publisher as the parent uses it: at the door, and to look at the rows."""
        found = City(Settings.load(self.config))
        found.clock.now = self.clock()
        return found

    def end(self) -> None:
        shutil.rmtree(self.folder)
        if self.server:
            self.server.drop(self.database)


@dataclass
class Snapshot:
    """A scene at rest, of which any number of copies can be played."""

    scene: Scene
    memory: Any
    at: datetime

    def play(self, folder: Path) -> Scene:
        original = self.scene
        shutil.copytree(original.folder, folder)
        database = ""
        if original.server:
            database = _copied(original.server, original.database)
            (folder / "given" / "database").write_text(database)
        original.outside.recall(self.memory)
        clock = QuickClock(self.at, time.time())
        return Scene(folder, original.outside, clock, original.server, database)


def snapshot(scene: Scene) -> Snapshot:
    return Snapshot(scene, scene.outside.memory(), scene.clock())


def with_news(
    folder: Path,
    outside: Outside,
    *,
    channels: tuple[str, ...],
    items: int,
    server: PostgresServer | None = None,
    speed: int = SPEED,
) -> Scene:
    """A city with its subscribers and some approved items, of which nothing is out yet."""
    outside.forget()
    folder.mkdir()
    database = server.fresh() if server else ""
    _write(folder, outside, channels, database)
    clock = QuickClock(datetime.now(UTC), time.time(), speed)
    scene = Scene(folder, outside, clock, server, database)
    city = scene.city()
    take_subscribers(city)
    for item_id in list(ITEMS)[:items]:
        _submit(city, item_id, **ITEMS[item_id])
    city.close()
    return scene


def add(scene: Scene, number: int) -> None:
    """One more item comes in."""
    city = scene.city()
    _submit(city, f"N-{number}", field="安全生产", title=f"关于第{number}次安全生产检查的通知")
    city.publisher.wake()
    city.close()


def amend(scene: Scene) -> None:
    """Order a correction of one item and the withdrawal of another."""
    city = scene.city()
    amendments, now = city.publisher.amendments, city.clock()
    item_id, title = CORRECTED
    changed = city.approved(an_item_object(item_id, **(ITEMS[item_id] | {"title": title})))
    amended = amendments.correct(changed, why="标题有误", by="李办", minor=False, now=now)
    assert amended.answer.outcome is Outcome.ACCEPTED, amended
    amendments.withdraw(WITHDRAWN, why="内容不宜公开", by="李办", now=now)
    city.publisher.wake()
    city.close()


def _submit(city: City, item_id: str, **content: str) -> None:
    answer = city.submit_bytes(city.approved(an_item_object(item_id, **content)))
    assert answer.outcome is Outcome.ACCEPTED, answer


def _copied(server: PostgresServer, url: str) -> str:
    name = f"copy_{secrets.token_hex(4)}"
    server.administer(f"CREATE DATABASE {name} TEMPLATE {url.rsplit('/', 1)[1]}")
    return server.url(name)


def _write(folder: Path, outside: Outside, channels: tuple[str, ...], database: str) -> None:
    path = write_config(folder, outside.wechat.url, outside.sms.url)
    text = path.read_text("utf-8")
    if database:
        (folder / "given" / "database").write_text(database)
        text = text.replace("[storage]", '[storage]\ndatabase = { file = "given/database" }')
    text = text.replace("[channels.sms]", f"[channels.sms]\n{_SOON}")
    for name in ("broadcast", "noticeboard"):
        if name not in channels:
            text = text.replace(f"[channels.{name}]", f"[channels.{name}]\nenabled = false")
    path.write_text(text, "utf-8")
