"""Advice: what staff are told about one delivery, and what they are to do about it. Pure."""

from datetime import datetime, timedelta

from publisher.model import ReasonClass, Status
from publisher.report import STATUS_WORDS
from publisher.store.watching import Concern

_TITLE, _REASON = 30, 60

_RESEND = "用 publisher resend {item} --channel {channel}{action} 重发"
_TO_DO = {
    Status.QUEUED: "看 publisher troubles，查清为什么一直没有发出",
    Status.HELD: "解决暂停的原因，可以发时用 publisher resume {channel} 恢复渠道",
    Status.SENDING: "检查这个渠道的网络和日志；先不要另行发送",
    Status.ACCEPTED: "到渠道后台查看结果；先不要另行发送",
    Status.AWAITING: "办理后用 publisher confirm {item} --channel {channel}{action} 确认",
    Status.UNKNOWN: (
        "到渠道后台核实：已发，用 publisher confirm {item} --channel {channel}{action} 确认；"
        "未发，用 publisher resend {item} --channel {channel}{action} --not-out 重发"
    ),
    Status.LOST: f"到渠道上查看，原因消除后{_RESEND}",
}
_AFTER_FAILURE = {
    ReasonClass.CONTENT: "改好内容，报批后更正；内容无误的，" + _RESEND,
    ReasonClass.PERMISSION: f"检查渠道账号的权限和密钥，改好后{_RESEND}",
    ReasonClass.QUOTA: f"等额度恢复或增加额度，再{_RESEND}",
    ReasonClass.ADDRESS: f"核对订户号码，改好后{_RESEND}",
    ReasonClass.PROVIDER: f"联系渠道服务方，恢复后{_RESEND}",
    ReasonClass.INTERNAL: f"请技术人员看日志，修好后{_RESEND}",
}


def line(concern: Concern, channel_title: str, now: datetime) -> str:
    """One delivery in one line: where, how it stands, which item, why, what to do, how late."""
    reason = f"：{_cut(concern.reason, _REASON)}" if concern.reason else ""
    return (
        f"{_cut(channel_title, _TITLE)}｜{STATUS_WORDS[concern.status]}｜{concern.item_id}"
        f"《{_cut(concern.title, _TITLE)}》{reason}。请{to_do(concern)}{_late(concern, now)}"
    )


def to_do(concern: Concern) -> str:
    """What a person is to do about it, as an imperative that can follow 请."""
    if concern.status is Status.FAILED:
        kind = ReasonClass(concern.reason_class or ReasonClass.PROVIDER)
        words = _AFTER_FAILURE[kind]
    else:
        words = _TO_DO[concern.status]
    action = f" --action {concern.action}" if concern.ambiguous else ""
    return words.format(item=concern.item_id, channel=concern.channel, action=action)


def duration(span: timedelta) -> str:
    """How long, in the two largest units that matter."""
    minutes = max(int(span.total_seconds()) // 60, 1)
    hours, days = minutes // 60, minutes // 1440
    if days:
        return f"{days} 天" + (f" {hours % 24} 小时" if hours % 24 else "")
    if hours:
        return f"{hours} 小时" + (f" {minutes % 60} 分" if minutes % 60 else "")
    return f"{minutes} 分钟"


def _late(concern: Concern, now: datetime) -> str:
    if concern.deadline_at is None or concern.deadline_at > now:
        return ""
    return f"（已超时限 {duration(now - concern.deadline_at)}）"


def _cut(text: str, most: int) -> str:
    plain = " ".join(text.split()).rstrip("。")
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
