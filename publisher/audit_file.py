"""The audit as a file for Excel or WPS, however long it is."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from publisher.report import ACT_WORDS
from publisher.spreadsheet import local, to_csv
from publisher.store.audit import Entry

_HEAD = ("序号", "时间", "经办人", "途径", "操作", "信息编号", "渠道", "说明")


def audit_csv(entries: Iterable[Entry], zone: tzinfo) -> Iterator[bytes]:
    """The lines as CSV, in parts."""
    return to_csv(_HEAD, (_cells(one, zone) for one in entries))


def _cells(one: Entry, zone: tzinfo) -> tuple[str, ...]:
    act = ACT_WORDS.get(one.act, one.act)
    return (
        str(one.id),
        local(one.at, zone),
        one.actor,
        one.origin,
        act,
        one.item_id,
        one.channel,
        one.detail,
    )
