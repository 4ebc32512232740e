"""Asking: the tokens that an address wants, and the item or delivery that it names."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Path

from publisher.access import Right, System
from publisher.bootstrap import Publisher
from publisher.model import Action
from publisher.store.standing import DeliveryRow, ItemRow
from publisher.web.office.gate import system

PREFIX = "/api/v1"

Seeing = Annotated[System, Depends(system(Right.SEE))]
ItemId = Annotated[str, Path(description="信息条目编号", examples=["XJ-2026-0117"])]
ChannelName = Annotated[str, Path(description="渠道，如 website", examples=["website"])]


def href(item_id: str) -> str:
    return f"{PREFIX}/items/{quote(item_id, safe='')}"


def known(city: Publisher, item_id: str) -> ItemRow:
    """The item of this address."""
    found = city.store.matrix.rows([item_id]) if item_id.isprintable() else []
    if not found:
        raise HTTPException(404, "没有这个编号的信息条目，请核对编号")
    return found[0]


def known_delivery(
    city: Publisher,
    item_id: str,
    channel: str,
    action: Action | None = None,
    number: int | None = None,
) -> DeliveryRow:
    """The newest delivery of this address; of orders of one kind, or the one of this number, if
    asked for.
    """
    known(city, item_id)
    if channel not in city.routes:
        raise HTTPException(404, f"没有这个渠道，现有：{'、'.join(city.routes)}")
    found = city.store.standing.delivery(item_id, channel, action, number)
    if found is None:
        which = "这一件" if action or number is not None else ""
        raise HTTPException(404, f"这个条目没有发往{city.routes[channel].title}的投递{which}")
    return found
