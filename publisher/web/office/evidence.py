"""Evidence: what proves what was approved, sent and seen of one item, to take along as a ZIP."""

from collections.abc import Iterator
from os import SEEK_END
from typing import IO
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from publisher.web.office import gate
from publisher.web.office.gate import City
from publisher.web.office.item import own_item

router = APIRouter()

_PART = 256 * 1024


@router.get("/items/{item_id}/evidence.zip")
def evidence(person: gate.Evidence, city: City, item_id: str) -> Response:
    own_item(city, person, item_id)
    file = city.evidence.take(item_id, by=person.actor, now=city.clock())
    size = file.seek(0, SEEK_END)
    file.seek(0)
    name = quote(f"证据包-{item_id}.zip", safe="")
    return StreamingResponse(
        _in_parts(file),
        media_type="application/zip",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Length": str(size),
        },
    )


def _in_parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(_PART):
            yield part
