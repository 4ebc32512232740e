"""The contract of the API (OpenAPI), with this city's own choices; for those who have come in."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from publisher.web.api.asking import PREFIX
from publisher.web.api.item_schema import item_schema
from publisher.web.api.refusing import refusals
from publisher.web.office.gate import City, bearing

router = APIRouter(prefix=PREFIX, tags=["接口说明"])

_ITEM = "ItemToSubmit"


@router.get(
    "/openapi.json",
    dependencies=[Depends(bearing)],
    responses=refusals(),
)
def contract(request: Request, city: City) -> dict[str, Any]:
    """接口说明（OpenAPI 3.1）；任何有效的令牌都可以取。"""
    whole: dict[str, Any] = request.app.openapi()  # made once: FastAPI keeps it
    schemas = whole["components"]["schemas"]
    schemas.setdefault(_ITEM, item_schema(city.rules))
    return {**whole, "servers": [{"url": city.settings.console.base_url}]}
