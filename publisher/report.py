"""Report: where everything stands, for people and for machines. Computed, never stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from publisher.model import Action, Status
from publisher.orders import Exposure, Seen
from publisher.store.changes import Change
from publisher.store.orders import Placed
from publisher.store.standing import DeliveryRow, ItemRow, OrderRow

_LEFT_NAMED = 5
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

SIGNS = {
    Status.QUEUED: "…",
    Status.HELD: "‖",
    Status.SENDING: "→",
    Status.ACCEPTED: "○",
    Status.AWAITING: "☐",
    Status.DELIVERED: "✓",
    Status.UNKNOWN: "?",
    Status.FAILED: "✗",
    Status.LOST: "!",
    Status.CANCELLED: "–",
}
"""Beside the word and the colour, for who sees no colours."""

ACTION_WORDS = {
    Action.PUBLISH: "发布",
    Action.CORRECT: "更正",
    Action.WITHDRAW: "撤回",
    Action.EXPIRE: "到期",
}

SEEN_WORDS = {
    Seen.SEEN: "看得到",
    Seen.MAYBE: "可能看得到",
    Seen.WITHDRAWING: "正在撤回",
    Seen.REMAINS: "已撤回，但有收不回的",
}

STATE_WORDS = {
    "published": "已发布",
    "partly_published": "部分发布",
    "publishing": "发布中",
    "not_published": "未发布",
    "cancelled": "已取消",
    "withdrawing": "撤回中",
    "withdrawn": "已撤回",
}

REPLACED_WORDS = {
    Action.CORRECT: "已被代替",
    Action.WITHDRAW: "已撤回",
    Action.EXPIRE: "已到期",
}

FOLLOWED_WORDS = {
    Action.CORRECT: "后有更正",
    Action.WITHDRAW: "后有撤回",
    Action.EXPIRE: "已到期",
}

_TAKEN_BACK = {"published": "withdrawn"}

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

ACT_WORDS = {
    "submitted": "提交",
    "refused": "退回",
    "corrected": "更正",
    "withdrawn": "撤回",
    "expired": "到期",
    "resent": "重发",
    "told_not_out": "记下确未发出",
    "confirmed": "确认送达",
    "paused": "暂停渠道",
    "resumed": "恢复渠道",
    "trial_sent": "测试发送",
    "subscribers_imported": "导入订户",
    "subscriber_stopped": "停发订户",
    "number_looked_up": "查询号码",
    "evidence_taken": "取出证据包",
    "file_handed_in": "上传附件",
    "audit_exported": "导出操作记录",
    "login": "登录",
    "login_refused": "登录被拒",
    "login_throttled": "暂不受理登录",
    "logout": "退出",
    "session_revoked": "结束登录",
    "password_changed": "修改密码",
    "password_set": "重设密码",
    "user_added": "添加用户",
    "user_changed": "修改用户",
    "user_stopped": "停用用户",
    "user_resumed": "恢复用户",
    "token_issued": "发放令牌",
    "token_revoked": "作废令牌",
    "webhook_added": "添加状态推送",
    "webhook_changed": "修改状态推送",
    "webhook_stopped": "停止状态推送",
    "webhook_resumed": "恢复状态推送",
    "webhook_hurried": "让状态推送马上再试",
    "webhook_tried": "试发状态推送",
    "webhook_deleted": "删除状态推送",
}
"""What the audit says that somebody did."""

SET_ASIDE = "搁置"
"""For "staff" where the program itself does what a person has ordered: a pause."""

RECEIPT_WORDS = {"confirmed": "人工确认", "evidence": "证明文件"}

_WAS_OUT = {Status.DELIVERED, Status.LOST}
_TOOK_PLACE = {Status.DELIVERED, Status.LOST, Status.ACCEPTED}
_OPEN = {Status.QUEUED, Status.HELD, Status.SENDING, Status.ACCEPTED, Status.AWAITING}


def state_of(deliveries: Sequence[DeliveryRow]) -> str:
    """The state of an item: of what was ordered last in each channel. A key of STATE_WORDS."""
    newest = {one.channel: one for one in deliveries if one.status is not Status.CANCELLED}
    taking_back = [one for one in newest.values() if one.action is Action.WITHDRAW]
    if taking_back:
        return _TAKEN_BACK.get(overall(one.status for one in taking_back), "withdrawing")
    return overall(one.status for one in newest.values())


def overall(statuses: Iterable[Status]) -> str:
    """The state of one order, or of an item with one order, by its deliveries."""
    counting = [status for status in statuses if status is not Status.CANCELLED]
    if not counting:
        return "cancelled"
    if all(status is Status.DELIVERED for status in counting):
        return "published"
    if Status.DELIVERED in counting:
        return "partly_published"
    return "publishing" if _OPEN & set(counting) else "not_published"


def replaced_by(delivery: DeliveryRow, deliveries: Sequence[DeliveryRow]) -> Action | None:
    """What came after a delivery that was out: a newer order of the item out in its channel."""
    if delivery.status not in _WAS_OUT:
        return None
    newer = [
        one.action
        for one in deliveries
        if one.channel == delivery.channel and one.id > delivery.id and one.status in _TOOK_PLACE
    ]
    return newer[-1] if newer else None


def newest_in(channel: str, deliveries: Sequence[DeliveryRow]) -> DeliveryRow | None:
    """The newest delivery in a channel; one that was cancelled only if there is no other."""
    mine = [one for one in deliveries if one.channel == channel]
    standing = [one for one in mine if one.status is not Status.CANCELLED] or mine
    return standing[-1] if standing else None


def overdue(delivery: DeliveryRow, now: datetime) -> bool:
    """Past the deadline of its status."""
    return delivery.deadline_at is not None and delivery.deadline_at < now


def item_json(item: ItemRow) -> dict[str, Any]:
    """One item as `status --json` gives it."""
    return {
        "item": item.id,
        "title": item.title,
        "state": state_of(item.deliveries),
        "number": item.number,
        "url": item.url,
        "first_published_at": _iso(item.first_published_at),
        "orders": [_order_json(order) for order in item.orders],
        "deliveries": [
            {**_delivery_json(one), "replaced_by": replaced_by(one, item.deliveries)}
            for one in item.deliveries
        ],
    }


def exposure_json(item_id: str, found: Mapping[str, Exposure]) -> dict[str, Any]:
    """Where an item can still be met with, as `exposure --json` gives it."""
    return {
        "item": item_id,
        "exposed": [
            {
                "channel": name,
                "seen": one.seen,
                "since": _iso(one.since),
                "where": one.where,
                "people": one.people,
                "recall": one.recall,
            }
            for name, one in found.items()
        ],
    }


def placed_json(placed: Placed, paused: Collection[str]) -> dict[str, Any]:
    """What an order came to; `paused`: channels that do nothing until a person says go."""
    return {
        "ordered": placed.ordered,
        "stopped": placed.stopped,
        "beyond": placed.beyond,
        "paused": [name for name in placed.ordered if name in paused],
    }


def left_notes(placed: Placed) -> list[str]:
    """That a document is withdrawn and its interpretations, say, are not."""
    if not placed.left:
        return []
    named = "、".join(f"{one.item_id}《{one.title}》" for one in placed.left[:_LEFT_NAMED])
    more = f"等 {len(placed.left)} 条" if len(placed.left) > _LEFT_NAMED else ""
    return [f"相关的信息还公开着：{named}{more}；不宜再公开的，请另行撤回"]


def change_json(change: Change) -> dict[str, Any]:
    """One change of status, as other systems are told of it."""
    return {
        "id": change.id,
        "item": change.item_id,
        "title": change.title,
        "channel": change.channel,
        "action": change.action,
        "was": change.was,
        "status": change.status,
        "reason": change.reason,
        "url": change.url,
        "at": change.at.astimezone(UTC).isoformat(),
    }


def _order_json(order: OrderRow) -> dict[str, Any]:
    return {
        "action": order.action,
        "minor": order.minor,
        "reason": order.reason,
        "ordered_by": order.ordered_by,
        "created_at": _iso(order.created_at),
    }


def _delivery_json(delivery: DeliveryRow) -> dict[str, Any]:
    return {
        "channel": delivery.channel,
        "action": delivery.action,
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
