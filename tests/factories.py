"""Items for tests, built as the intake would build them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from publisher.channel import House
from publisher.content import parse_body
from publisher.model import Action, Approval, Approver, Asset, Item, Notice, Revision

BEIJING = ZoneInfo("Asia/Shanghai")
FIELDS = ("财政预决算", "安全生产", "公共文化服务", "公共法律服务", "综合")
STAGES = ("决策", "执行", "管理", "服务", "结果")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=BEIJING)
ROOT = Path(__file__).resolve().parent.parent

BODY = """各乡、镇人民政府，市政府各部门：

一、总体要求

（一）指导思想。坚持以公开为常态、不公开为例外。

2018年8月底前，全面完成试点任务，公开率达到98.5%。
"""


def an_asset(name: str, data: bytes, title: str = "", media_type: str = "application/pdf") -> Asset:
    return Asset(
        name=name,
        title=title or name,
        media_type=media_type,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        data=data,
    )


def an_approval(content_hash: str = "0" * 64) -> Approval:
    at = datetime(2026, 11, 20, 15, 0, tzinfo=BEIJING)
    names = (("张敏", "初审"), ("李强", "复审"), ("王芳", "终审"))
    return Approval(
        content_hash=content_hash,
        approvers=tuple(
            Approver(name=name, role=role, at=at + timedelta(hours=hour))
            for hour, (name, role) in enumerate(names)
        ),
    )


def a_revision(*, body: str = BODY, body_format: str = "text", **changes: Any) -> Revision:
    images = changes.get("images", ())
    facts: dict[str, Any] = {
        "number": 1,
        "content_hash": "0" * 64,
        "approval": an_approval(),
        "title": "关于印发辛集市政务公开标准化规范化试点工作实施方案的通知",
        "document": parse_body(body, body_format, frozenset(image.name for image in images)),
        "department": "辛集市人民政府办公室",
        "formed_on": date(2018, 1, 20),
        "doc_number": "辛政办字〔2018〕1号",
        "field": "财政预决算",
        "five_open_stage": "执行",
        "kind": "其他文件",
        "audience": "全社会",
    }
    return Revision(**(facts | changes))


def an_item(
    serial: int = 1,
    published_at: datetime = NOW,
    site_url: str = "https://www.xinji.example",
    **changes: Any,
) -> Item:
    """An item with index number and URL as submit gives them; `changes` go to its revision."""
    year = published_at.astimezone(BEIJING).year
    return Item(
        id=changes.pop("id", f"T{serial:02d}"),
        number=f"130181/{year}-{serial:05d}",
        url=f"{site_url}/{year}/{serial:05d}.html",
        published_at=published_at,
        revision=a_revision(**changes),
    )


def later(item: Item, action: Action, reason: str = "", days: int = 1, **changes: Any) -> Item:
    """The item as an order gives it some days after NOW; without a reason citizens hear nothing."""
    notice = Notice(action=action, reason=reason, at=NOW + timedelta(days=days))
    number = item.revision.number + (1 if action is Action.CORRECT else 0)
    return replace(
        item,
        action=action,
        revision=replace(item.revision, number=number, **changes),
        notices=(*item.notices, notice) if reason else item.notices,
    )


def a_house(folder: Path, fonts: Path | None = None) -> House:
    return House(
        city="辛集市",
        site_name="辛集市人民政府",
        site_url="https://www.xinji.example",
        contact="辛集市人民政府办公室 0311-83220000",
        timezone=BEIJING,
        fields=FIELDS,
        stages=STAGES,
        templates=ROOT / "templates",
        fonts=fonts or ROOT / "var" / "fonts",
        output=folder / "output",
    )
