"""Report: where everything stands, for people and for machines. Computed, never stored."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from publisher.model import Status
from publisher.store.standing import DeliveryRow, ItemRow

STATUS_WORDS = {
    Status.QUEUED: "待发",
    Status.HELD: "暂停",
    Status.SENDING: "发送中",
    Status.ACCEPTED: "已受理",
    Status.AWAITING: "待人工",
    Status.DELIVERED: "已送达",
    Status.UNKNOWN: "结果不明",
    Status.FAILED: "未发出",
    Status.LOST: "已失效",
    Status.CANCELLED: "已取消",
}

STATE_WORDS = {
    "published": "已发布",
    "partly_published": "部分发布",
    "publishing": "发布中",
    "not_published": "未发布",
    "cancelled": "已取消",
}

CLASS_WORDS = {
    "content": "内容",
    "permission": "权限",
    "quota": "额度",
    "address": "号码",
    "provider": "对方服务",
    "internal": "本系统",
}

KIND_WORDS = {
    "render": "成稿",
    "send": "发送",
    "check": "查询",
    "settle": "核实",
    "verify": "复查",
    "order": "发布单",
    "staff": "人工",
    "receipt": "回执",
}

RECEIPT_WORDS = {"confirmed": "人工确认", "evidence": "证明文件"}

_OPEN = {Status.QUEUED, Status.HELD, Status.SENDING, Status.ACCEPTED, Status.AWAITING}


def overall(statuses: Iterable[Status]) -> str:
    """The state of an item by its deliveries: a key of STATE_WORDS."""
    counting = [status for status in statuses if status is not Status.CANCELLED]
    if not counting:
        return "cancelled"
    if all(status is Status.DELIVERED for status in counting):
        return "published"
    if Status.DELIVERED in counting:
        return "partly_published"
    return "publishing" if _OPEN & set(counting) else "not_published"


def overdue(delivery: DeliveryRow, now: datetime) -> bool:
    """Past the deadline of its status."""
    return delivery.deadline_at is not None and delivery.deadline_at < now


def item_json(item: ItemRow) -> dict[str, Any]:
    """One item as `status --json` gives it."""
    return {
        "item": item.id,
        "title": item.title,
        "state": overall(delivery.status for delivery in item.deliveries),
        "number": item.number,
        "url": item.url,
        "first_published_at": _iso(item.first_published_at),
        "deliveries": [_delivery_json(delivery) for delivery in item.deliveries],
    }


def _delivery_json(delivery: DeliveryRow) -> dict[str, Any]:
    return {
        "channel": delivery.channel,
        "status": delivery.status,
        "due_at": _iso(delivery.due_at),
        "deadline_at": _iso(delivery.deadline_at),
        "attempts": delivery.attempts,
        "reference": delivery.reference,
        "url": delivery.url,
        "reason": delivery.reason,
        "reason_class": delivery.reason_class,
        "updated_at": _iso(delivery.updated_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
