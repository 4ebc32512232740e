"""Files: attachments and pictures, handed over before the item that names them."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from publisher.access import Right
from publisher.bootstrap import Publisher
from publisher.intake import Problem
from publisher.intake.uploads import check_attachment
from publisher.web.api.answers import Hash
from publisher.web.api.asking import PREFIX
from publisher.web.api.once import AskedByForm, Done, by_form
from publisher.web.api.refusing import refusals, wrong
from publisher.web.api.samples import FILE_BODY
from publisher.web.office.gate import City

router = APIRouter(prefix=PREFIX, tags=["提交"])

_AREA = "api"


class Handed(BaseModel):
    """已放进收件文件夹；30 天内没有条目用它，就会清走。"""

    file: str = Field(
        description="条目 JSON 里 attachments、images 的 file 写这个",
        examples=["api/9f86d081884c7d65/方案全文.pdf"],
    )
    name: str = Field(description="收下后的文件名", examples=["方案全文.pdf"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(description="字节数")
    sha256: Hash


@router.post(
    "/files",
    status_code=201,
    response_model=Handed,
    responses=refusals(400, 403, 409, 413, 415, 422),
    openapi_extra=FILE_BODY,
)
def hand_over(
    asked: Annotated[AskedByForm, Depends(by_form(Right.SUBMIT))], city: City
) -> Response:
    """先传附件和图片，再在条目里写回答中的 file。同一个文件传几次，地址都一样。"""
    return asked.once(lambda: _keep(city, asked))


def _keep(city: Publisher, asked: AskedByForm) -> Done:
    given = asked.form.file("file")
    problems = [
        Problem(name, "不认识这一项，请把文件放在 file 里，一次一个")
        for name in {*asked.form.files, *asked.form.words} - {"file"}
    ]
    if given is None:
        problems.append(Problem("file", "没有文件，请放在表单的 file 这一项里"))
    if given is None or problems:
        raise wrong(problems)
    upload = check_attachment(*given, city.rules.max_file_bytes)
    path = city.inbox.put(_AREA, upload, city.clock())
    city.store.audit.add(
        at=city.clock(), actor=asked.system.actor, act="file_handed_in", detail=path
    )
    handed = Handed(
        file=path,
        name=upload.name,
        media_type=upload.media_type,
        size=len(upload.data),
        sha256=upload.sha256,
    )
    return Done(201, handed)
