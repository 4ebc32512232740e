"""Evidence: what proves what was approved, sent and seen of one item, to take along as a ZIP."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from publisher.web.handed import Handed, announced
from publisher.web.office import gate
from publisher.web.office.gate import City
from publisher.web.office.head import only_head
from publisher.web.office.item import own_item

router = APIRouter()

_ZIP = "application/zip"


@router.get("/items/{item_id}/evidence.zip")
def evidence(request: Request, person: gate.Evidence, city: City, item_id: str) -> Response:
    own_item(city, person, item_id)
    name = f"证据包-{item_id}.zip"
    if only_head(request):
        return announced(name, _ZIP)
    return Handed(city.evidence.take(item_id, by=person.actor, now=city.clock()), name, _ZIP)
