"""The log for a person at a terminal: time, level and a Chinese sentence, one line an event."""

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Any

from publisher.report import KIND_WORDS, STATUS_WORDS

_LEVELS = {"debug": "调试", "info": "信息", "warning": "注意", "error": "出错", "critical": "出错"}
SENTENCES = {
    "alert": "提醒",
    "alert_bug": "提醒没有送出：提醒方式的程序有错",
    "alert_failed": "提醒没有送出",
    "asked": "处理了一次请求",
    "broker_away": "消息服务器连不上",
    "broker_back": "消息服务器又连上了",
    "cause_not_dropped": "出错的原因已消除，但没有能从数据文件夹里删去",
    "cause_not_kept": "出错的原因没有能记到数据文件夹里",
    "cause_not_read": "出错的原因读不出来",
    "celery": "Celery",
    "check_bug": "查询结果时程序出错",
    "check_failed": "结果没有查到，稍后再查",
    "clock_off": "本机时钟不准",
    "clock_right": "时钟已准",
    "database_away": "数据库暂时用不了",
    "dry_render_broken": "提交时试排，渠道的程序出错",
    "dry_render_failed": "提交时试排不成，到发送时再试",
    "expired": "已到期",
    "expiry_failed": "到期没有办成",
    "flush_failed": "这个渠道没有做完，稍后再试",
    "live_bug": "实时更新时程序出错",
    "live_failed": "实时更新读不到变化",
    "lookup_bug": "向对方核实时程序出错",
    "lookup_failed": "没有核实到结果，稍后再查",
    "lost": "发出后又不见了，或被改动了",
    "metrics_without_database": "运行指标读不到数据库",
    "not_rendered": "没有排成稿",
    "page_failed": "网页打不开：程序有错",
    "render_bug": "排稿时程序出错",
    "reports_without_recipient": "有些回执对不上订户",
    "send_bug": "发送时程序出错",
    "sent": "发送了一次",
    "session_not_seen": "登录的最近使用时间没有记下",
    "settled": "有了结果",
    "token_not_seen": "令牌的最近使用时间没有记下",
    "told": "已提醒工作人员",
    "turn_failed": "定时照看没有做完，稍后再试",
    "verify_bug": "复查时程序出错",
    "verify_failed": "复查不成，稍后再查",
    "webhook_bug": "状态推送时程序出错",
    "webhook_failed": "状态推送没有送到，稍后再送",
    "webhook_hurried": "让状态推送马上再试",
    "webhook_tried": "试发了状态推送",
    "well_again": "恢复正常",
    "worker_ended": "工作进程停了",
}
_NAMES = {
    "channel": "渠道",
    "item": "条目",
    "items": "条目",
    "delivery": "投递",
    "batch": "批次",
    "outcome": "结果",
    "many": "数量",
    "error": "错误",
    "name": "名称",
    "timer": "定时器",
    "kind": "环节",
    "said": "说明",
    "path": "网址",
    "webhook": "推送",
    "by": "经办人",
    "code": "HTTP",
    "request": "请求",
    "method": "方式",
    "status": "状态码",
    "who": "谁",
    "milliseconds": "毫秒",
    "user": "用户",
    "token": "令牌",
}
_VALUES: Mapping[Any, str] = {**STATUS_WORDS, **KIND_WORDS}
_SHOWN_ELSEWHERE = {"event", "level", "timestamp", "reason", "exception", "headline", "lines"}


def sentence(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """An event as a person reads it; what belongs to it and has lines of its own stands below."""
    at = datetime.fromisoformat(event["timestamp"]).astimezone()
    said = SENTENCES.get(event["event"], event["event"])
    reason = event.get("headline") or event.get("reason")
    facts = "，".join(_facts(event))
    first = f"{at:%H:%M:%S} {_LEVELS.get(event['level'], event['level'])}　{said}"
    first += f"：{reason}" if reason else ""
    first += f"（{facts}）" if facts else ""
    below = [*event.get("lines", ()), *str(event.get("exception", "")).splitlines()]
    return "\n    ".join(_printable(line) for line in (first, *below))


def _facts(event: Mapping[str, Any]) -> list[str]:
    return [
        f"{_NAMES.get(name, name)} {_value(value)}"
        for name, value in event.items()
        if name not in _SHOWN_ELSEWHERE and value not in (None, "", 0)
    ]


def _value(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(_VALUES.get(value, value))


def _printable(line: str) -> str:
    """Nothing in a log may move the cursor of who reads it."""
    return "".join(char if char.isprintable() or char == "　" else " " for char in line)
