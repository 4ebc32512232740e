"""Amending: what has been published is corrected or withdrawn."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from publisher.access import Right
from publisher.bootstrap import Publisher
from publisher.intake import Problem, Refused
from publisher.report import left_notes, placed_json
from publisher.store.orders import Placed
from publisher.submit import Outcome
from publisher.web.api.answers import Ordered
from publisher.web.api.asking import PREFIX, ItemId, known
from publisher.web.api.fields import Given
from publisher.web.api.once import AskedInJson, Done, in_json
from publisher.web.api.refusing import WRITING, Refusal, wrong
from publisher.web.api.samples import CORRECTION_BODY, WITHDRAWAL_BODY
from publisher.web.office.gate import City

router = APIRouter(prefix=PREFIX, tags=["更正和撤回"])

Amendment = Annotated[AskedInJson, Depends(in_json(Right.AMEND))]
_NOTHING_TO_DO: Any = {"model": Ordered, "description": "已下达；各渠道都没有要办的"}


@router.post(
    "/items/{item_id}/correction",
    status_code=202,
    response_model=Ordered,
    responses=WRITING | {200: _NOTHING_TO_DO},
    openapi_extra=CORRECTION_BODY,
)
def correct(asked: Amendment, city: City, item_id: ItemId) -> Response:
    """更正：编号不变，内容重新审批。网页原地改正，收到过原文的人收到更正，没发出的改发新版本。"""
    return asked.once(lambda: _correct(city, asked, item_id))


@router.post(
    "/items/{item_id}/withdrawal",
    status_code=202,
    response_model=Ordered,
    responses=WRITING | {200: _NOTHING_TO_DO},
    openapi_extra=WITHDRAWAL_BODY,
)
def withdraw(asked: Amendment, city: City, item_id: ItemId) -> Response:
    """撤回：能撤的渠道都撤，收不回的发撤回说明；优先于其他待发的信息。"""

    def do() -> Done:
        known(city, item_id)
        given = Given.of_json(asked.body, {"by", "why"})
        actor, why = given.actor(asked.system), given.words("why")
        given.settled()
        placed = city.amendments.withdraw(item_id, why=why, by=actor, now=city.clock())
        return _ordered(city, item_id, placed)

    return asked.once(do)


def _correct(city: Publisher, asked: AskedInJson, item_id: str) -> Done:
    before = known(city, item_id)
    given = Given.of_json(asked.body, {"by", "why", "minor", "item"})
    actor, why = given.actor(asked.system), given.words("why")
    minor, item = given.flag("minor"), given.part("item")
    given.settled()
    amended = city.amendments.correct(
        _bytes_of(item), why=why, by=actor, minor=minor, now=city.clock(), item_id=item_id
    )
    if amended.placed is None or amended.answer.outcome is Outcome.REFUSED:
        problems = amended.answer.problems
        # Only where nothing of what was sent is wrong is it the state of the item that forbids it.
        if {one.field for one in problems} == {"id"} and item.get("id") == before.id:
            raise Refusal(409, problems[0].sentence, [_within(one) for one in problems])
        raise wrong([_within(one) for one in problems])
    return _ordered(city, item_id, amended.placed, amended.answer.notes)


def _within(problem: Problem) -> Problem:
    """The field as it is called in this request, which has the item in one of its own."""
    if problem.field == "why":
        return problem
    return Problem(f"item.{problem.field}" if problem.field else "item", problem.sentence)


def _bytes_of(item: dict[str, Any]) -> bytes:
    """The item as a file of its own."""
    try:
        return json.dumps(item, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character; the intake says which field has it
        return json.dumps(item).encode()
    except RecursionError:
        sentence = "JSON 的层次太深，请检查文件是否损坏"
        raise Refused([Problem("item", sentence)]) from None


def _ordered(city: Publisher, item_id: str, placed: Placed, notes: tuple[str, ...] = ()) -> Done:
    city.wake()
    told = placed_json(placed, city.store.pauses.lasting())
    said = [*notes, *left_notes(placed)]
    return Done(202 if placed.ordered else 200, Ordered(item=item_id, notes=said, **told))
