"""Renditions: the very bytes that went out; and the evidence of all that became of an item."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from publisher.access import Right, System
from publisher.model import Status
from publisher.store.kept import KeptRendition
from publisher.web.api.answers import Hash, Moment
from publisher.web.api.asking import PREFIX, ItemId, Seeing, href, known
from publisher.web.api.refusing import READING
from publisher.web.handed import Handed, announced
from publisher.web.office.gate import City, system
from publisher.web.office.head import only_head

router = APIRouter(prefix=PREFIX, tags=["成稿和证据"])

_BYTES = "application/octet-stream"
_ZIP = "application/zip"


class KeptFile(BaseModel):
    position: int = Field(description="第几个文件，从 0 起")
    name: str
    media_type: str
    sha256: Hash
    href: str = Field(description="在本接口里取这个文件的地址")


class Rendition(BaseModel):
    """一次发送所冻结的成稿；几条一起发的，各条都列出同一份。"""

    key: str = Field(description="成稿的键")
    channel: str
    status: Status
    frozen_at: Moment
    files: list[KeptFile]


class Renditions(BaseModel):
    item: str
    renditions: list[Rendition] = Field(description="从早到晚")


def _file(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"content": {media_type: binary}, "description": description}}


@router.get("/items/{item_id}/renditions", response_model=Renditions, responses=READING)
def renditions(_system: Seeing, city: City, item_id: ItemId) -> dict[str, Any]:
    """一个条目在各渠道发出的成稿，逐个文件。"""
    known(city, item_id)
    found = city.store.kept.renditions(item_id)
    return {"item": item_id, "renditions": [_shown(item_id, one) for one in found]}


@router.get(
    "/items/{item_id}/renditions/{key}/{position}",
    response_class=Response,
    responses=READING | _file(_BYTES, "文件的字节，与发出的一字不差"),
)
def rendition_file(
    _system: Seeing,
    city: City,
    item_id: ItemId,
    key: Annotated[str, Path(description="成稿的键")],
    position: Annotated[int, Path(description="第几个文件", ge=0, le=2**31 - 1)],
) -> Response:
    """成稿里的一个文件，按原样的字节给出；类型见成稿的清单。"""
    known(city, item_id)
    found = city.store.kept.file(item_id, key, position) if key.isprintable() else None
    if found is None:
        raise HTTPException(404, "没有这份成稿或这个文件")
    return Response(found.data, media_type=_BYTES, headers=_saved_as(found.name))


@router.get(
    "/items/{item_id}/evidence.zip",
    response_class=StreamingResponse,
    responses=READING | _file(_ZIP, "证据包"),
)
def evidence(
    request: Request,
    by_token: Annotated[System, Depends(system(Right.EVIDENCE))],
    city: City,
    item_id: ItemId,
) -> Response:
    """证据包：审批过的原文、每份成稿、每次尝试、回执和照片、撤回经过，附 SHA-256 清单。"""
    known(city, item_id)
    name = f"{item_id}.zip"
    if only_head(request):
        return announced(name, _ZIP)
    return Handed(city.evidence.take(item_id, by=by_token.actor, now=city.clock()), name, _ZIP)


def _saved_as(name: str) -> dict[str, str]:
    last = quote(name.rpartition("/")[2])
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{last}"}


def _shown(item_id: str, one: KeptRendition) -> dict[str, Any]:
    return {
        "key": one.key,
        "channel": one.channel,
        "status": one.status,
        "frozen_at": one.frozen_at.isoformat(),
        "files": [
            {
                "position": file.position,
                "name": file.name,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "href": f"{href(item_id)}/renditions/{one.key}/{file.position}",
            }
            for file in one.files
        ],
    }
