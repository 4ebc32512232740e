"""Style, script and icon: they bear the stamp of their own bytes, so browsers keep them."""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from publisher.web.office.pages import ASSETS, Pages

router = APIRouter()


@router.get("/assets/{name}")
def asset(request: Request, name: str) -> Response:
    pages: Pages = request.app.state.pages
    if name not in ASSETS:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(pages.asset(name), media_type=ASSETS[name], headers=headers)
