"""Deliveries: how they have come to stand where they stand; sent again, or confirmed."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from publisher.access import Right
from publisher.bootstrap import Publisher
from publisher.report import item_json
from publisher.store.standing import DeliveryRow, ItemRow, Line
from publisher.web.api.answers import Deliveries, Followed
from publisher.web.api.asking import PREFIX, ChannelName, ItemId, Seeing, known, known_delivery
from publisher.web.api.fields import Given
from publisher.web.api.once import AskedByForm, AskedInJson, Done, by_form, in_json
from publisher.web.api.refusing import READING, WRITING, refusals
from publisher.web.api.samples import CONFIRMATION_BODY, RESEND_BODY
from publisher.web.office.gate import City

router = APIRouter(prefix=PREFIX, tags=["投递"])

_MOST_NOTE = 300


@router.get("/items/{item_id}/deliveries", response_model=Deliveries, responses=READING)
def deliveries(_system: Seeing, city: City, item_id: ItemId) -> dict[str, Any]:
    """一个条目的全部投递，连同每次尝试和回执。"""
    item = known(city, item_id)
    return {"item": item.id, "deliveries": [_followed(city, item, at) for at in _places(item)]}


@router.post(
    "/items/{item_id}/deliveries/{channel}/resend",
    status_code=202,
    response_model=Followed,
    responses=WRITING,
    openapi_extra=RESEND_BODY,
)
def resend(
    asked: Annotated[AskedInJson, Depends(in_json(Right.ACT))],
    city: City,
    item_id: ItemId,
    channel: ChannelName,
) -> Response:
    """重发一条没有发出的投递；只动这一条。结果不明的，先到渠道上核实。"""
    return asked.once(lambda: _resend(city, asked, item_id, channel))


@router.post(
    "/items/{item_id}/deliveries/{channel}/confirmation",
    response_model=Followed,
    responses=WRITING | refusals(400),
    openapi_extra=CONFIRMATION_BODY,
)
def confirm(
    asked: Annotated[AskedByForm, Depends(by_form(Right.ACT))],
    city: City,
    item_id: ItemId,
    channel: ChannelName,
) -> Response:
    """确认已经播出、张贴、撤下，或核实确已发出；可附照片、播出单等证明文件。"""
    return asked.once(lambda: _confirm(city, asked, item_id, channel))


def _resend(city: Publisher, asked: AskedInJson, item_id: str, channel: str) -> Done:
    known_delivery(city, item_id, channel)
    given = Given.of_json(asked.body, {"by", "why", "not_out", "attempts", "action", "delivery"})
    actor, why, not_out = given.actor(asked.system), given.words("why"), given.flag("not_out")
    action, seen, number = given.action(), given.number("attempts"), given.number("delivery")
    if not_out and seen is None:
        # Else the same request, come again after it was sent and lost again, would answer for what
        # nobody has looked at.
        given.wrong("attempts", "写明 not_out 时必填：核实的是第几次尝试之后，见投递的 attempts")
    given.settled()
    meant = known_delivery(city, item_id, channel, action, number)
    city.staff.resend(
        item_id,
        channel,
        by=actor,
        why=why,
        not_out=not_out,
        now=city.clock(),
        action=action,
        number=number,
        judged=seen,
    )
    city.wake(channel)
    return Done(202, _as_it_stands(city, meant))


def _confirm(city: Publisher, asked: AskedByForm, item_id: str, channel: str) -> Done:
    known_delivery(city, item_id, channel)
    given = Given(_of_form(asked), {"by", "note", "action", "delivery", "evidence"})
    actor, note = given.actor(asked.system), given.words("note", _MOST_NOTE)
    action, number = given.action(), given.number("delivery")
    if "evidence" in asked.form.words:
        given.wrong("evidence", "应当是一个文件")
    given.settled()
    meant = known_delivery(city, item_id, channel, action, number)
    city.staff.confirm(
        item_id,
        channel,
        by=actor,
        note=note,
        evidence=asked.form.file("evidence"),
        now=city.clock(),
        action=action,
        number=number,
    )
    return Done(200, _as_it_stands(city, meant))


def _of_form(asked: AskedByForm) -> Mapping[str, str]:
    """What was written, and the names of what was attached, so that none is lost in silence."""
    return {**dict.fromkeys(asked.form.files, ""), **asked.form.words}


def _as_it_stands(city: Publisher, one: DeliveryRow) -> Followed:
    item = known(city, one.item_id)
    place = next(at for at in _places(item) if item.deliveries[at].id == one.id)
    return Followed(**_followed(city, item, place))


def _places(item: ItemRow) -> range:
    return range(len(item.deliveries))


def _followed(city: Publisher, item: ItemRow, place: int) -> dict[str, Any]:
    one = item.deliveries[place]
    return {
        **item_json(item)["deliveries"][place],
        "id": one.id,
        "history": [_line(line) for line in city.store.standing.history(one.id)],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "at": line.at.isoformat(),
        "kind": line.kind,
        "by": line.by,
        "outcome": line.outcome,
        "reason": line.reason,
        "reference": line.reference,
        "sha256": line.sha256,
    }
