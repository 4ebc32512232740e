"""Files were written and nobody wrote down that they were: the next order still finds them all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Status
from tests.channels.website_items import FIELDS, STAGES
from tests.support.city import an_item_object
from tests.support.mortal_website import MortalCity, mortal_city

SECRET = "王五的住址和病历"
BEFORE = {
    "title": "关于A-3的第二号通知",
    "body": f"{SECRET}写在这里。\n\n第二段。",
    "field": FIELDS[1],
    "five_open_stage": STAGES[0],
    "department": "辛集市应急管理局",
    "topics": ["新题"],
    "related": ["A-5"],
}
AFTER = {
    "title": "关于A-3的第三号通知",
    "body": "没有问题的正文在这里。\n\n第二段。",
    "field": FIELDS[2],
    "topics": ["旧题"],
    "related": ["A-1"],
}
OLD = (SECRET, str(BEFORE["title"]))


@pytest.fixture
def city(tmp_path: Path) -> Iterator[MortalCity]:
    with mortal_city(tmp_path / "city") as found:
        found.publish_each("A-1", "A-2", "A-3", "A-4", "A-5")
        yield found


def correction(city: MortalCity, facts: dict[str, Any]) -> bytes:
    return city.city.approved(an_item_object("A-3", **facts))


def nothing_is_left(city: MortalCity) -> None:
    city.catch_up()
    assert city.status("A-3") is Status.DELIVERED
    for text in OLD:
        assert city.holding(text) == []
        assert city.found(text) == []
    before = city.files()
    city.rebuild()
    assert city.files() == before


def test_a_correction_after_a_worker_died_over_another(city: MortalCity) -> None:
    city.order_correction(correction(city, BEFORE))
    city.flush_to_the_end()
    for text in OLD:
        assert len(city.holding(text)) > 10
    assert city.found(SECRET) == ["2026/00003.html"]
    city.clock.advance(hours=1)
    city.order_correction(correction(city, AFTER))
    nothing_is_left(city)
    assert str(AFTER["title"]) in city.text("A-1")
    assert "关于A-3" not in city.text("A-5")


def test_a_withdrawal_after_a_worker_died_over_a_correction(city: MortalCity) -> None:
    city.order_correction(correction(city, BEFORE))
    city.flush_to_the_end()
    city.order_withdrawal("A-3")
    city.catch_up()
    assert city.status("A-3") is Status.DELIVERED
    assert city.holding(SECRET) == []
    assert "2026/00003.html" not in city.text("A-5")
    assert "本信息已撤回" in city.text("A-3")


@pytest.mark.parametrize("file", ["rss.xml", "../search.db"])
def test_a_withdrawal_of_what_was_written_and_never_called_out(city: MortalCity, file: str) -> None:
    """The first text of all is in the way of nobody, but it stands there."""
    with city.in_the_way(file):
        city.publish("B-1", title=OLD[1], body=BEFORE["body"], topics=["新题"], related=["A-1"])
        assert "site/2026/00006.html" in city.holding(SECRET)
        city.order_withdrawal("B-1")
        city.city.flush()
        assert "site/2026/00006.html" not in city.holding(SECRET), "at once, whatever is in the way"
    city.catch_up()
    assert city.holding(SECRET) == []
    assert "2026/00006.html" not in city.text("A-1")
    assert city.found(SECRET) == []


def test_a_correction_that_failed_halfway_and_then_another(city: MortalCity) -> None:
    with city.in_the_way("list/topic/新题/feed.json"):
        city.order_correction(correction(city, BEFORE))
        city.city.flush()
        assert city.status("A-3") is Status.QUEUED
        assert len(city.holding(SECRET)) > 3
        city.order_correction(correction(city, AFTER))
    nothing_is_left(city)
