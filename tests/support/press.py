"""A city with the real website and WeChat adapters, in whichever database the test is run with."""

from pathlib import Path

from pydantic import SecretStr

from config.settings import Settings
from tests.simulators.wechat import WeChatSimulator
from tests.support.city import City
from tests.support.databases import storage_of
from tests.support.demo_city import with_short_waits, write_config

CHANNELS = ("website", "wechat")


def city_with_wechat(folder: Path, wechat: WeChatSimulator) -> City:
    """What is delivered is looked at again after an hour, after a day, and later."""
    demo = with_short_waits(Settings.load(write_config(folder, wechat.url, wechat.url)))
    given = {key: SecretStr(value) for key, value in storage_of(folder).items()}
    looks = {"verify": ("PT1H", "P1D", "P3D", "P9D")}
    channels = {
        name: type(rules).model_validate(rules.model_dump() | looks)
        for name, rules in demo.channels.items()
        if name in CHANNELS
    }
    changes = {"storage": demo.storage.model_copy(update=given), "channels": channels}
    return City(demo.model_copy(update=changes))


def go_on(city: City, wechat: WeChatSimulator, rounds: int = 4) -> None:
    """Some time goes by, in which WeChat ends what it has taken."""
    for _ in range(rounds):
        city.flush()
        wechat.finish()
        city.clock.advance(minutes=10)
    city.flush()


def live(wechat: WeChatSimulator) -> list[str]:
    """The titles that citizens can see."""
    return [one["title"] for one in wechat.ledger() if not one["deleted"]]
