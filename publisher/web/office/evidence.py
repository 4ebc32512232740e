"""Evidence: what proves what was approved, sent and seen of one item, to take along as a ZIP."""

from fastapi import APIRouter
from starlette.responses import Response

from publisher.web.handed import Handed
from publisher.web.office import gate
from publisher.web.office.gate import City
from publisher.web.office.item import own_item

router = APIRouter()


@router.get("/items/{item_id}/evidence.zip")
def evidence(person: gate.Evidence, city: City, item_id: str) -> Response:
    own_item(city, person, item_id)
    file = city.evidence.take(item_id, by=person.actor, now=city.clock())
    return Handed(file, f"证据包-{item_id}.zip", "application/zip")
