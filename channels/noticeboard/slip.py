"""The task slip for the person at the board: which sheet, where, by when, what to do and confirm.

Of what is withdrawn it names no more than the title and the number.
"""

from datetime import timedelta
from typing import Any

from channels._notices import chinese_date, period_over, sentence, validity_over
from channels.noticeboard.sheet import place_of
from publisher.channel import House
from publisher.model import Action, Item, Status

REPLACE = "换张通知单"
REMOVE = "撤张通知单"


def kind_of(item: Item) -> str:
    """Which slip goes with the item; "" for a first posting, which needs none."""
    match item.action:
        case Action.PUBLISH:
            return ""
        case Action.CORRECT:
            return REPLACE
        case Action.WITHDRAW | Action.EXPIRE:
            return REMOVE


def slip(item: Item, house: House, place: str, contact: str) -> dict[str, Any]:
    """The data of the slip. A key is the field a person would have to mend."""
    kind, revision = kind_of(item), item.revision
    earlier = _hanging(item)
    return {
        "kind": kind,
        "earlier_title": earlier,
        "title": revision.title if revision.title != earlier else "",
        "number": item.number,
        "hash": revision.content_hash[:16] if kind == REPLACE else "",
        "place": place_of(revision, place),
        "why": [sentence(item.notices[-1], revision, house.timezone)] if item.notices else [],
        "when": _when(item, house),
        "steps": _steps(kind),
        "confirm": _confirm(kind),
        "contact": contact or house.contact,
    }


def _hanging(item: Item) -> str:
    """The title that stands on the sheet at the board: the latest that was or may be hung."""
    titles = [one.title for one in item.traces if one.title and one.status is not Status.FAILED]
    return titles[-1] if titles else item.revision.title


def _when(item: Item, house: House) -> str:
    if item.action is not Action.EXPIRE:
        return "收到本单后立即办理，当日完成"
    if item.notices:
        facts = item.notices[-1], item.revision, house.timezone
        if last := period_over(*facts) or validity_over(*facts):
            return f"自{chinese_date(last + timedelta(days=1))}起撤下，收到本单当日完成"
    return "收到本单当日完成"


def _steps(kind: str) -> list[str]:
    old = _old(kind)
    hang = "打印随本单下发的新张（标题下方印有“更正”，页脚内容校验码与上表一致），贴在原处。"
    return [
        f"到张贴地点，按标题和页脚的索引号找到{old}，逐页揭下，不留残页；同一索引号的其他版本一并撤下。",
        f"{old}如果还没有张贴，就不要再贴；已经打印的一并作废。",
        *([hang] if kind == REPLACE else []),
        f"揭下的{old}当场作废，不得再张贴或散发。",
        "拍照留存，填好下栏，回到发布系统，在这条投递上确认办结。",
    ]


def _confirm(kind: str) -> list[str]:
    new = ["新张已张贴，页数齐全"] if kind == REPLACE else []
    return [f"{_old(kind)}已全部撤下", *new, "照片已留存"]


def _old(kind: str) -> str:
    return "旧张" if kind == REPLACE else "张贴件"
