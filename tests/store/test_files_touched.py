"""What one publication, correction or withdrawal writes does not grow with what stands already."""

import re
from pathlib import Path

from tests.support.shelf_city import ShelfCity, changed, shelf_city

FEW, MANY, TOGETHER = 28, 280, 50
"""With four places on a page both fill their last page: so what follows is the same."""
_NUMBER = re.compile(r"\d+(?=\.html|\.xml|/)")


def test_the_files_that_an_order_writes_are_the_same_however_much_stands(tmp_path: Path) -> None:
    few = _touched(tmp_path / "few", FEW)
    many = _touched(tmp_path / "many", MANY)
    assert few == many
    assert {"catalogue/index.html", "atom.xml", "sitemap/#.xml"} <= set(many[0])
    assert {"catalogue/#.html", "catalogue/archive-#.xml"} <= set(many[1])
    assert {"catalogue/#.html", "#/#.html", "#/#/.gone"} <= set(many[2])


def _touched(folder: Path, many: int) -> list[list[str]]:
    """The files written by a publication, a correction and a withdrawal, without their numbers."""
    found = []
    with shelf_city(folder, per_page=4) as city:
        _fill(city, many)
        before = city.files()
        assert len([name for name in before if name.startswith("2026/")]) == many
        city.publish("B-1", title="关于B-1的通知", related=[f"A-{many // 4}"])
        between = city.files()
        found.append(changed(before, between))
        city.correct(f"A-{many // 2}", "标题有误", title="改正后的标题")
        after = city.files()
        found.append(changed(between, after))
        city.withdraw(f"A-{many // 2 + 6}", "内容有误")
        found.append(changed(after, city.files()))
    return [sorted(_NUMBER.sub("#", name) for name in written) for written in found]


def _fill(city: ShelfCity, many: int) -> None:
    for first in range(1, many + 1, TOGETHER):
        last = min(first + TOGETHER, many + 1)
        city.publish_together(
            {f"A-{number}": {"title": f"关于A-{number}的通知"} for number in range(first, last)}
        )
        city.clock.advance(hours=1)
