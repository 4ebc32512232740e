"""Looking up: items by what is looked for, one item with all that is known of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from publisher.intake import Problem
from publisher.report import exposure_json, item_json
from publisher.store.filters import Filter
from publisher.store.kept import Version
from publisher.store.paging import Asked
from publisher.store.standing import ItemRow
from publisher.web.api.answers import Exposure, Items, WholeItem
from publisher.web.api.asking import PREFIX, ItemId, Seeing, known
from publisher.web.api.refusing import READING, refusals, wrong
from publisher.web.office.gate import City
from publisher.web.office.matrix import BadFilter, asked_of, filter_of

router = APIRouter(prefix=PREFIX, tags=["查询"])

MOST = 200
USUAL = 50
Most = Annotated[int, Query(ge=1, le=MOST, description="最多几条")]
After = Annotated[
    str,
    Query(description="从哪里接着看：上一页回答里的 next", json_schema_extra={"maxLength": 100}),
]
_STATUSES = "投递的状态，或 person（要人处理的）、overdue（超时限的）"


def _word(description: str, **schema: Any) -> Any:
    return Query(description=description, json_schema_extra=schema or None)


@router.get("/items", response_model=Items, responses=refusals(403, 422))
def items(
    _system: Seeing,
    city: City,
    q: Annotated[str, _word("标题、编号、索引号、文号里的词，用空格隔开", maxLength=100)] = "",
    field: Annotated[str, _word("领域")] = "",
    stage: Annotated[str, _word("五公开环节")] = "",
    department: Annotated[str, _word("发布机构")] = "",
    channel: Annotated[str, _word("渠道")] = "",
    status: Annotated[str, _word(_STATUSES, examples=["failed"])] = "",
    first: Annotated[
        str, Query(alias="from", description="从哪天起提交的", examples=["2026-11-01"])
    ] = "",
    last: Annotated[
        str, Query(alias="to", description="到哪天为止提交的（含当天）", examples=["2026-11-30"])
    ] = "",
    after: After = "",
    most: Most = USUAL,
) -> dict[str, Any]:
    """按条件列出信息，新的在前；不写的条件不限。"""
    given = {
        "q": q,
        "field": field,
        "stage": stage,
        "department": department,
        "channel": channel,
        "status": status,
        "from": first,
        "to": last,
        "after": after,
    }
    wanted, asked = _looked_for(given, city, most)
    turn = city.store.matrix.page(wanted, city.clock(), asked)
    return {
        "items": [shown(row) for row in turn.rows],
        "next": str(turn.next) if turn.next else None,
    }


@router.get("/items/{item_id}", response_model=WholeItem, responses=READING)
def item(_system: Seeing, city: City, item_id: ItemId) -> dict[str, Any]:
    """一个条目：发布单、各渠道的状态、全部版本和审批。"""
    row = known(city, item_id)
    versions = [_version(one) for one in city.store.kept.versions(item_id)]
    return {**shown(row), "versions": versions}


@router.get("/items/{item_id}/exposure", response_model=Exposure, responses=READING)
def exposure(_system: Seeing, city: City, item_id: ItemId) -> dict[str, Any]:
    """这个条目的文字现在还能在哪里看到、听到。"""
    known(city, item_id)
    return exposure_json(item_id, city.amendments.exposure(item_id))


def shown(row: ItemRow) -> dict[str, Any]:
    """An item as `status --json` gives it, and what it can be looked for by."""
    return {
        **item_json(row),
        "department": row.department,
        "field": row.field,
        "five_open_stage": row.five_open_stage,
        "doc_number": row.doc_number,
        "created_at": row.created_at.isoformat(),
    }


def _looked_for(given: dict[str, str], city: City, most: int) -> tuple[Filter, Asked]:
    stripped = {name: value.strip() for name, value in given.items()}
    try:
        return filter_of(stripped, city.house.timezone), asked_of(stripped, most)
    except BadFilter as error:
        raise wrong([Problem(error.field, str(error))]) from None


def _version(one: Version) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "content_hash": one.content_hash,
        "approval": one.approval,
        "received_at": one.received_at.isoformat(),
        "received_by": one.received_by,
    }
