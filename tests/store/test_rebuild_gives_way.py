"""While a rebuild is under way the city goes on working, and neither spoils what the other does."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from publisher.model import Status
from publisher.rebuild import rebuild
from publisher.store.shelf_tables import cards, lists, places, relations
from tests.support.mortal_website import MortalCity, mortal_city
from tests.support.shelf_city import contents

MANY = 45
"""Three parts of items."""
BEHIND = "网站的目录和列表还没有建立，请运行 publisher rebuild website"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "city"


@pytest.fixture
def city(folder: Path) -> Iterator[MortalCity]:
    with mortal_city(folder, per_page=10) as found:
        found.publish_together(
            {
                f"A-{number}": {"title": f"关于A-{number}的通知", "body": f"第{number}号的正文。"}
                for number in range(1, MANY + 1)
            }
        )
        found.clock.advance(hours=1)
        yield found


def rebuilt(city: MortalCity, between: Callable[[str], None]) -> None:
    rebuild(city.city.publisher.courier(), city.route, lambda what, _: between(what))


def as_after_an_upgrade(city: MortalCity) -> None:
    with city.city.publisher.store.database.write() as connection:
        for table in (relations, places, lists, cards):
            connection.execute(delete(table))


def as_a_new_rebuild_makes_it(city: MortalCity) -> bool:
    before = contents(city.files())
    shutil.rmtree(city.site)
    city.rebuild()
    return contents(city.files()) == before


def test_without_a_shelf_publishing_waits_and_says_for_what(city: MortalCity) -> None:
    as_after_an_upgrade(city)
    before = contents(city.files())
    assert BEHIND in city.city.publisher.watch.troubles()
    city.publish("B-1", title="关于B-1的通知")
    assert city.status("B-1") is Status.QUEUED
    (item,) = city.city.publisher.store.standing.items("B-1")
    assert item.deliveries[0].reason == BEHIND
    assert contents(city.files()) == before
    city.rebuild()
    assert BEHIND not in city.city.publisher.watch.troubles()
    city.catch_up()
    assert city.status("B-1") is Status.DELIVERED
    assert city.near("B-1") == (f"A-{MANY}", "", [])
    assert city.pages()["all", None][:2] == ["B-1", f"A-{MANY}"]


def test_what_is_published_between_two_parts_gets_no_earlier_place(city: MortalCity) -> None:
    """Places are for ever: the first rebuild after an upgrade gives all of them in one step."""
    as_after_an_upgrade(city)
    city.submit("B-1", title="关于B-1的通知")

    def publish(_: str) -> None:
        city.city.flush()

    rebuilt(city, publish)
    assert city.status("B-1") is Status.DELIVERED
    pages = city.pages()
    everything = [*pages["all", None][::-1]]
    assert everything[-1] == "B-1"
    assert pages["all", 1] == [f"A-{number}" for number in range(10, 0, -1)]
    assert as_a_new_rebuild_makes_it(city)


def test_the_first_shelf_is_there_whole_or_not_at_all(city: MortalCity) -> None:
    """Broken off among the places, nothing has one, and publishing still waits."""
    as_after_an_upgrade(city)
    shelves = city.city.publisher.store.shelves
    with pytest.raises(KeyboardInterrupt):
        rebuilt(city, lambda _: _raise())
    assert not shelves.is_behind("website"), "it was broken off after them"
    assert [len(city.pages()["all", number]) for number in (1, 2, 3, 4)] == [10] * 4


def _raise() -> None:
    raise KeyboardInterrupt


def test_what_comes_between_two_parts_is_not_swept(folder: Path, city: MortalCity) -> None:
    """Another length of page; meanwhile an item comes with a list, and one page more is full."""
    city.city.close()
    with mortal_city(folder, per_page=23) as longer:
        longer.clock.advance(days=1)
        assert (longer.site / "catalogue/archive-4.xml").is_file()
        stale = longer.site / "list/field/旧栏目/index.html"
        stale.parent.mkdir()
        stale.write_text("of a field that was renamed")
        longer.submit("B-1", title="关于B-1的通知", topics=["新的主题"])

        def publish(what: str) -> None:
            if what == "列表":
                longer.city.flush()

        rebuilt(longer, publish)
        assert longer.status("B-1") is Status.DELIVERED
        found = longer.files()
        assert "list/topic/新的主题/feed.json" in found
        assert {"catalogue/2.html", "catalogue/archive-2.xml", "sitemap/1.xml"} <= found.keys()
        assert not {"catalogue/3.html", "catalogue/archive-3.xml"} & found.keys()
        assert not stale.exists()
        longer.withdraw("A-18", "内容有误")
        assert longer.holding("第18号的正文") == []
        assert as_a_new_rebuild_makes_it(longer)


def test_a_worker_takes_a_withdrawal_out_between_two_parts(city: MortalCity) -> None:
    """A real worker: it looks every two seconds, and the lock is hardly ever free by chance."""
    shutil.rmtree(city.site)
    seen: list[bool] = []

    def between(_: str) -> None:
        if not seen:
            city.order_withdrawal("A-5")
        seen.append(city.status("A-5") is Status.DELIVERED)

    runner = city.city.publisher.local_runner()
    runner.start()
    rebuilt(city, between)
    runner.stop()
    assert not seen[0]
    assert seen[-1]
    assert city.holding("第5号的正文") == []
    assert "关于A-5的通知" not in city.read("catalogue/1.html")
    assert as_a_new_rebuild_makes_it(city)


def test_where_nobody_works_it_is_not_held_up_for_long(city: MortalCity) -> None:
    city.order_withdrawal("A-5")
    begun = time.monotonic()
    city.rebuild()
    assert time.monotonic() - begun < 15, "several parts, and one wait"
    assert "关于A-5的通知" in city.text("A-5")
