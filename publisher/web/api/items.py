"""Items: handed over, or only checked."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from publisher.access import Right
from publisher.bootstrap import Publisher
from publisher.intake import Approved, Draft, check, missing_roles
from publisher.intake.read import read_object
from publisher.submit import Outcome
from publisher.web.api.answers import Checked, Submitted
from publisher.web.api.asking import PREFIX, href
from publisher.web.api.fields import Given
from publisher.web.api.once import AskedInJson, Done, in_json
from publisher.web.api.refusing import NotDone, Refusal, refusals, wrong
from publisher.web.api.samples import ITEM_BODY
from publisher.web.office.gate import City

router = APIRouter(prefix=PREFIX, tags=["提交"])

Submission = Annotated[AskedInJson, Depends(in_json(Right.SUBMIT))]
By = Annotated[
    str,
    Query(
        description="提交人姓名；不写则记系统名称",
        json_schema_extra={"maxLength": 50},
        examples=["李办"],
    ),
]


@router.post(
    "/items",
    status_code=201,
    response_model=Submitted,
    responses=refusals(403, 413, 415, 422)
    | {
        200: {"model": Submitted, "description": "以前已收下，内容相同，不再重复"},
        201: {
            "description": "已收下",
            "headers": {
                "Location": {
                    "schema": {"type": "string"},
                    "description": "条目在本接口里的地址",
                }
            },
        },
        409: {
            "model": NotDone,
            "description": "编号已经收过别的内容（请走更正），或已撤回；"
            "或带同一 Idempotency-Key 的请求还在办",
        },
    },
    openapi_extra=ITEM_BODY,
)
def submit(asked: Submission, city: City, by: By = "") -> Response:
    """提交一条已审批的信息。请求体就是条目的 JSON，与 `publisher submit` 的文件一样。"""

    def do() -> Done:
        given = Given({"by": by}, {"by"})
        actor = given.actor(asked.system, need=False)
        given.settled()
        return _submit(city, asked.body, actor)

    return asked.once(do)


@router.post(
    "/items/check",
    response_model=Checked,
    responses=refusals(403, 409, 413, 415, 422),
    openapi_extra=ITEM_BODY,
)
def check_only(asked: Submission, city: City) -> Response:
    """试一试：检查并在各渠道试排版，什么都不留下。审批可以没有、可以不全；报批前用它取内容指纹。"""
    return asked.once(lambda: Done(200, _check(city, asked.body)))


def _submit(city: Publisher, data: bytes, actor: str) -> Done:
    answer = city.door.submit(data, by=actor, now=city.clock())
    if answer.outcome is Outcome.REFUSED:
        only_the_id = {one.field for one in answer.problems} == {"id"}
        if only_the_id and answer.item_id and city.store.items.known_hash(answer.item_id):
            raise Refusal(409, answer.problems[0].sentence, answer.problems)
        raise wrong(answer.problems)
    if answer.outcome is Outcome.ACCEPTED:
        city.wake()
    item_id = answer.item_id or ""
    (item,) = city.store.matrix.rows([item_id])
    submitted = Submitted(
        item=item.id,
        number=item.number,
        url=item.url,
        outcome="accepted" if answer.outcome is Outcome.ACCEPTED else "known",
        href=href(item.id),
        notes=list(answer.notes),
    )
    return Done(201 if answer.outcome is Outcome.ACCEPTED else 200, submitted)


def _check(city: Publisher, data: bytes) -> Checked:
    now = city.clock()
    item = read_object(data, city.rules.max_item_bytes)
    approved = Approved.PARTLY if "approval" in item else Approved.NO
    draft = check(data, city.rules, now, approved=approved)
    return Checked(
        item=draft.content["id"],
        known=_known(city, draft),
        content_hash=draft.revision.content_hash,
        missing_roles=missing_roles(item.get("approval", {"approvers": []}), city.rules),
        channels=list(draft.channels),
        notes=list(city.door.trial(draft, now)),
    )


def _known(city: Publisher, draft: Draft) -> Literal["new", "same", "changed", "withdrawn"]:
    found = city.store.matrix.rows([draft.content["id"]])
    if not found:
        return "new"
    if found[0].withdrawn:
        return "withdrawn"
    same = city.store.items.known_hash(found[0].id) == draft.revision.content_hash
    return "same" if same else "changed"
