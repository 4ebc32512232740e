"""Files that cannot be written: what is withdrawn is gone all the same, or tried until it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from publisher.model import Status
from tests.support.handed_over import a_pdf
from tests.support.mortal_website import MortalCity, mortal_city

SECRET = "赵六的病历在这里"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[MortalCity]:
    with mortal_city(tmp_path / "city") as found:
        (tmp_path / "city/inbox/附件.pdf").write_bytes(a_pdf(b"secret"))
        attached = [{"file": "附件.pdf", "title": "附件"}]
        found.publish("A-1", title="关于A-1的通知", body=f"{SECRET}。", attachments=attached)
        found.publish("A-2", title="关于A-2的通知", body="孙七的住址在这里。")
        found.clock.advance(hours=1)
        yield found


@contextmanager
def unwritable(city: MortalCity, name: str) -> Iterator[None]:
    """Its old text stays readable and no new one can be written, which works for root too."""
    path = city.site / name
    part = path.with_name(f".{path.name}.part")
    part.mkdir()
    yield
    part.rmdir()


def own_files(city: MortalCity) -> list[str]:
    return [path.name for path in (city.site / "2026/00001").iterdir()]


@pytest.mark.parametrize(
    "name",
    ["sitemap/1.xml", "catalogue/index.html", "list/field/财政预决算/feed.json", "index.html"],
)
def test_no_list_keeps_up_what_is_withdrawn(city: MortalCity, name: str) -> None:
    with unwritable(city, name):
        city.withdraw("A-1", "内容有误")
        assert city.status("A-1") is Status.QUEUED
        assert "本信息已撤回" in city.text("A-1")
        assert SECRET not in city.text("A-1")
        assert own_files(city) == [".gone"]
        assert city.found(SECRET) == []
    city.catch_up()
    assert city.status("A-1") is Status.DELIVERED
    assert city.holding(SECRET) == []


def test_a_page_that_cannot_be_written_is_not_marked_and_is_found_no_more(
    city: MortalCity,
) -> None:
    """The mark would have the old text answered with 410 and its attachment gone from under it."""
    with unwritable(city, "2026/00001.html"):
        city.withdraw("A-1", "内容有误")
        assert city.status("A-1") is Status.QUEUED
        assert SECRET in city.text("A-1")
        assert own_files(city) == ["附件.pdf"]
        assert city.found(SECRET) == []
    city.catch_up()
    assert own_files(city) == [".gone"]
    assert city.holding(SECRET) == []


def test_of_two_withdrawn_together_neither_is_kept_up_by_the_other(city: MortalCity) -> None:
    city.order_withdrawal("A-1")
    city.order_withdrawal("A-2")
    with unwritable(city, "2026/00001.html"):
        city.city.flush()
        assert "本信息已撤回" in city.text("A-2")
        assert (city.site / "2026/00002/.gone").is_file()
    city.catch_up()
    assert "本信息已撤回" in city.text("A-1")
    assert city.status("A-1") is city.status("A-2") is Status.DELIVERED


def test_without_a_search_a_publication_is_out_and_says_so(city: MortalCity) -> None:
    with city.in_the_way("../search.db"):
        city.publish("B-1", title="关于B-1的通知")
    (item,) = city.city.publisher.store.standing.items("B-1")
    assert item.deliveries[0].status is Status.DELIVERED
    assert "网站搜索库“output/search.db”写不了" in item.deliveries[0].reason
    assert "关于B-1的通知" in city.read("index.html")


@pytest.mark.parametrize("order", ["withdraw", "correct"])
def test_without_a_search_an_old_text_is_tried_until_it_is_forgotten(
    city: MortalCity, order: str
) -> None:
    with city.in_the_way("../search.db"):
        if order == "withdraw":
            city.withdraw("A-1", "内容有误")
        else:
            city.correct("A-1", "内容有误", title="关于A-1的通知", body="改正后的正文。")
        assert SECRET not in city.text("A-1"), "the page does not wait for it"
        city.catch_up()
        assert city.status("A-1") is Status.QUEUED
    assert city.found(SECRET) == ["2026/00001.html"]
    city.catch_up()
    assert city.status("A-1") is Status.DELIVERED
    assert city.found(SECRET) == []
    assert city.holding(SECRET) == []
