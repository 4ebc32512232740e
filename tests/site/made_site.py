"""A small site that the product itself has made: with every page and feed that rules look at."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

from PIL import Image

from channels.website import Website
from tests.factories import ROOT
from tests.support.shelf_city import ShelfCity, shelf_city

FULL, WITHDRAWN, CORRECTED = "2026/00003.html", "2026/00002.html", "2026/00001.html"
PDF, PICTURE = "2026/00003/检查表.pdf", "2026/00003/现场.png"
FIELD, STAGE, TOPIC = "list/field/安全生产", "list/stage/执行", "list/topic/用电"
DEPARTMENT, YEAR = "list/department/辛集市应急管理局", "list/year/2026"
_BODY = '<p>各单位：请按期整改。</p><p><img src="现场.png"></p>'


@dataclass(frozen=True)
class MadeSite:
    """`folder` is what a web server shows; look at it, do not change it."""

    folder: Path
    city: ShelfCity

    @property
    def website(self) -> Website:
        channel = self.city.route.channel
        assert isinstance(channel, Website)
        return channel


@contextmanager
def made_site(folder: Path, verify: Sequence[str] = ()) -> Iterator[MadeSite]:
    """Seven items on pages of two; the first is corrected, the second withdrawn."""
    with shelf_city(folder, search=True, verify=verify) as city:
        files = ROOT / "config" / "demo" / "files"
        copy(files / "免费开放服务目录.pdf", folder / "inbox" / "检查表.pdf")
        Image.new("RGB", (40, 30), "#c8d4e0").save(folder / "inbox" / "现场.png")
        for number in range(1, 8):
            city.publish(f"A-{number}", **_item(number))
            city.clock.advance(hours=1)
        city.correct("A-1", "金额有误", **_item(1, body="各单位：请改正。"))
        city.clock.advance(hours=1)
        city.withdraw("A-2", "涉及个人信息")
        yield MadeSite(city.site, city)


def _item(number: int, **changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "body": _BODY,
        "body_format": "html",
        "attachments": [{"file": "检查表.pdf", "title": "安全生产检查表"}],
        "images": [{"file": "现场.png", "alt": "检查现场：三名工作人员查看配电箱"}],
    }
    return {
        "title": f"关于第{number}号隐患整改的通知",
        "department": "辛集市应急管理局",
        "field": "安全生产",
        "topics": ["用电"],
        "body": "各单位：请按期整改。",
        **(whole if number == 3 else {}),
        **changes,
    }
