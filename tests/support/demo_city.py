"""The demo's own configuration and items, against simulators that a test holds in its hands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.settings import PROJECT, Settings
from publisher.store.subscribing import Wish
from publisher.subscriber_file import read_subscribers
from tests.simulators.wechat import WeChatSimulator
from tests.simulators.yunmas import YunMasSimulator
from tests.support.city import KEYS, City

FOLDER = PROJECT / "config" / "demo"
CHANNELS = ("website", "wechat", "sms", "broadcast", "noticeboard")
URL = "https://www.xinji.example"


def write_config(folder: Path, wechat: str, sms: str) -> Path:
    """A copy of the demo's configuration with its data, and what it is given, in `folder`."""
    given = folder / "given"
    given.mkdir()
    for name, value in {
        **KEYS,
        "webhook_key": KEYS["index_key"],
        "site_url": URL,
        "console_url": "http://127.0.0.1:8090",
        "wechat_url": wechat,
        "wechat_secret": "0f3b9c7a51d84e62b7c0a9d8e1f24356",
        "sms_url": sms,
        "sms_secret": "demo-secret-key",
    }.items():
        (given / name).write_text(value)
    text = (FOLDER / "publisher.toml").read_text("utf-8")
    text = text.replace('"../../var/demo/given', '"given')
    text = text.replace('"../../var/demo"', '"data"').replace('"../../var/demo/output"', '"output"')
    text = text.replace('"files"', f'"{FOLDER / "files"}"')
    text = text.replace('"../../var/fonts"', f'"{PROJECT / "var" / "fonts"}"')
    path = folder / "publisher.toml"
    path.write_text(text, "utf-8")
    return path


@contextmanager
def demo_city(folder: Path, wechat: WeChatSimulator, sms: YunMasSimulator) -> Iterator[City]:
    """A city with the demo's channels, subscribers taken, its data in `folder`."""
    settings = Settings.load(write_config(folder, wechat.url, sms.url))
    city = City(with_short_waits(settings))
    take_subscribers(city)
    try:
        yield city
    finally:
        city.close()


def with_short_waits(settings: Settings) -> Settings:
    """The same with read time-outs that a test can wait for."""
    channels: dict[str, Any] = {}
    for name, rules in settings.channels.items():
        short = {"read_timeout": 0.6} if name in {"wechat", "sms"} else {}
        channels[name] = rules.model_copy(update={"options": rules.options | short})
    return settings.model_copy(update={"channels": channels})


def take_subscribers(city: City) -> None:
    vault, rules = city.publisher.vault, city.publisher.settings.subscribers
    assert vault
    assert rules
    rows, problems = read_subscribers(
        (FOLDER / "subscribers.csv").read_bytes(), frozenset(rules.topics) | {"全部"}
    )
    assert problems == []
    wishes = [Wish(vault.index(row.phone), row.phone, row.topics) for row in rows]
    city.publisher.store.subscribers.take(wishes, vault.seal, by="李办", now=city.clock())


def demo_item(name: str) -> bytes:
    return (FOLDER / "items" / f"{name}.json").read_bytes()
