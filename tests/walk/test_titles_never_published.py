"""Withdrawn right after a correction that never got out: its title is told to nobody."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.simulators.server import Fault
from tests.simulators.wechat import WeChatSimulator
from tests.support.city import City, postbox, settings_for
from tests.support.orders import SOON, correct, texts, withdraw
from tests.support.postbox import PostboxSimulator
from tests.support.press import city_with_wechat
from tests.support.townsfolk import some_hours

STOOD = "关于印发辛集市政务公开标准化规范化试点工作实施方案的通知"
NEVER, WHY_NEVER = "从未公开过的标题", "从未公开过的理由"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Only its website is used here."""
    with WeChatSimulator() as wechat, closing(city_with_wechat(tmp_path, wechat)) as found:
        yield found


def test_the_stub_and_the_feed_show_the_title_that_stood(city: City, tmp_path: Path) -> None:
    city.submit(channels=["website"])
    city.flush("website")
    city.submit("B-1", title="另一件事的标题", channels=["website"])
    city.flush("website")
    correct(city, title=NEVER, why=WHY_NEVER, channels=["website"])
    withdraw(city, "不宜公开")
    city.flush("website")
    site = tmp_path / "output" / "site"
    (item,) = city.publisher.store.standing.items("A-1")
    stub = (site / item.url.removeprefix("https://www.xinji.example/")).read_text("utf-8")
    assert STOOD in stub
    assert "不宜公开" in stub
    assert STOOD in (site / "atom.xml").read_text("utf-8")
    told = [file for file in site.rglob("*") if file.is_file() and _tells(file)]
    assert told == []


def _tells(file: Path) -> bool:
    data = file.read_bytes()
    return NEVER.encode() in data or WHY_NEVER.encode() in data


@pytest.mark.parametrize("recall", ["follow_up", "deletes"])
@pytest.mark.parametrize("tried", [False, True], ids=["never tried", "turned away"])
def test_the_notice_of_the_withdrawal_names_the_title_that_stood(
    tmp_path: Path, box: PostboxSimulator, recall: str, *, tried: bool
) -> None:
    stanza = postbox(box.url, retry=SOON, options={"recall": recall})
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
        city.submit()
        city.flush()
        correct(city, title=NEVER, why=WHY_NEVER)
        if tried:
            box.plan(Fault.REFUSE, path="/letters")
            city.flush()
        withdraw(city, "不宜公开")
        some_hours(city)
        (notice,) = texts(box, " withdraw ")
        assert f" {STOOD} " in notice
        assert "不宜公开" in notice
        assert texts(box, NEVER) == []


def test_what_the_correction_did_publish_is_named(tmp_path: Path, box: PostboxSimulator) -> None:
    with closing(City(settings_for(tmp_path, {"post": postbox(box.url)}))) as city:
        city.submit()
        city.flush()
        correct(city, title="改正后的标题")
        city.flush()
        withdraw(city, "不宜公开")
        city.flush()
        (notice,) = texts(box, " withdraw ")
        assert " 改正后的标题 " in notice
