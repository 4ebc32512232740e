"""The cover: right size, read in the square, refuses what it cannot show."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from channels._cover import cover_png
from channels._title import break_title, phrases, width_of
from publisher.channel import PermanentError
from tests.factories import a_house, an_item

TITLES = (
    "停水通知",
    "关于印发辛集市政务公开标准化规范化试点工作实施方案的通知",
    "2025年“文化进万家·戏曲进乡村”重阳节惠民演出排期表",
)


def drawn(item_title: str, folder: Path) -> Image.Image:
    png = cover_png(an_item(title=item_title), a_house(folder))
    return Image.open(io.BytesIO(png)).convert("RGB")


@pytest.mark.parametrize("title", TITLES)
def test_size_and_what_differs_by_title_stands_in_the_square(tmp_path: Path, title: str) -> None:
    one, other = drawn(title, tmp_path), drawn("公告", tmp_path)
    assert one.size == (900, 383)
    left, top, right, bottom = ImageChops.difference(one, other).getbbox() or (0, 0, 900, 383)
    assert left >= (900 - 383) / 2 + 10
    assert right <= (900 + 383) / 2 - 10
    assert top > 75
    assert bottom < 383 - 60


def test_same_item_same_bytes(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    assert cover_png(an_item(), house) == cover_png(an_item(), house)


def test_the_short_title_steps_in(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    endless = "关于" + "进一步加强有关工作的" * 30 + "通知"
    with pytest.raises(PermanentError) as caught:
        cover_png(an_item(title=endless), house)
    assert caught.value.field == "short_title"
    assert cover_png(an_item(title=endless, short_title="加强工作的通知"), house)


def test_a_character_without_a_glyph_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as caught:
        cover_png(an_item(title="演出🎭预告"), a_house(tmp_path))
    assert caught.value.field == "title"


@pytest.mark.parametrize(
    ("title", "width", "lines"),
    [
        (
            "关于印发辛集市政务公开标准化规范化 试点工作实施方案的通知",
            20,
            ("关于印发辛集市政务公开标准化规范化", "试点工作实施方案的通知"),
        ),
        (
            "关于撤回（辛）应急罚〔2025〕012号行政处罚决定公示信息的说明",
            20,
            ("关于撤回（辛）应急罚〔2025〕012号", "行政处罚决定公示信息的说明"),
        ),
        ("停水通知", 9, ("停水通知",)),
        ("", 9, ()),
    ],
)
def test_titles_are_broken_by_sense(title: str, width: float, lines: tuple[str, ...]) -> None:
    assert break_title(title, width) == lines


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("“文化进万家·戏曲进乡村”排期表", "“文化|进万家·|戏曲进乡村”|排期表"),
        ("关于撤回（辛）应急罚〔2025〕1-012号决定", "关于撤回|（辛）|应急罚〔2025〕1-012号|决定"),
        ("一问一答｜读懂实施细则", "一问一答｜|读懂|实施细则"),
        ("辛集市指挥部令", "辛集市|指挥部令"),
        ("城乡建设局关于印发细则的通知", "城乡|建设局|关于印发|细则的|通知"),
    ],
)
def test_a_title_parts_only_where_a_line_may_well_end(title: str, parts: str) -> None:
    assert phrases(title) == tuple(parts.split("|"))


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("width", [7, 9, 12, 20])
def test_breaking_loses_nothing_and_keeps_the_marks(title: str, width: float) -> None:
    lines = break_title(title, width)
    assert "".join(lines) == title
    for line in lines:
        assert line[0] not in "，。、》〉）”·的"
        assert line[-1] not in "《〈（“"
        assert width_of(line) <= width
