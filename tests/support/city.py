"""A small city for tests: real settings, a real database, a clock that is set by hand."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.settings import Settings
from publisher.bootstrap import Publisher, build
from publisher.deliver import flush
from publisher.intake import Approved, approve, check
from publisher.model import Status
from publisher.submit import Answer
from tests.factories import BODY, NOW
from tests.support.databases import storage_of

KEYS = {
    "encryption_key": base64.b64encode(b"e" * 32).decode(),
    "index_key": base64.b64encode(b"i" * 32).decode(),
}
APPROVERS = (("张敏", "初审"), ("李强", "复审"), ("王芳", "终审"))


class Clock:
    """A clock that only moves when told."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **how: float) -> None:
        self.now += timedelta(**how)


def settings_for(folder: Path, channels: Mapping[str, Any], **more: Any) -> Settings:
    (folder / "inbox").mkdir(exist_ok=True)
    values: dict[str, Any] = {
        "city": {"name": "辛集市", "area_code": "130181", "contact": "市政府办 0311-83220000"},
        "site": {"name": "辛集市人民政府", "base_url": "https://www.xinji.example"},
        "storage": {
            "data": folder / "data",
            "inbox": folder / "inbox",
            "output": folder / "output",
            "fonts": folder / "fonts",
            **storage_of(folder),
        },
        "intake": {"fields": ["财政预决算", "安全生产", "公共文化服务", "公共法律服务", "综合"]},
        "subscribers": {"topics": ["财政预决算", "安全生产"], **KEYS},
        "channels": channels,
    }
    return Settings(**(values | more))


def postbox(url: str, **more: Any) -> dict[str, Any]:
    """The stanza of a postbox channel; `options` are merged in."""
    options = {"base_url": url, **more.pop("options", {})}
    return {"adapter": "tests.support.postbox", "title": "邮箱", "options": options, **more}


class City:
    """A publisher with its clock, and short ways to do what a test does often."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.publisher: Publisher = build(settings, self.clock)
        self.publisher.store.database.upgrade()

    def submit(self, item_id: str = "A-1", **changes: Any) -> Answer:
        return self.submit_bytes(self.approved(an_item_object(item_id, **changes)))

    def submit_bytes(self, data: bytes) -> Answer:
        return self.publisher.door.submit(data, by="李办", now=self.clock())

    def approved(self, item: Mapping[str, Any]) -> bytes:
        """The bytes of an item object with a full approval over its content."""
        rules = self.publisher.rules
        draft = check(json.dumps(item).encode(), rules, self.clock(), approved=Approved.NO)
        at = self.clock() - timedelta(hours=1)
        record = approve({}, draft.revision.content_hash, APPROVERS, at)
        return json.dumps({**item, "approval": record}, ensure_ascii=False).encode()

    def flush(self, *channels: str) -> None:
        for name in channels or self.publisher.routes:
            flush(self.publisher.courier(), self.publisher.routes[name])

    def status(self, item_id: str, channel: str) -> Status:
        found = self.publisher.store.standing.delivery(item_id, channel)
        assert found is not None
        return found.status

    def statuses(self, item_id: str) -> dict[str, Status]:
        item = self.publisher.store.standing.items(item_id)[0]
        return {one.channel: one.status for one in item.deliveries}

    def close(self) -> None:
        self.publisher.close()


def an_item_object(item_id: str = "A-1", **changes: Any) -> dict[str, Any]:
    """An item as the city's CMS would send it, not yet approved. A value of None drops a field."""
    item: dict[str, Any] = {
        "id": item_id,
        "title": "关于印发辛集市政务公开标准化规范化试点工作实施方案的通知",
        "body": BODY,
        "body_format": "text",
        "department": "辛集市人民政府办公室",
        "doc_number": "辛政办字〔2018〕1号",
        "field": "财政预决算",
        "five_open_stage": "执行",
        "kind": "其他文件",
        "disclosure_attr": "主动公开",
        "audience": "全社会",
        "formed_on": "2018-01-20",
    }
    return {key: value for key, value in (item | changes).items() if value is not None}
