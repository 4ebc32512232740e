"""Every fault of the outside in every channel: what staff see at once, and how it ends.

One approved item meets the fault once. Then the world is well again and a day and more goes by,
in which nobody does anything: what ends by itself ends, what may be out is never sent again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.settings import Settings
from publisher.model import ReasonClass
from publisher.store.standing import DeliveryRow
from tests.faults.disks import on_a_full_disk, on_a_read_only_disk
from tests.faults.site_server import SiteServer
from tests.simulators.server import Fault, Simulator
from tests.simulators.wechat import WeChatSimulator
from tests.simulators.yunmas import YunMasSimulator
from tests.support.city import City
from tests.support.demo_city import demo_item, take_subscribers, with_short_waits, write_config

# What it meets, and in which call or on the disk; how it stands after the first flush, whose move it
# is ("-": nobody's) and how many tries it took; how it ends; how often it has reached the public.
TABLE = """
wechat      refuse                    stable_token queued    provider   1   delivered 1
wechat      hang                      stable_token queued    provider   1   delivered 1
wechat      refuse                    draft/add    queued    provider   1   delivered 1
wechat      delay                     draft/add    accepted  -          1   delivered 1
wechat      hang                      draft/add    queued    provider   1   delivered 1
wechat      reset                     draft/add    queued    provider   1   delivered 1
wechat      drop                      draft/add    queued    provider   1   delivered 1
wechat      error                     draft/add    queued    provider   1   delivered 1
wechat      late_error                draft/add    queued    provider   1   delivered 1
wechat      nonsense                  draft/add    queued    provider   1   delivered 1
wechat      truncated                 draft/add    queued    provider   1   delivered 1
wechat      refuse                    submit       unknown   provider   1   unknown   0
wechat      delay                     submit       accepted  -          1   delivered 1
wechat      hang                      submit       unknown   provider   1   delivered 1
wechat      reset                     submit       unknown   provider   1   delivered 1
wechat      drop                      submit       unknown   provider   1   unknown   0
wechat      error                     submit       unknown   provider   1   unknown   0
wechat      late_error                submit       unknown   provider   1   delivered 1
wechat      nonsense                  submit       unknown   provider   1   delivered 1
wechat      truncated                 submit       unknown   provider   1   delivered 1
wechat      code:-1                   draft/add    queued    provider   1   delivered 1
wechat      code:-1                   submit       unknown   provider   1   unknown   0
wechat      code:40001                draft/add    queued    permission 1   delivered 1
wechat      code:45009                draft/add    queued    quota      0   delivered 1
wechat      code:45009                submit       queued    quota      0   delivered 1
wechat      code:45003                draft/add    failed    content    1   failed    0
wechat      code:48001                submit       failed    permission 1   failed    0
wechat      code:53503                submit       failed    permission 1   failed    0
wechat      code:40035                draft/add    failed    provider   1   failed    0
wechat      code:44002                draft/add    failed    internal   1   failed    0
wechat      code:40007                submit       unknown   provider   1   unknown   0
wechat      code:87654                submit       failed    provider   1   failed    0

sms         refuse                    submit       unknown   provider   1   unknown   0
sms         delay                     submit       accepted  -          1   delivered 1
sms         hang                      submit       unknown   provider   1   delivered 1
sms         reset                     submit       unknown   provider   1   delivered 1
sms         drop                      submit       unknown   provider   1   unknown   0
sms         error                     submit       unknown   provider   1   unknown   0
sms         late_error                submit       unknown   provider   1   delivered 1
sms         nonsense                  submit       unknown   provider   1   delivered 1
sms         truncated                 submit       unknown   provider   1   delivered 1
sms         code:dailyMaxNumZero      submit       queued    quota      0   delivered 1
sms         code:SenderNotStarted     submit       queued    provider   1   delivered 1
sms         code:ContainSensitiveWord submit       failed    content    1   failed    0
sms         code:InvalidUsrOrPwd      submit       failed    permission 1   failed    0
sms         code:ErrEcBlackList       submit       failed    address    1   failed    0
sms         code:TooManyMobiles       submit       failed    internal   1   failed    0
sms         code:NeverHeardOf         submit       failed    provider   1   failed    0
sms         code:SameNumberAndContent submit       unknown   provider   1   unknown   0

