"""Webhooks: which other systems are told of every change, and how that goes."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from publisher.access import Person
from publisher.bootstrap import Publisher
from publisher.store.webhooks import Webhook
from publisher.web.office.forms import Form, Typed
from publisher.web.office.gate import City, Manage, city_of
from publisher.web.office.held import NOTHING
from publisher.web.office.pages import Pages, to
from publisher.web.office.secret import Secret, show
from publisher.webhooks import WebhookProblem

router = APIRouter()

_UNTYPED = Typed()
_LONGEST_NUMBER = 9


def _number(number: str) -> int:
    """The number in an address; there is no other."""
    if not (number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise HTTPException(404, "没有这个推送，可能已被删除，请回到列表")
    return int(number)


Number = Annotated[int, Depends(_number)]


@router.get("/webhooks")
def webhooks(request: Request, person: Manage) -> Response:
    return _all(request, person)


@router.post("/webhooks/add")
def add(request: Request, person: Manage, city: City, typed: Form) -> Response:
    try:
        webhook, secret = city.webhooks.add(typed["name"], typed["url"], by=person.actor)
    except WebhookProblem as problem:
        return _all(request, person, 422, typed, {problem.field: str(problem)})
    key = Secret(
        title="签名密钥",
        whose=webhook.name,
        secret=secret,
        next_step="请马上存到对方系统里，用它核对签名。丢了就删去这个推送，重新添加。",
        back=f"/webhooks/{webhook.id}",
    )
    return show(request, person, key)


@router.get("/webhooks/{number}")
def webhook(request: Request, person: Manage, number: Number) -> Response:
    return _one(request, person, number)


@router.post("/webhooks/{number}/change")
def change(request: Request, person: Manage, city: City, number: Number, typed: Form) -> Response:
    def do() -> None:
        city.webhooks.change(number, name=typed["name"], url=typed["url"], by=person.actor)

    return _done(request, person, number, do, "changed", typed)


@router.post("/webhooks/{number}/stop")
def stop(request: Request, person: Manage, city: City, number: Number) -> Response:
    def do() -> None:
        city.webhooks.stop(number, by=person.actor)

    return _done(request, person, number, do, "changed")


@router.post("/webhooks/{number}/resume")
def resume(request: Request, person: Manage, city: City, number: Number) -> Response:
    def do() -> None:
        city.webhooks.resume(number, by=person.actor)

    return _done(request, person, number, do, "changed")


@router.post("/webhooks/{number}/again")
def again(request: Request, person: Manage, city: City, number: Number) -> Response:
    def do() -> None:
        city.webhooks.again(number, by=person.actor)

    return _done(request, person, number, do, "again")


@router.post("/webhooks/{number}/test")
def test(request: Request, person: Manage, city: City, number: Number) -> Response:
    def do() -> None:
        call = city.webhooks.test(number, by=person.actor)
        if call.reason:
            raise WebhookProblem("", f"测试没有送到：{call.reason}")

    return _done(request, person, number, do, "tested")


@router.post("/webhooks/{number}/delete")
def delete(request: Request, person: Manage, city: City, number: Number, typed: Form) -> Response:
    _found(city, number)
    if not typed.ticked("sure"):
        wrong = {"sure": "删去后不能恢复，请先勾选"}
        return _one(request, person, number, 422, typed, wrong)
    try:
        city.webhooks.delete(number, by=person.actor)
    except WebhookProblem as problem:
        return _all(request, person, 422, wrong={"": str(problem)})
    return to("/webhooks", done="deleted")


def _done(
    request: Request,
    person: Person,
    number: int,
    do: Callable[[], None],
    word: str,
    typed: Typed = _UNTYPED,
) -> Response:
    """Do it and come back to the webhook; or show the page again, with all that was typed."""
    _found(city_of(request), number)
    try:
        do()
    except WebhookProblem as problem:
        return _one(request, person, number, 422, typed, {problem.field: str(problem)})
    return to(f"/webhooks/{number}", done=word)


def _found(city: Publisher, number: int) -> Webhook:
    try:
        return city.webhooks.one(number)
    except WebhookProblem as problem:
        raise HTTPException(404, str(problem)) from None


def _all(
    request: Request,
    person: Person,
    status: int = 200,
    typed: Typed = _UNTYPED,
    wrong: dict[str, str] | None = None,
) -> Response:
    city = city_of(request)
    pages: Pages = request.app.state.pages
    return pages.page(
        request,
        "webhooks",
        person,
        status=status,
        typed=typed,
        wrong=wrong or NOTHING,
        webhooks=city.webhooks.all(),
        has_key=city.seal is not None,
        troubles=city.webhooks.troubles(),
    )


def _one(
    request: Request,
    person: Person,
    number: int,
    status: int = 200,
    typed: Typed = _UNTYPED,
    wrong: dict[str, str] | None = None,
) -> Response:
    city = city_of(request)
    pages: Pages = request.app.state.pages
    return pages.page(
        request,
        "webhook",
        person,
        status=status,
        typed=typed,
        wrong=wrong or NOTHING,
        webhook=_found(city, number),
        calls=city.webhooks.recent(number),
    )
