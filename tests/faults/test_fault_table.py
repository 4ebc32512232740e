"""Every fault of the outside in every channel: what staff see at once, and how it ends.

One approved item meets the fault once. Then the world is well again and two days go by,
in which nobody does anything: what ends by itself ends, what may be out is never sent again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.settings import Settings
from publisher.model import ReasonClass
from publisher.store.standing import DeliveryRow
from tests.faults.apart import on_a_full_disk, on_a_read_only_disk, without_network
from tests.faults.site_server import SiteServer
from tests.simulators.server import Fault, Simulator
from tests.simulators.wechat import WeChatSimulator
from tests.simulators.yunmas import YunMasSimulator
from tests.support.city import City
from tests.support.demo_city import demo_item, take_subscribers, with_short_waits, write_config

# What it meets, and where: in a call (the end of its path) or on the disk. How it stands after the
# first flush, whose move it is ("-": nobody's), and after how many tries. How it ends, and how
# often it has reached the public.
TABLE = """
wechat      no-network                connect      queued    provider   1   delivered 1
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

sms         no-network                connect      queued    provider   1   delivered 1
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

website     no-network                connect      queued    provider   1   delivered 1
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


@dataclass(frozen=True)
class World:
    """A city with one channel, and what is outside of it."""

    channel: str
    city: City
    wechat: WeChatSimulator
    sms: YunMasSimulator
    website: SiteServer
    folder: Path

    @property
    def server(self) -> Simulator:
        """Whom the channel talks to."""
        servers: dict[str, Simulator] = {"wechat": self.wechat, "sms": self.sms}
        return servers.get(self.channel, self.website)

    @property
    def delivery(self) -> DeliveryRow:
        found = self.city.publisher.store.standing.delivery(SEED, self.channel)
        assert found
        return found

    @property
    def public(self) -> int:
        """How many times the item has reached the public."""
        match self.channel:
            case "wechat" | "sms":
                return len(self.server.ledger())
            case "website":
                feed = self.folder / "atom.xml"
                return feed.read_text("utf-8").count("<entry>") if feed.exists() else 0
            case "broadcast":
                return len(list(self.folder.rglob("广播稿.txt")))
            case _:
                return len(list(self.folder.rglob("*.pdf")))

    def let_time_pass(self) -> None:
        for hours in (0.1, 2, 50):
            self.city.clock.advance(hours=hours)
            self.wechat.finish()
            self.sms.finish()
            self.city.flush()


@contextmanager
def a_world(folder: Path, channel: str) -> Iterator[World]:
    output = folder / "output" / {"website": "site"}.get(channel, channel)
    with WeChatSimulator() as wechat, YunMasSimulator() as sms, SiteServer(output) as website:
        settings = with_short_waits(Settings.load(write_config(folder, wechat.url, sms.url)))
        city = City(with_one_channel(settings, channel, website.url))
        take_subscribers(city)
        yield World(channel, city, wechat, sms, website, output)
        city.close()


def with_one_channel(settings: Settings, name: str, url: str) -> Settings:
    """The same with this channel only; a website looks at its pages at `url`."""
    rules = settings.channels[name]
    if name == "website":
        options = rules.options | {"verify_url": True, "read_timeout": 0.6}
        rules = rules.model_copy(update={"options": options})
    site = settings.site.model_copy(update={"base_url": url})
    return settings.model_copy(update={"site": site, "channels": {name: rules}})


def meet(world: World, fault: str, where: str) -> None:
    """The first flush, in which it goes wrong; afterwards the world is well again."""
    if fault == "full":
        on_a_full_disk(world.folder, world.city.flush)
    elif fault == "read-only":
        on_a_read_only_disk(world.folder, world.city.flush)
    elif fault == "no-network":
        without_network(world.city.flush)
    elif fault == "in-the-way":
        world.folder.parent.mkdir(parents=True, exist_ok=True)
        world.folder.write_text("not a folder")
        world.city.flush()
        world.folder.unlink()
    else:
        word, _, code = fault.partition(":")
        world.server.plan(Fault(word), where, code=code, seconds=0.1, times=-1)
        world.city.flush()
        world.server.script.clear()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:3]))
def test_what_becomes_of_it(tmp_path: Path, row: list[str]) -> None:
    channel, fault, where, status, reason, tries, end, public = row
    with a_world(tmp_path, channel) as world:
        world.city.submit_bytes(demo_item("seed-notice"))
        meet(world, fault, where)
        found = world.delivery
        assert (found.status, found.reason_class or "-") == (status, reason), found.reason
        assert found.attempts == int(tries)
        world.let_time_pass()
        assert world.delivery.status == end, world.delivery.reason
        assert world.public == int(public)


@pytest.mark.parametrize("channel", ["wechat", "sms", "website"])
def test_no_fault_of_the_wire_is_missing(channel: str) -> None:
    met = {row[1].partition(":")[0] for row in ROWS if row[0] == channel}
    assert met >= set(Fault)


def test_every_reason_class_comes_up() -> None:
    assert {row[4] for row in ROWS} == {"-", *ReasonClass}