website     refuse                    .html        queued    provider   1   delivered 1
website     delay                     .html        delivered -          1   delivered 1
website     hang                      .html        queued    provider   1   delivered 1
website     reset                     .html        queued    provider   1   delivered 1
website     drop                      .html        queued    provider   1   delivered 1
website     error                     .html        queued    provider   1   delivered 1
website     late_error                .html        queued    provider   1   delivered 1
website     nonsense                  .html        queued    provider   1   delivered 1
website     truncated                 .html        queued    provider   1   delivered 1
website     code:404                  .html        queued    provider   1   delivered 1
website     read-only                 disk         queued    internal   1   delivered 1
website     full                      disk         queued    internal   1   delivered 1
website     in-the-way                disk         queued    internal   1   delivered 1

broadcast   read-only                 disk         queued    internal   1   awaiting  1
broadcast   full                      disk         queued    internal   1   awaiting  1
broadcast   in-the-way                disk         queued    internal   1   awaiting  1

noticeboard read-only                 disk         queued    internal   1   awaiting  1
noticeboard full                      disk         queued    internal   1   awaiting  1
noticeboard in-the-way                disk         queued    internal   1   awaiting  1
"""
SEED = "XJ-2018-ZBZ-001"
ROWS = [line.split() for line in TABLE.splitlines() if line]


@dataclass
class World:
    """A city with everything that is outside of it."""

    city: City
    outside: dict[str, Simulator]
    output: Path

    def send(self, channel: str) -> None:
        """One flush of the channel, and of the website before it, whose page it points to."""
        self.city.flush(*dict.fromkeys(("website", channel)))

    def delivery(self, channel: str) -> DeliveryRow:
        found = self.city.publisher.store.standing.delivery(SEED, channel)
        assert found
        return found

    def public(self, channel: str) -> int:
        """How many times the item has reached the public in this channel."""
        if channel in {"wechat", "sms"}:
            return len(self.outside[channel].ledger())
        if channel == "website":
            feed = self.output / "site" / "atom.xml"
            return feed.read_text("utf-8").count("<entry>") if feed.exists() else 0
        name = {"broadcast": "广播稿.txt", "noticeboard": "*.pdf"}[channel]
        return sum(1 for _ in (self.output / channel).rglob(name))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    output = tmp_path / "output"
    with (
        WeChatSimulator() as wechat,
        YunMasSimulator() as sms,
        SiteServer(output / "site") as website,
    ):
        settings = Settings.load(write_config(tmp_path, wechat.url, sms.url))
        city = City(watched(with_short_waits(settings), website.url))
        take_subscribers(city)
        yield World(city, {"wechat": wechat, "sms": sms, "website": website}, output)
        city.close()


def watched(settings: Settings, url: str) -> Settings:
    """The same with a website that looks at its pages at this address."""
    site = settings.site.model_copy(update={"base_url": url})
    website = settings.channels["website"]
    options = website.options | {"verify_url": True, "read_timeout": 0.6}
    channels = settings.channels | {"website": website.model_copy(update={"options": options})}
    return settings.model_copy(update={"site": site, "channels": channels})


def meet(world: World, channel: str, fault: str, where: str) -> None:
    """The first flush, in which it goes wrong; afterwards the world is well again."""
    folder = world.output / {"website": "site"}.get(channel, channel)
    flush: Callable[[], None] = lambda: world.send(channel)
    if fault == "full":
        on_a_full_disk(folder, flush)
    elif fault == "read-only":
        on_a_read_only_disk(folder, flush)
    elif fault == "in-the-way":
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("not a folder")
        flush()
        folder.unlink()
    else:
        word, _, code = fault.partition(":")
        world.outside[channel].plan(Fault(word), where, code=code, seconds=0.1, times=99)
        flush()
        world.outside[channel].script.clear()


def let_time_pass(world: World, channel: str) -> None:
    for hours in (0.1, 2, 25, 25):
        world.city.clock.advance(hours=hours)
        world.outside["wechat"].finish()
        world.outside["sms"].finish()
        world.send(channel)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:3]))
def test_what_becomes_of_it(world: World, row: list[str]) -> None:
    channel, fault, where, status, reason, tries, end, public = row
    world.city.submit_bytes(demo_item("seed-notice"))
    meet(world, channel, fault, where)
    found = world.delivery(channel)
    assert (found.status, found.reason_class or "-") == (status, reason), found.reason
    assert found.attempts == int(tries)
    let_time_pass(world, channel)
    found = world.delivery(channel)
    assert found.status == end, found.reason
    assert world.public(channel) == int(public)


@pytest.mark.parametrize("channel", ["wechat", "sms", "website"])
def test_no_fault_of_the_wire_is_missing(channel: str) -> None:
    met = {row[1].partition(":")[0] for row in ROWS if row[0] == channel}
    assert met >= set(Fault)


def test_every_reason_class_comes_up() -> None:
    assert {row[4] for row in ROWS} == {"-", *ReasonClass}
