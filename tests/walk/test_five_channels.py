"""Does one approved item arrive everywhere? Real adapters, real HTTP, a real database."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from publisher.model import Status
from publisher.report import overall
from publisher.submit import Outcome
from tests.channels.wechat_items import a_picture
from tests.simulators.server import Fault
from tests.simulators.wechat import WeChatSimulator
from tests.simulators.yunmas import YunMasSimulator
from tests.support.city import City, an_item_object
from tests.support.demo_city import CHANNELS, demo_city, demo_item

SEED = "XJ-2018-ZBZ-001"
ALL_OUT = {
    "website": Status.DELIVERED,
    "wechat": Status.DELIVERED,
    "sms": Status.DELIVERED,
    "broadcast": Status.AWAITING,
    "noticeboard": Status.AWAITING,
}


@pytest.fixture
def wechat() -> Iterator[WeChatSimulator]:
    with WeChatSimulator() as simulator:
        yield simulator


@pytest.fixture
def sms() -> Iterator[YunMasSimulator]:
    with YunMasSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, wechat: WeChatSimulator, sms: YunMasSimulator) -> Iterator[City]:
    with demo_city(tmp_path, wechat, sms) as found:
        yield found


def run_to_the_end(city: City, wechat: WeChatSimulator, sms: YunMasSimulator) -> None:
    city.flush()
    wechat.finish()
    sms.finish()
    city.clock.advance(minutes=1)
    city.flush()


def test_one_item_arrives_everywhere(
    city: City, wechat: WeChatSimulator, sms: YunMasSimulator, tmp_path: Path
) -> None:
    assert city.submit_bytes(demo_item("seed-notice")).outcome is Outcome.ACCEPTED
    run_to_the_end(city, wechat, sms)
    assert city.statuses(SEED) == ALL_OUT

    (item,) = city.publisher.store.standing.items(SEED)
    site = tmp_path / "output" / "site"
    page = (site / item.url.removeprefix("https://www.xinji.example/")).read_text("utf-8")
    assert "辛政办字〔2018〕1号" in page
    assert "冀政办字〔2017〕159号" in page
    for feed in ("atom.xml", "rss.xml"):
        parsed = feedparser.parse((site / feed).read_bytes())
        assert not parsed.bozo
        assert [entry.link for entry in parsed.entries] == [item.url]

    (article,) = wechat.ledger()
    assert article["title"] == "关于印发辛集市政务公开标准化规范化试点工作实施方案的通知"
    assert all(picture.startswith(wechat.url) for picture in _pictures(article["html"]))

    (message,) = sms.ledger()
    assert message["phone"] == "13900010101", "only who asked for it"
    assert item.url in message["text"]
    assert message["text"].startswith("【辛集市政府】")

    (script,) = (tmp_path / "output" / "broadcast").rglob("广播稿.txt")
    assert "二零一八" in script.read_text("utf-8")
    (sheet,) = (tmp_path / "output" / "noticeboard").rglob("*.pdf")
    assert sheet.read_bytes().startswith(b"%PDF-")


def _pictures(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('src="')[1:]]


def test_all_demo_items_and_a_second_time_nothing_twice(
    city: City, wechat: WeChatSimulator, sms: YunMasSimulator, tmp_path: Path
) -> None:
    names = ["seed-notice", "T01", "T05", "T06", "T08", "T09", "T14"]
    for name in names:
        assert city.submit_bytes(demo_item(name)).outcome is Outcome.ACCEPTED
    for name in ("T03", "T15"):
        assert city.submit_bytes(demo_item(name)).outcome is Outcome.REFUSED
    run_to_the_end(city, wechat, sms)
    items = city.publisher.store.standing.items()
    assert len(items) == len(names)
    for item in items:
        for delivery in item.deliveries:
            assert delivery.status is ALL_OUT[delivery.channel], (item.id, delivery)
    articles, messages = wechat.ledger(), sms.ledger()
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("output/**/*")}

    for name in names:
        assert city.submit_bytes(demo_item(name)).outcome is Outcome.KNOWN
    run_to_the_end(city, wechat, sms)
    assert wechat.ledger() == articles
    assert sms.ledger() == messages
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("output/**/*")} == files
    assert all(many == 1 for many in Counter(one["title"] for one in articles).values())


def test_an_urgent_item_goes_at_once_and_the_digest_waits_for_its_time(
    city: City, wechat: WeChatSimulator, sms: YunMasSimulator
) -> None:
    rules = city.publisher.routes["sms"]
    assert rules.grouping.kind == "digest"
    for name in ("T08", "T06", "T09"):
        city.submit_bytes(demo_item(name))
    run_to_the_end(city, wechat, sms)
    by_phone = {message["phone"]: message["text"] for message in sms.ledger()}
    assert "2条新信息" in by_phone["13900010102"]
    urgent = [one["text"] for one in sms.ledger() if one["phone"] == "13900010103"]
    assert len(urgent) == 1
    assert "119" in urgent[0]


@pytest.mark.parametrize("channel", ["wechat", "sms"])
@pytest.mark.parametrize(
    "fault", [Fault.REFUSE, Fault.HANG, Fault.RESET, Fault.ERROR, Fault.NONSENSE, Fault.TRUNCATED]
)
def test_a_service_that_is_down_slow_or_talks_nonsense_touches_nobody_else(
    city: City,
    wechat: WeChatSimulator,
    sms: YunMasSimulator,
    channel: str,
    fault: Fault,
) -> None:
    broken = wechat if channel == "wechat" else sms
    broken.plan(fault, times=-1)
    city.submit_bytes(demo_item("T09"))
    city.flush()
    broken.script.clear()
    wechat.finish()
    sms.finish()
    city.clock.advance(seconds=1)
    city.flush(*(name for name in CHANNELS if name != channel))
    found = city.publisher.store.standing.delivery("T09", channel)
    assert found
    assert found.status in {Status.QUEUED, Status.UNKNOWN}
    assert found.reason
    assert found.reason_class
    others = city.statuses("T09")
    del others[channel]
    assert others == {name: status for name, status in ALL_OUT.items() if name != channel}
    (item,) = city.publisher.store.standing.items("T09")
    assert overall(one.status for one in item.deliveries) == "partly_published"


def test_confirming_ends_what_a_person_must_do(
    city: City, wechat: WeChatSimulator, sms: YunMasSimulator
) -> None:
    city.submit_bytes(demo_item("seed-notice"))
    run_to_the_end(city, wechat, sms)
    photo = ("照片.jpg", a_picture(40, 30, "JPEG"))
    for channel, note in (("broadcast", "11月23日18时新闻节目"), ("noticeboard", "市政务大厅")):
        city.publisher.staff.confirm(
            SEED, channel, by="赵值", note=note, evidence=photo, now=city.clock()
        )
    (item,) = city.publisher.store.standing.items(SEED)
    assert overall(one.status for one in item.deliveries) == "published"
    history = city.publisher.store.standing.history(item.deliveries[-1].id)
    assert [line.kind for line in history][-2:] == ["receipt", "receipt"]
    assert history[-1].reference == "照片.jpg"


def test_each_delivery_proves_its_own_page(
    city: City, wechat: WeChatSimulator, sms: YunMasSimulator
) -> None:
    for name in ("T06", "T08", "T14"):
        city.submit_bytes(demo_item(name))
    run_to_the_end(city, wechat, sms)
    for item in city.publisher.store.standing.items():
        website = next(one for one in item.deliveries if one.channel == "website")
        assert website.url == item.url
        lines = city.publisher.store.standing.history(website.id)
        assert [line.reference for line in lines if line.kind == "receipt"] == [item.url]


def test_a_digest_counts_all_its_recipients_and_is_one_attempt(
    city: City, wechat: WeChatSimulator, sms: YunMasSimulator
) -> None:
    for name in ("T06", "T08", "seed-notice"):
        city.submit_bytes(demo_item(name))
    run_to_the_end(city, wechat, sms)
    found = city.publisher.store.standing.delivery("T06", "sms")
    assert found
    received = {one["phone"] for one in sms.ledger() if "实施细则" in one["text"]}
    assert received == {"13900010101", "13900010102"}
    assert found.reason == "送达 2 人"
    assert found.attempts == 1


def test_other_public_channels_need_the_page_they_point_to(city: City) -> None:
    item = an_item_object("A-1", channels=["sms"], field="综合")
    answer = city.submit_bytes(json.dumps(item).encode())
    assert {problem.field for problem in answer.problems} >= {"channels"}
