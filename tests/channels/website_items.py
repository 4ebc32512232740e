"""What the tests of the website share: a configured site, and many items."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from channels.website import Options, Website, build
from publisher.channel import Rendition
from publisher.model import Item
from tests.factories import NOW, a_house, an_item

FIELDS = ("财政预决算", "安全生产", "公共文化服务", "公共法律服务")
STAGES = ("决策", "执行", "管理", "服务", "结果")
OPTIONS: dict[str, Any] = {
    "sponsor": "辛集市人民政府办公室",
    "organiser": "辛集市信息网络中心",
    "site_code": "1301810003",
    "icp": "冀ICP备13017949号-1",
    "police": "冀公网安备13018102000135号",
}


def a_website(folder: Path, **options: Any) -> Website:
    return build("gov_website", Options(**(OPTIONS | options)), a_house(folder))


def many_items(count: int, **changes: Any) -> list[Item]:
    """Items of the last days, newest first."""
    return [
        an_item(
            serial=count - place,
            published_at=NOW - timedelta(hours=9 * place),
            id=f"M{count - place:03d}",
            **{
                "title": f"关于第{count - place}号公开事项的通知",
                "field": FIELDS[place % 4],
                "five_open_stage": STAGES[place % 5],
            }
            | changes,
        )
        for place in range(count)
    ]


def hash_of_all(rendition: Rendition) -> str:
    """Over every file that is put out, in their order; its own hash is of what is kept."""
    names = "".join(f"{file.name} {file.sha256}\n" for file in rendition.every)
    return sha256(names.encode()).hexdigest()
