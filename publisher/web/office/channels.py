"""Channels: how each does; letting it rest and go on; trying it out."""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response, StreamingResponse

from publisher.access import Person, Right
from publisher.bootstrap import Publisher
from publisher.channel import (
    Channel,
    DeliveryError,
    HasQuota,
    HasTrial,
    OutcomeUnknown,
    Quota,
    Rendition,
)
from publisher.model import Item
from publisher.operations import NotPossible
from publisher.report import STATUS_WORDS
from publisher.route import Route
from publisher.store.health import Health
from publisher.store.pauses import Pause
from publisher.web.office.forms import Form, Typed
from publisher.web.office.gate import City, NotAllowed, See, Steer, city_of
from publisher.web.office.head import only_head
from publisher.web.office.held import NOTHING
from publisher.web.office.pages import Pages, to

router = APIRouter()

_UNTYPED = Typed()
_CALLS = threading.Lock()
"""A channel answers one call at a time; so do all of them here, for what a person waits for."""
_BUSY = "刚才的测试或查询还没有结束，请过几秒再试"


class _Testable(Channel, HasTrial, Protocol):
    """What can be tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A channel as the page shows it."""

    name: str
    title: str
    health: Health
    pause: Pause | None
    counts_quota: bool
    trial_to: str | None
    """Whom a test goes to; "" if nobody is configured, None where there are no tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the other side of a channel has just told, or why not."""

    channel: str = ""
    quota: tuple[Quota, ...] = ()
    sentence: str = ""
    problem: str = ""


_NOTHING_TOLD = Told()


@router.get("/channels")
def channels(request: Request, person: See, quota: str = "") -> Response:
    """`quota`: the channel whose other side is asked how much is left."""
    if not quota:
        return _page(request, person)
    if not person.may(Right.STEER):
        raise NotAllowed("你的角色不能查询额度；需要的话，请找管理员")
    if only_head(request):
        return StreamingResponse((), media_type="text/html")  # how long, only the answer would tell
    return _page(request, person, told=_ask_quota(request.app.state.city, quota))


@router.post("/channels/pause")
def pause(request: Request, person: Steer, city: City, typed: Form) -> Response:
    try:
        city.staff.pause(typed["channel"], by=person.actor, why=typed["why"], now=city.clock())
    except NotPossible as error:
        return _page(request, person, 422, typed, _wrong(error), at_work="pause")
    return to("/channels", done="paused")


@router.post("/channels/resume")
def resume(request: Request, person: Steer, city: City, typed: Form) -> Response:
    try:
        city.staff.resume(typed["channel"], by=person.actor, now=city.clock())
    except NotPossible as error:
        return _page(request, person, 422, typed, _wrong(error), at_work="resume")
    city.wake(typed["channel"])
    return to("/channels", done="resumed")


@router.post("/channels/trial")
def trial(request: Request, person: Steer, typed: Form) -> Response:
    """Show an item to the test recipient, as this channel would send it now."""
    try:
        told = _try_out(city_of(request), person, typed["channel"], typed["item"])
    except NotPossible as error:
        return _page(request, person, 422, typed, _wrong(error), at_work="trial")
    return _page(request, person, told=told)


def _ask_quota(city: Publisher, name: str) -> Told:
    route = city.routes.get(name)
    if route is None:
        raise HTTPException(404, "没有这个渠道")
    if not isinstance(route.channel, HasQuota):
        return Told(channel=name, problem="这个渠道没有额度可查")
    try:
        with _one_at_a_time():
            return Told(channel=name, quota=route.channel.quota())
    except NotPossible as error:
        return Told(channel=name, problem=str(error))
    except DeliveryError as error:
        return Told(channel=name, problem=f"额度没有查到：{error.reason}")


def _try_out(city: Publisher, person: Person, name: str, item_id: str) -> Told:
    """What came of the test. Raises NotPossible."""
    route = city.routes.get(name)
    if route is None or not isinstance(route.channel, HasTrial):
        raise NotPossible("这个渠道没有测试发送，请看条目的预览")
    if not route.channel.trial_to:
        raise NotPossible("配置里没有测试接收人，请技术人员填写")
    if not item_id:
        raise NotPossible("请填写一个信息条目的编号", "item")
    item = city.store.items.get(item_id, city.clock())
    if item is None:
        raise NotPossible(f"没有编号为「{item_id[:64]}」的信息条目，请核对编号", "item")
    with _one_at_a_time():
        rendition = _rendition(route, item)
        return Told(channel=name, sentence=_send(city, person, route.channel, item.id, rendition))


def _rendition(route: Route, item: Item) -> Rendition:
    try:
        return route.render([item])
    except DeliveryError as error:
        raise NotPossible(f"排不成稿，测试没有发出：{error.reason}") from None


def _send(
    city: Publisher, person: Person, channel: _Testable, item_id: str, rendition: Rendition
) -> str:
    """What came of it, which the audit gets too, however it ended. Raises NotPossible."""
    outcome = "程序出错，不知道发出了没有"
    try:
        receipt = channel.trial(rendition, secrets.token_hex(16))
        said = receipt.reason or STATUS_WORDS[receipt.status]
        outcome = f"测试已发给 {channel.trial_to}：{said}"
    except OutcomeUnknown as error:
        outcome = f"不知道测试发出了没有，请看测试手机：{error.reason}"
        raise NotPossible(outcome) from None
    except DeliveryError as error:
        outcome = f"测试没有发出：{error.reason}"
        raise NotPossible(outcome) from None
    finally:
        city.store.audit.add(
            at=city.clock(),
            actor=person.actor,
            act="trial_sent",
            item_id=item_id,
            channel=channel.name,
            detail=outcome,
        )
    return outcome


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Raises NotPossible while somebody else is asking."""
    if not _CALLS.acquire(blocking=False):
        raise NotPossible(_BUSY)
    try:
        yield
    finally:
        _CALLS.release()


def _wrong(error: NotPossible) -> dict[str, str]:
    return {field: str(error) for field in error.fields or ("",)}


def _page(
    request: Request,
    person: Person,
    status: int = 200,
    typed: Typed = _UNTYPED,
    wrong: Mapping[str, str] = NOTHING,
    *,
    at_work: str = "",
    told: Told = _NOTHING_TOLD,
) -> Response:
    """The page. `at_work`: the form that could not be done; which channel's, it says itself."""
    city = city_of(request)
    pages: Pages = request.app.state.pages
    return pages.page(
        request,
        "channels",
        person,
        status=status,
        typed=typed,
        wrong=wrong,
        at_work=f"{at_work}-{typed['channel']}" if at_work else "",
        told=told,
        views=_views(city),
        troubles=[] if person.department else city.watch.troubles(),
    )


def _views(city: Publisher) -> list[View]:
    health = city.store.health.of(city.routes, city.clock())
    pauses = city.store.pauses.lasting()
    return [
        View(
            name=name,
            title=route.title,
            health=health[name],
            pause=pauses.get(name),
            counts_quota=isinstance(route.channel, HasQuota),
            trial_to=route.channel.trial_to if isinstance(route.channel, HasTrial) else None,
        )
        for name, route in city.routes.items()
    ]
