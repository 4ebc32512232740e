"""Advice: what staff are told about one delivery, and what they are to do about it. Pure."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from publisher.model import Action, ReasonClass, Status
from publisher.report import ACTION_WORDS, STATUS_WORDS
from publisher.store.watching import Concern, Matter

_TITLE, _REASON = 30, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How one door calls what a person can do there."""

    troubles: str
    resume: str
    confirm: str
    resend: str
    resend_not_out: str
    """Of what is unknown: a person has looked, and it is not out."""
    not_out: str
    """The same of what something newer has replaced: it is not sent again."""


_OF_IT = "{item} --channel {channel}{number}"
COMMAND_LINE = Words(
    troubles="看 publisher troubles",
    resume="用 publisher resume {channel} 恢复渠道",
    confirm=f"用 publisher confirm {_OF_IT} 确认",
    resend=f"用 publisher resend {_OF_IT} 重发",
    resend_not_out=f"用 publisher resend {_OF_IT} --not-out 重发",
    not_out=f"用 publisher resend {_OF_IT} --not-out 记下",
)
CONSOLE = Words(
    troubles="看「渠道」页",
    resume="在「渠道」页点「恢复」",
    confirm="点「确认」",
    resend="点「重发」",
    resend_not_out="点「确未发出，重发」",
    not_out="点「确未发出」",
)

_TO_DO = {
    Status.QUEUED: "{troubles}，查清为什么一直没有发出",
    Status.HELD: "解决暂停的原因，可以发时{resume}",
    Status.SENDING: "检查这个渠道的网络和日志；先不要另行发送",
    Status.ACCEPTED: "到渠道后台查看结果；先不要另行发送",
    Status.AWAITING: "办理后{confirm}",
    Status.UNKNOWN: "到渠道后台核实：已发，{confirm}；未发，{resend_not_out}",
    Status.LOST: "到渠道上查看，原因消除后{resend}",
}
_TO_TAKE_BACK = "撤下或停播后{confirm}；原来没有办理过的也请确认，情况里写明没有办理过"
_REPLACED = {
    Status.AWAITING: "先看办了没有：没有办的不用再办，「{newer}」那一件确认后，这一件自动了结；"
    "已经办了的，{confirm}",
    Status.UNKNOWN: "到渠道后台核实：已发，{confirm}；未发，{not_out}；已有「{newer}」，不会重发",
}
_AFTER_FAILURE = {
    ReasonClass.CONTENT: "改好内容，报批后更正；内容无误的，{resend}",
    ReasonClass.PERMISSION: "检查渠道账号的权限和密钥，改好后{resend}",
    ReasonClass.QUOTA: "等额度恢复或增加额度，再{resend}",
    ReasonClass.ADDRESS: "核对订户号码，改好后{resend}",
    ReasonClass.PROVIDER: "联系渠道服务方，恢复后{resend}",
    ReasonClass.INTERNAL: "请技术人员看日志，修好后{resend}",
}


def line(concern: Concern, channel_title: str, now: datetime) -> str:
    """One delivery in one line: where, how it stands, which item, why, what to do, how late."""
    reason = f"：{_cut(concern.reason, _REASON)}" if concern.reason else ""
    return (
        f"{_cut(channel_title, _TITLE)}｜{STATUS_WORDS[concern.status]}｜{concern.item_id}"
        f"《{_cut(concern.title, _TITLE)}》{reason}。请{to_do(concern)}{_late(concern, now)}"
    )


def to_do(matter: Matter, words: Words = COMMAND_LINE) -> str:
    """What a person is to do about it, as an imperative that can follow 请."""
    number = f" --delivery {matter.id}" if matter.ambiguous else ""
    place = {"item": matter.item_id, "channel": matter.channel, "number": number}
    ways = {name: way.format(**place) for name, way in asdict(words).items()}
    newer = ACTION_WORDS[matter.replaced_by] if matter.replaced_by else ""
    return _what(matter).format(newer=newer, **ways)


def _what(matter: Matter) -> str:
    if matter.status is Status.FAILED:
        return _AFTER_FAILURE[ReasonClass(matter.reason_class or ReasonClass.PROVIDER)]
    if matter.replaced_by and matter.status in _REPLACED:
        return _REPLACED[matter.status]
    if matter.status is Status.AWAITING and matter.action in {Action.WITHDRAW, Action.EXPIRE}:
        return _TO_TAKE_BACK
    return _TO_DO[matter.status]


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
