"""Overview: what needs a person, how the channels do, what has changed since."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from publisher.advice import CONSOLE, to_do
from publisher.intake import Problem
from publisher.model import Action, Status
from publisher.report import change_json
from publisher.store.health import Event, Health
from publisher.store.paging import Asked, NoSuchPlace, Place
from publisher.store.pauses import Pause
from publisher.store.worklist import Entry
from publisher.web.api.answers import Moment, Reason
from publisher.web.api.asking import PREFIX, Seeing
from publisher.web.api.lookup import USUAL, After, Most
from publisher.web.api.refusing import refusals, wrong
from publisher.web.office.gate import City

router = APIRouter(prefix=PREFIX, tags=["总览"])

_MOST_CHANGES = 1000
_LARGEST = 2**31 - 1


class Matter(BaseModel):
    """一件要人处理的事。"""

    id: int = Field(description="投递的编号")
    item: str
    title: str
    department: str
    channel: str
    action: Action
    status: Status
    reason: str
    reason_class: Reason
    attempts: int
    reference: str
    url: str
    updated_at: Moment
    deadline_at: Moment
    overdue: bool
    next_step: str = Field(description="该怎么办，按控制台的按钮说")


class Worklist(BaseModel):
    total: int = Field(description="一共几件")
    matters: list[Matter] = Field(description="期限早的在前")
    next: str | None = Field(description="下一页：作为 after 再查；null 表示没有了")


class Paused(BaseModel):
    by: str
    why: str
    since: Moment


class Happened(BaseModel):
    item: str
    title: str
    at: Moment
    status: Status
    reason: str
    reason_class: Reason
    url: str


class Channel(BaseModel):
    """一个渠道的情况。"""

    name: str
    title: str
    public: bool = Field(description="是否面向公众")
    paused: Paused | None = Field(description="暂停的由来；没有暂停为 null")
    waiting: dict[str, int] = Field(description="还没到头的投递，按状态")
    oldest_due: Moment | None = Field(description="待发的里面最早的应发时间")
    last_success: Happened | None
    last_trouble: Happened | None = Field(description="最近一次没有发成、现在仍然如此的")
    tries: dict[str, int] = Field(description="24 小时内各次尝试的结果，按状态")


class Channels(BaseModel):
    channels: list[Channel]


class Change(BaseModel):
    """一次状态变化；与状态推送里的事件相同。"""

    id: int
    item: str
    title: str
    channel: str
    action: Action
    was: Status | None = Field(description="原来的状态；新的投递为 null")
    status: Status
    reason: str
    url: str
    at: Moment


class Changes(BaseModel):
    changes: list[Change] = Field(description="从早到晚")
    next: int = Field(description="下次作为 after 来取")
    more: bool = Field(description="后面还有，可以马上再取")


@router.get("/worklist", response_model=Worklist, responses=refusals(403, 422))
def worklist(_system: Seeing, city: City, after: After = "", most: Most = USUAL) -> dict[str, Any]:
    """要人处理的：未发出、已失效、结果不明、待人工、暂停的，以及超时限的。"""
    now = city.clock()
    try:
        place = Place.parse(after) if after else None
        turn = city.store.worklist.page(now, Asked(after=place, most=most))
    except NoSuchPlace as error:
        raise wrong([Problem("after", str(error))]) from None
    return {
        "total": city.store.worklist.counts(now).total,
        "matters": [_matter(one, now) for one in turn.rows],
        "next": str(turn.next) if turn.next else None,
    }


@router.get("/channels", response_model=Channels, responses=refusals(403))
def channels(_system: Seeing, city: City) -> dict[str, Any]:
    """各渠道的情况：是否暂停、积压多少、最近一次成功和失败。"""
    health = city.store.health.of(city.routes, city.clock())
    pauses = city.store.pauses.lasting()
    return {
        "channels": [
            {
                "name": name,
                "title": route.title,
                "public": route.public,
                "paused": _paused(pauses.get(name)),
                **_health(health[name]),
            }
            for name, route in city.routes.items()
        ]
    }


@router.get("/changes", response_model=Changes, responses=refusals(403, 422))
def changes(
    _system: Seeing,
    city: City,
    after: Annotated[
        int, Query(ge=0, le=_LARGEST, description="从哪一号变化之后取：上次回答里的 next；0 从头取")
    ] = 0,
    most: Annotated[int, Query(ge=1, le=_MOST_CHANGES, description="最多几条")] = 100,
) -> dict[str, Any]:
    """投递状态的每次变化，从早到晚；不能接收状态推送的系统，可以定时来取。"""
    found = city.store.changes.after(after, most + 1)
    told = found[:most]
    return {
        "changes": [change_json(one) for one in told],
        "next": told[-1].id if told else after,
        "more": len(found) > most,
    }


def _matter(one: Entry, now: datetime) -> dict[str, Any]:
    deadline = one.deadline_at or one.updated_at  # in the work list everything has one
    return {
        "id": one.id,
        "item": one.item_id,
        "title": one.title,
        "department": one.department,
        "channel": one.channel,
        "action": one.action,
        "status": one.status,
        "reason": one.reason,
        "reason_class": one.reason_class,
        "attempts": one.attempts,
        "reference": one.reference,
        "url": one.url,
        "updated_at": one.updated_at.isoformat(),
        "deadline_at": deadline.isoformat(),
        "overdue": deadline < now,
        "next_step": f"请{to_do(one, CONSOLE)}",
    }


def _paused(pause: Pause | None) -> dict[str, Any] | None:
    if pause is None:
        return None
    return {"by": pause.by, "why": pause.reason, "since": pause.since.isoformat()}


def _health(one: Health) -> dict[str, Any]:
    return {
        "waiting": one.waiting,
        "oldest_due": one.oldest_due.isoformat() if one.oldest_due else None,
        "last_success": _happened(one.last_success),
        "last_trouble": _happened(one.last_trouble),
        "tries": one.tries,
    }


def _happened(event: Event | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {
        "item": event.item_id,
        "title": event.title,
        "at": event.at.isoformat(),
        "status": event.status,
        "reason": event.reason,
        "reason_class": event.reason_class,
        "url": event.url,
    }
