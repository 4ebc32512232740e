"""Rebuild: all that stands is put out anew, what is right stays untouched, nothing is decided."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from publisher.channel import TemporaryError
from publisher.model import Status
from publisher.operations import NotPossible
from publisher.rebuild import rebuild
from publisher.store.shelf_tables import cards, lists, places, relations
from publisher.store.tables import items
from tests.support.city import City, postbox, settings_for
from tests.support.handed_over import PDF
from tests.support.postbox import PostboxSimulator
from tests.support.shelf_city import ShelfCity, changed, contents, shelf_city


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """Of a city with two places on a page."""
    assert database
    return tmp_path / "city"


@pytest.fixture
def city(folder: Path) -> Iterator[ShelfCity]:
    """Five items out, of which one was corrected, one withdrawn, and one has an attachment."""
    with shelf_city(folder) as found:
        attach(folder, "任务分解表.pdf", PDF)
        for number in range(1, 6):
            with_file = {"attachments": [{"file": "任务分解表.pdf", "title": "任务分解表"}]}
            found.publish(
                f"A-{number}",
                title=f"关于A-{number}的通知",
                related=["A-5"] if number == 1 else [],
                **(with_file if number in (2, 3) else {}),
            )
            found.clock.advance(hours=1)
        found.correct("A-1", "标题有误", title="关于A-1的新通知", related=["A-5"])
        found.withdraw("A-2", "内容有误")
        yield found


def attach(folder: Path, name: str, data: bytes) -> None:
    (folder / "inbox" / name).write_bytes(data)


def lose_address(city: ShelfCity, item_id: str) -> None:
    """Its address cannot be that of a page any more."""
    wrong = "https://www.xinji.example/index.html"
    with city.city.publisher.store.database.write() as connection:
        connection.execute(update(items).where(items.c.id == item_id).values(url=wrong))


def test_what_is_right_is_not_touched(city: ShelfCity) -> None:
    before, pages = city.files(), city.pages()
    done = city.rebuild()
    assert (done.many, done.left) == (5, {})
    assert changed(before, city.files()) == set()
    assert city.pages() == pages


def test_a_lost_disk_is_restored_with_its_attachments(city: ShelfCity) -> None:
    before = contents(city.files())
    assert {"2026/00003/任务分解表.pdf", "2026/00002/.gone"} <= before.keys()
    shutil.rmtree(city.site)
    shutil.rmtree(city.city.publisher.settings.storage.inbox)
    city.rebuild()
    assert contents(city.files()) == before


def test_what_was_altered_or_left_over_is_put_right(city: ShelfCity) -> None:
    before = contents(city.files())
    (city.site / "2026/00001.html").write_text("altered by hand")
    (city.site / "catalogue/1.html").unlink()
    (city.site / "2026/00002/任务分解表.pdf").write_bytes(b"%PDF of what was withdrawn")
    (city.site / "2026/00003/旧附件.pdf").write_bytes(b"%PDF of an earlier text")
    city.rebuild()
    assert contents(city.files()) == before


def test_nothing_is_decided(city: ShelfCity) -> None:
    """What waits still waits, and no history is written."""
    city.submit("B-1", title="关于B-1的通知")
    city.city.publisher.amendments.withdraw("A-4", why="有误", by="李办", now=city.clock())
    standing = city.city.publisher.store.standing.items()
    city.rebuild()
    assert city.city.publisher.store.standing.items() == standing
    assert not (city.site / "2026/00006.html").exists()
    assert "关于A-4的通知" in city.text("A-4")
    assert "本信息已撤回" not in city.text("A-4")
    city.city.flush()
    assert city.status("B-1") is Status.DELIVERED
    assert "本信息已撤回" in city.text("A-4")


def test_what_stood_before_there_were_shelves_gets_its_place(city: ShelfCity) -> None:
    """As after an upgrade: the deliveries are there, the cards are not."""
    before = contents(city.files())
    with city.city.publisher.store.database.write() as connection:
        for table in (relations, places, lists, cards):
            connection.execute(delete(table))
    shutil.rmtree(city.site)
    city.rebuild()
    assert contents(city.files()) == before


def test_other_lengths_of_pages_are_taken_over(city: ShelfCity, folder: Path) -> None:
    city.city.close()
    with shelf_city(folder, per_page=3) as longer:
        longer.rebuild()
        assert longer.pages()["all", 1] == ["A-3", "A-2", "A-1"]
        assert "关于A-3的通知" in longer.read("catalogue/1.html")
        longer.clock.advance(days=1)
        longer.publish("B-1", title="关于B-1的通知")
        assert "关于B-1的通知" in longer.read("catalogue/2.html")
        before = contents(longer.files())
        shutil.rmtree(longer.site)
        longer.rebuild()
        assert contents(longer.files()) == before


def test_an_item_whose_page_cannot_be_made_leaves_the_others(city: ShelfCity) -> None:
    lose_address(city, "A-3")
    shutil.rmtree(city.site)
    done = city.rebuild()
    assert list(done.left) == ["A-3"]
    assert "网页地址" in done.left["A-3"]
    files = city.files()
    assert {"2026/00001.html", "2026/00004.html", "2026/00005.html"} <= files.keys()
    assert "2026/00003.html" not in files
    assert "关于A-4的通知" in city.read("catalogue/index.html")


def test_a_site_that_moved_takes_its_pages_along(city: ShelfCity, folder: Path) -> None:
    city.city.close()
    with shelf_city(folder, url="https://new.xinji.example") as moved:
        shutil.rmtree(moved.site)
        assert moved.rebuild().left == {}
        moved.clock.advance(days=1)
        moved.publish("B-1", title="关于B-1的通知")
        assert "关于B-1的通知" in moved.text("A-5"), "the neighbour's page follows"
        assert "../2026/00005.html" in moved.text("B-1")
        assert "https://www.xinji.example/2026/00005.html</id>" in moved.read("atom.xml")


def test_pages_and_archives_of_another_length_do_not_stay_behind(
    city: ShelfCity, folder: Path
) -> None:
    """They would go on to show what is withdrawn later."""
    city.city.close()
    assert {"catalogue/2.html", "catalogue/archive-2.xml"} <= city.files().keys()
    with shelf_city(folder, per_page=4) as longer:
        longer.clock.advance(days=1)
        longer.rebuild()
        longer.withdraw("A-4", "内容有误")
        assert not {"catalogue/2.html", "catalogue/archive-2.xml"} & longer.files().keys()
        before = contents(longer.files())
        shutil.rmtree(longer.site)
        longer.rebuild()
        assert contents(longer.files()) == before


def test_broken_off_half_way_it_is_run_again(city: ShelfCity) -> None:
    before = contents(city.files())
    shutil.rmtree(city.site)
    with city.in_the_way("catalogue/1.html"):
        with pytest.raises(TemporaryError):
            city.rebuild()
        half = city.files()
        assert "2026/00001.html" in half
        assert "atom.xml" not in half
    city.rebuild()
    assert contents(city.files()) == before
    after = city.files()
    assert {half[name] for name in half} <= {after[name] for name in after}, "not written twice"


def test_a_channel_without_lists_has_nothing_to_rebuild(database: str, tmp_path: Path) -> None:
    assert database
    with PostboxSimulator() as box:
        city = City(settings_for(tmp_path, {"post": postbox(box.url)}))
        route = city.publisher.routes["post"]
        with pytest.raises(NotPossible, match="邮箱没有目录和列表，不需要重建"):
            rebuild(city.publisher.courier(), route, print)
        city.close()
