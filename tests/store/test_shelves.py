"""Shelves: places that never move, pages sealed where they are, and what stands beside an item."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.channels.website_items import FIELDS, STAGES
from tests.support.shelf_city import ShelfCity, changed, ids, shelf_city

ALL = "all"
FINANCE, SAFETY = (f"field/{field}" for field in FIELDS[:2])


@pytest.fixture
def city(database: str, tmp_path: Path) -> Iterator[ShelfCity]:
    """A city with two places on a page."""
    assert database
    with shelf_city(tmp_path / "city") as found:
        yield found


def entries(city: ShelfCity, feed: str) -> list[str]:
    tree: Any = etree.parse(city.site / feed)
    return [str(one) for one in tree.xpath("//*[local-name()='entry']/*[local-name()='id']/text()")]


# --- places and pages -------------------------------------------------------------------


def test_pages_are_sealed_at_fixed_places_and_never_change_again(city: ShelfCity) -> None:
    seen: dict[tuple[str, int | None], list[str]] = {}
    for number in range(1, 8):
        city.publish_each(f"A-{number}")
        pages = city.pages()
        sealed = {page: items for page, items in pages.items() if page[1] is not None}
        assert seen.items() <= sealed.items(), "what stands on a sealed page stays on it"
        seen = sealed
        head = pages[ALL, None]
        assert head[0] == f"A-{number}"
        assert len(head) == number if number < 4 else 2 <= len(head) < 4
    assert {page: seen[ALL, page] for page in (1, 2, 3)} == {
        1: ["A-2", "A-1"],
        2: ["A-4", "A-3"],
        3: ["A-6", "A-5"],
    }
    assert city.pages()[ALL, None] == ["A-7", "A-6", "A-5"]


def test_the_files_of_an_older_sealed_page_are_never_written_again(city: ShelfCity) -> None:
    city.publish_each("A-1", "A-2", "A-3", "A-4", "A-5")
    before = city.files()
    city.publish_each("A-6", "A-7", "A-8")
    city.correct("A-7", "写错了", title="关于A-7的通知（改）")
    written = changed(before, city.files())
    assert {"catalogue/2.html", "catalogue/3.html", "catalogue/archive-3.xml"} <= written
    assert not {"catalogue/1.html", "catalogue/archive-1.xml", "catalogue/archive-2.xml"} & written


def test_several_in_one_batch_have_places_of_their_own(city: ShelfCity) -> None:
    city.publish_each("A-1")
    city.publish_together({f"B-{number}": {"field": FIELDS[number % 2]} for number in range(1, 6)})
    pages = city.pages()
    everything = [*reversed(pages[ALL, 1]), *reversed(pages[ALL, 2]), *reversed(pages[ALL, 3])]
    assert everything == ["A-1", "B-1", "B-2", "B-3", "B-4", "B-5"]
    assert pages[FINANCE, 1] == ["B-2", "A-1"]
    assert pages[FINANCE, None] == ["B-4", "B-2", "A-1"]
    assert pages[SAFETY, None] == ["B-5", "B-3", "B-1"]
    assert city.near("B-3") == ("B-2", "B-4", [])
    assert city.near("A-1") == ("", "B-1", [])


def test_a_correction_that_moves_an_item_joins_the_end_of_its_new_lists(city: ShelfCity) -> None:
    city.publish_each("A-1", "A-2", "A-3", field=FIELDS[0])
    city.publish_each("B-1", field=FIELDS[1])
    city.correct("A-1", "领域填错", field=FIELDS[1], topics=["防汛"], title="关于A-1的通知")
    pages = city.pages()
    assert pages[FINANCE, 1] == ["A-2", "A-1"], "its place there is not given to another"
    assert pages[SAFETY, None] == ["A-1", "B-1"], "it comes last, though it is older"
    assert pages["topic/防汛", None] == ["A-1"]
    assert pages[ALL, 1] == ["A-2", "A-1"], "in the list of everything it stays where it was"
    left, joined = (f"list/{name}" for name in (FINANCE, SAFETY))
    assert city.page("A-1") not in city.read(f"{left}/1.html")
    assert "关于A-1的通知" not in city.read(f"{left}/index.html")
    assert "关于A-1的通知" in city.read(f"{joined}/index.html")
    for folder in (left, joined):
        assert city.page("A-1") in entries(city, f"{folder}/atom.xml"), "readers of both are told"
        assert f"{city.page('A-1')}#notice-1" in entries(city, f"{folder}/atom.xml")


def test_what_comes_back_to_a_list_has_its_old_place_there(city: ShelfCity) -> None:
    city.publish_each("A-1", "A-2", "A-3", field=FIELDS[0])
    for field in (FIELDS[1], FIELDS[0]):
        city.clock.advance(hours=1)
        city.correct("A-1", "领域填错", field=field, title="关于A-1的通知")
    assert city.pages()[FINANCE, 1] == ["A-2", "A-1"]
    assert "关于A-1的通知" in city.read(f"list/{FINANCE}/1.html")
    assert "关于A-1的通知" not in city.read(f"list/{SAFETY}/index.html")


def test_what_was_withdrawn_keeps_its_place_and_is_shown_nowhere(city: ShelfCity) -> None:
    city.publish_each("A-1", "A-2", "A-3", "A-4", "A-5")
    city.withdraw("A-2", "内容有误")
    assert city.pages()[ALL, 1] == ["A-2", "A-1"]
    assert city.page("A-2") in entries(city, "catalogue/archive-1.xml"), "a stub overwrites it"
    for name in ("catalogue/1.html", f"list/{FINANCE}/1.html"):
        assert "关于A-1的通知" in city.read(name)
        assert "关于A-2的通知" not in city.read(name)


# --- changed last -----------------------------------------------------------------------


def test_the_newest_page_knows_what_was_changed_last_however_old_it_is(city: ShelfCity) -> None:
    city.publish_each(*(f"A-{number}" for number in range(1, 10)))
    for item_id, days in (("A-2", 1), ("A-3", 60), ("A-1", 10), ("A-5", 10)):
        city.clock.advance(days=days)
        city.correct(item_id, "写错了", title=f"关于{item_id}的通知（改）")
    head = [page for page in city.around(city.card("A-9")).pages if page.list == ALL][-1]
    assert head.number is None
    assert ids(head.changed) == ["A-5", "A-1", "A-3"], "all of a month, and a page at least"
    told = [one.partition("#")[0] for one in entries(city, "atom.xml")]
    for item_id in ("A-5", "A-1", "A-3"):
        assert told.count(city.page(item_id)) == 2, "itself, and its correction"
    assert city.page("A-2") not in told
    city.clock.advance(days=60)
    city.correct("A-5", "又写错了", title="关于A-5的通知（再改）")
    head = [page for page in city.around(city.card("A-9")).pages if page.list == ALL][-1]
    assert ids(head.changed) == ["A-5", "A-1"], "as many as a page has places"


def test_a_minor_correction_is_no_change_that_readers_are_told_of(city: ShelfCity) -> None:
    city.publish_each("A-1", "A-2", "A-3", "A-4", "A-5", "A-6")
    city.correct("A-1", "错字", minor=True, title="关于A-1的通知（改）")
    assert city.page("A-1") not in entries(city, "atom.xml")
    assert "关于A-1的通知（改）" in city.read("catalogue/1.html")
    assert "关于A-1的通知（改）" in city.read("catalogue/archive-1.xml")


# --- beside -----------------------------------------------------------------------------


def test_neighbours_skip_what_was_withdrawn_and_their_pages_follow(city: ShelfCity) -> None:
    city.publish_each("A-1", "A-2", "A-3", "A-4")
    assert city.near("A-2") == ("A-1", "A-3", [])
    city.withdraw("A-2", "内容有误")
    assert city.near("A-3") == ("A-1", "A-4", [])
    assert city.near("A-1") == ("", "A-3", [])
    assert "关于A-3的通知" in city.text("A-1")
    assert "关于A-1的通知" in city.text("A-3")
    for item_id in ("A-1", "A-3"):
        assert "关于A-2的通知" not in city.text(item_id)
    city.correct("A-3", "标题有误", title="关于A-3的新通知")
    for item_id in ("A-1", "A-4"):
        assert "关于A-3的新通知" in city.text(item_id)


def test_two_neighbours_withdrawn_together(city: ShelfCity) -> None:
    city.publish_each("A-1", "A-2", "A-3", "A-4")
    for item_id in ("A-2", "A-3"):
        city.city.publisher.amendments.withdraw(
            item_id, why="内容有误", by="李办", now=city.clock()
        )
    city.city.flush()
    assert city.near("A-1") == ("", "A-4", [])
    assert city.near("A-4") == ("A-1", "", [])
    assert "关于A-4的通知" in city.text("A-1")
    assert "关于A-1的通知" in city.text("A-4")


def test_partners_are_shown_on_both_pages_when_the_other_appears_later(city: ShelfCity) -> None:
    city.publish_each("A-1", related=["C-9"])
    city.publish_each("B-1", "B-2")
    assert city.near("A-1")[2] == []
    city.publish_each("C-9", kind="政策解读")
    assert city.near("A-1")[2] == ["C-9"]
    assert city.near("C-9")[2] == ["A-1"]
    assert _partners(city, "A-1") == ["关于C-9的通知"]
    assert _partners(city, "C-9") == ["关于A-1的通知"]
    assert "政策解读</h2>" in city.text("A-1")
    assert "解读的文件</h2>" in city.text("C-9")


def test_a_partner_that_is_no_longer_named_loses_the_link(city: ShelfCity) -> None:
    city.publish_each("A-1", "B-1", "B-2")
    city.publish_each("C-1", related=["A-1", "B-1"])
    city.publish_each("D-1")
    assert _partners(city, "A-1") == _partners(city, "B-1") == ["关于C-1的通知"]
    city.correct("C-1", "关联有误", title="关于C-1的通知", related=["B-1"])
    assert _partners(city, "A-1") == []
    assert _partners(city, "B-1") == ["关于C-1的通知"]
    city.correct("B-1", "标题有误", title="关于B-1的新通知")
    assert _partners(city, "C-1") == ["关于B-1的新通知"]


def test_a_withdrawn_partner_is_named_by_nobody_but_who_explains_it(city: ShelfCity) -> None:
    city.publish_each("A-1", "B-1", "B-2")
    city.publish_each("C-1", related=["A-1"])
    city.withdraw("C-1", "内容有误")
    assert city.near("A-1")[2] == []
    assert _partners(city, "A-1") == []
    city.publish_each("C-2", related=["A-1"])
    city.withdraw("A-1", "内容有误")
    assert _partners(city, "C-2") == ["［已撤回］关于A-1的通知"]


# --- fronts and blocks --------------------------------------------------------------------


def test_fronts_are_the_newest_that_still_stand(city: ShelfCity) -> None:
    city.publish_each(*(f"A-{number}" for number in range(1, 8)), field=FIELDS[0])
    city.publish_each("B-1", field=FIELDS[1], five_open_stage=STAGES[0])
    city.withdraw("A-6", "内容有误")
    fronts = city.around().fronts
    assert ids(fronts[FINANCE]) == ["A-7", "A-5", "A-4", "A-3", "A-2"]
    assert ids(fronts[SAFETY]) == ids(fronts[f"stage/{STAGES[0]}"]) == ["B-1"]
    assert ids(fronts[ALL]) == ["B-1", "A-7", "A-5", "A-4", "A-3", "A-2", "A-1"]
    assert fronts[f"field/{FIELDS[2]}"] == ()


def test_blocks_hold_the_addresses_of_what_stands_with_the_time_of_change(
    city: ShelfCity,
) -> None:
    began = city.clock()
    city.publish_each("A-1", "A-2", "A-3")
    city.correct("A-1", "写错了", title="关于A-1的通知（改）")
    corrected = city.clock()
    city.withdraw("A-2", "内容有误")
    (block,) = city.around(city.card("A-3")).blocks
    assert (block.number, [url for url, _ in block.entries]) == (
        1,
        [city.page("A-1"), city.page("A-3")],
    )
    assert block.entries[0][1] == corrected > began


def test_a_block_is_full_at_a_fixed_number(city: ShelfCity) -> None:
    city.publish_each("A-1", "A-2", "A-3", "A-4", "A-5")
    channel: Any = city.route.channel
    channel.per_block = 2
    shelf = city.around(city.card("A-3"))
    assert shelf.block_count == 3
    assert [(one.number, [url for url, _ in one.entries]) for one in shelf.blocks] == [
        (2, [city.page("A-3"), city.page("A-4")])
    ]


def _partners(city: ShelfCity, item_id: str) -> list[str]:
    tree: Any = etree.HTML(city.text(item_id))
    return [str(one) for one in tree.xpath("//section[@class='partners']//a/text()")]
