"""Rows as two files: CSV in Chinese for a person, JSON for a program. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from publisher.evidence.discreet import discreet
from publisher.evidence.package import to_json
from publisher.report import (
    ACT_WORDS,
    ACTION_WORDS,
    CLASS_WORDS,
    KIND_WORDS,
    RECEIPT_WORDS,
    SEEN_WORDS,
    STATUS_WORDS,
)
from publisher.spreadsheet import local, to_csv

_WORDS: Mapping[str, Mapping[Any, str]] = {
    "action": ACTION_WORDS,
    "status": STATUS_WORDS,
    "outcome": {**STATUS_WORDS, **RECEIPT_WORDS},
    "recall": STATUS_WORDS,
    "seen": SEEN_WORDS,
    "attempt": KIND_WORDS,
    "receipt": {**STATUS_WORDS, **RECEIPT_WORDS},
    "reason_class": CLASS_WORDS,
    "act": ACT_WORDS,
    "actor": {"worker": "程序"},
    "observed_by": {"worker": "程序"},
}
_FREE = frozenset({"reason", "note", "raw", "detail", "problems"})
"""Where somebody's number may have got to."""


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` by their names: what stands above them in Chinese."""

    name: str
    title: str
    columns: Mapping[str, str]


ORDERS = Table(
    "orders",
    "发布单",
    {
        "id": "序号",
        "action": "做什么",
        "version": "版本",
        "minor": "小更正",
        "reason": "原因",
        "ordered_by": "经办人",
        "created_at": "下达时间",
    },
)
DELIVERIES = Table(
    "deliveries",
    "投递",
    {
        "id": "序号",
        "order_id": "发布单",
        "action": "做什么",
        "channel": "渠道",
        "status": "状态",
        "due_at": "应发时间",
        "deadline_at": "时限",
        "attempts": "发送次数",
        "reference": "对方编号",
        "url": "地址",
        "reason": "说明",
        "reason_class": "原因类别",
        "updated_at": "更新时间",
    },
)
ATTEMPTS = Table(
    "attempts",
    "尝试",
    {
        "id": "序号",
        "delivery_id": "投递",
        "channel": "渠道",
        "batch_id": "批次",
        "attempt": "环节",
        "actor": "谁",
        "started_at": "开始",
        "ended_at": "结束",
        "outcome": "结果",
        "reason": "说明",
        "reason_class": "原因类别",
        "raw": "对方原话",
    },
)
RECEIPTS = Table(
    "receipts",
    "回执",
    {
        "id": "序号",
        "delivery_id": "投递",
        "channel": "渠道",
        "batch_id": "批次",
        "receipt": "种类",
        "reference": "对方编号或文件名",
        "url": "地址",
        "sha256": "文件哈希",
        "note": "说明",
        "observed_at": "时间",
        "observed_by": "谁",
    },
)
BATCHES = Table(
    "batches",
    "批次",
    {
        "id": "序号",
        "channel": "渠道",
        "key": "批次号",
        "status": "状态",
        "delivery_id": "投递",
        "position": "本条在批次中的位置",
        "counts": "计入结果",
        "frozen_at": "成稿时间",
        "rendition_sha256": "成稿哈希",
        "intent_at": "开始发送",
        "tries": "发送次数",
        "reference": "对方编号",
        "url": "地址",
        "item_url": "本条地址",
        "reason": "说明",
        "recipients": "收件人数",
    },
)
EXPOSURE = Table(
    "exposure",
    "还有哪里看得到",
    {
        "channel": "渠道",
        "seen": "情况",
        "since": "自何时起",
        "where": "哪里",
        "people": "人数",
        "recall": "撤回进展",
    },
)
WITHDRAWALS = Table("withdrawals", "撤回的发布单", ORDERS.columns)
RECALLS = Table("recalls", "撤回的投递", DELIVERIES.columns)
REFUSALS = Table(
    "refusals",
    "退回",
    {
        "id": "序号",
        "refused_at": "时间",
        "submitted_by": "提交人",
        "sha256": "文件哈希",
        "problems": "原因",
    },
)
AUDIT = Table(
    "audit",
    "操作记录",
    {
        "id": "序号",
        "at": "时间",
        "actor": "经办人",
        "origin": "途径",
        "act": "操作",
        "channel": "渠道",
        "detail": "说明",
    },
)


def files_of(
    table: Table, rows: Iterable[Mapping[str, Any]], zone: tzinfo
) -> tuple[tuple[str, bytes], ...]:
    """The two files of a table: name and bytes."""
    kept = [_discreet(table, row) for row in rows]
    sheet = to_csv(
        list(table.columns.values()),
        ([_cell(name, row[name], zone) for name in table.columns] for row in kept),
    )
    plain = [{name: _plain(value, zone) for name, value in row.items()} for row in kept]
    return (
        (f"{table.title}.csv", b"".join(sheet)),
        (f"{table.name}.json", to_json(plain)),
    )


def _discreet(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_numbers(row[name]) if name in _FREE else row[name] for name in table.columns
    }


def _without_numbers(value: Any) -> Any:
    match value:
        case str():
            return discreet(value)
        case list():
            return [_without_numbers(one) for one in value]
        case dict():
            return {key: _without_numbers(one) for key, one in value.items()}
        case _:
            return value


def _cell(name: str, value: Any, zone: tzinfo) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return local(value, zone)
        case list():
            return "；".join(_problem(one) for one in value)
        case dict():
            return "，".join(f"{_WORDS['status'][key]} {many}" for key, many in value.items())
        case _:
            return str(_WORDS.get(name, {}).get(value, value))


def _problem(one: Mapping[str, str]) -> str:
    return f"{one['field']}：{one['sentence']}" if one["field"] else one["sentence"]


def _plain(value: Any, zone: tzinfo) -> Any:
    return value.astimezone(zone).isoformat() if isinstance(value, datetime) else value


def renamed(rows: Sequence[Mapping[str, Any]], **names: str) -> list[dict[str, Any]]:
    """Rows with some columns under another name: what is called `kind` in each of them differs."""
    return [{names.get(key, key): value for key, value in row.items()} for row in rows]
