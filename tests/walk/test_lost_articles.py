"""An article that was altered or taken away is lost; sent again, there are never two of them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import Action, Status
from tests.simulators.server import Fault
from tests.simulators.wechat import WeChatSimulator
from tests.support.city import City
from tests.support.orders import correct, deliveries, exposed, withdraw
from tests.support.press import CHANNELS, city_with_wechat, go_on, live


@pytest.fixture
def wechat() -> Iterator[WeChatSimulator]:
    with WeChatSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, wechat: WeChatSimulator) -> Iterator[City]:
    """Its article is out, and somebody has altered its title."""
    with closing(city_with_wechat(tmp_path, wechat)) as found:
        found.submit(channels=list(CHANNELS))
        go_on(found, wechat)
        assert len(live(wechat)) == 1
        (publication,) = wechat.press.all.values()
        publication.articles[0]["title"] = "被人改过的标题"
        found.clock.advance(hours=25)
        found.flush()
        assert found.status("A-1", "wechat") is Status.LOST
        yield found


def send_again(city: City) -> None:
    city.publisher.staff.resend(
        "A-1", "wechat", by="赵值", why="标题被改", not_out=False, now=city.clock()
    )


def test_sent_again_it_takes_the_place_of_what_was_altered(
    city: City, wechat: WeChatSimulator
) -> None:
    send_again(city)
    go_on(city, wechat)
    (title,) = live(wechat)
    assert title.startswith("关于印发辛集市政务公开")
    assert deliveries(city, "wechat") == [(Action.PUBLISH, Status.DELIVERED)]
    city.clock.advance(days=4)
    go_on(city, wechat)
    assert city.status("A-1", "wechat") is Status.DELIVERED, "the new one is looked at, and stands"


def test_as_long_as_the_old_one_cannot_be_deleted_no_other_goes_out(
    city: City, wechat: WeChatSimulator
) -> None:
    wechat.plan(Fault.REFUSE, "freepublish/delete", times=2)
    send_again(city)
    for _ in range(12):
        city.flush()
        wechat.finish()
        assert len(live(wechat)) <= 1
        city.clock.advance(minutes=10)
    (title,) = live(wechat)
    assert title.startswith("关于印发辛集市政务公开")


def test_what_is_gone_altogether_is_sent_again_too(city: City, wechat: WeChatSimulator) -> None:
    (publication,) = wechat.press.all.values()
    publication.deleted |= {0}
    publication.status = 5
    assert live(wechat) == []
    send_again(city)
    go_on(city, wechat)
    assert len(live(wechat)) == 1


@pytest.mark.parametrize("again", [True, False], ids=["sent again", "left as it was"])
def test_a_withdrawal_leaves_none(city: City, wechat: WeChatSimulator, *, again: bool) -> None:
    if again:
        send_again(city)
        go_on(city, wechat)
    withdraw(city)
    go_on(city, wechat)
    assert live(wechat) == []
    assert deliveries(city, "wechat")[-1] == (Action.WITHDRAW, Status.DELIVERED)
    assert exposed(city).get("wechat") in {None, "remains"}


def test_withdrawn_before_it_has_gone_out_again(city: City, wechat: WeChatSimulator) -> None:
    send_again(city)
    withdraw(city)
    go_on(city, wechat)
    assert live(wechat) == []
    assert deliveries(city, "wechat")[-1] == (Action.WITHDRAW, Status.DELIVERED)


@pytest.mark.parametrize("again", [True, False], ids=["sent again", "left as it was"])
def test_a_correction_leaves_the_corrected_one(
    city: City, wechat: WeChatSimulator, *, again: bool
) -> None:
    if again:
        send_again(city)
        go_on(city, wechat)
    correct(city, channels=list(CHANNELS))
    go_on(city, wechat)
    (title,) = live(wechat)
    assert title.endswith("改正后的标题")
