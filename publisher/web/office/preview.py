"""Previews: every channel's rendition of an item as its reader gets it; and all files of an item.

What a channel makes, and what others have made, is shown in a frame of its own in which nothing
runs, or saved to disk.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from publisher.bootstrap import Publisher
from publisher.channel import DeliveryError, File, Page, Pane, Rendition, panes_of
from publisher.intake.uploads import media_type_of
from publisher.model import Item
from publisher.web.headers import media_type
from publisher.web.office.gate import City, See
from publisher.web.office.guard import SHOWN
from publisher.web.office.item import own_item, whole_item
from publisher.web.office.made import Made
from publisher.web.office.pages import Pages
from publisher.web.pictures import NoPicture, pages, picture

router = APIRouter()

_WIDE = 900
_MOST_PAGES = 40
_MOST_FILES = 100_000
_IN_A_FRAME = ("text/html", "text/css", "image/", "text/plain")
_SCRIPT = re.compile(rb"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
"""In the frame it could not run, of which browsers would complain."""


_made = Made()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A pane, and what of it is not named there: its text, how many pages it has, what is wrong."""

    pane: Pane
    kind: str
    text: str = ""
    pages: int = 0
    problem: str = ""


@router.get("/items/{item_id}/preview/{channel}")
def preview(request: Request, person: See, city: City, item_id: str, channel: str) -> Response:
    """The item in this channel as it would go out now."""
    row = own_item(city, person, item_id)
    shown: list[Shown] = []
    notes: tuple[str, ...] = ()
    problem = ""
    item = whole_item(city, item_id)
    _route(city, channel)
    try:
        rendition = _made.of(city, item, channel)
        notes = rendition.notes
        shown = [_show(pane, rendition) for pane in _panes(city, channel, item, rendition)]
    except DeliveryError as error:
        problem = error.reason
    view: Pages = request.app.state.pages
    return view.page(
        request,
        "preview",
        person,
        item=row,
        channel=channel,
        shown=shown,
        notes=notes,
        problem=problem,
    )


@router.get("/items/{item_id}/preview/{channel}/files/{name:path}")
def preview_file(person: See, city: City, item_id: str, channel: str, name: str) -> Response:
    """A file of the preview, under its own name, so that its links find each other."""
    own_item(city, person, item_id)
    return _in_a_frame(_file(city, whole_item(city, item_id), channel, name))


@router.get("/items/{item_id}/preview/{channel}/pages/{page}/{name:path}")
def preview_page(
    person: See, city: City, item_id: str, channel: str, page: int, name: str
) -> Response:
    """The picture of a page of a PDF of the preview."""
    own_item(city, person, item_id)
    try:
        made = picture(_file(city, whole_item(city, item_id), channel, name).data, page, _WIDE)
    except NoPicture as error:
        raise HTTPException(404, str(error)) from None
    return Response(made, media_type="image/png")


@router.get("/items/{item_id}/files/{name}")
def item_file(person: See, city: City, item_id: str, name: str) -> Response:
    """An attachment or a picture, with the very bytes that were approved."""
    own_item(city, person, item_id)
    revision = whole_item(city, item_id).revision
    for asset in (*revision.images, *revision.attachments):
        if asset.name == name:
            return _in_a_frame(File(asset.name, asset.media_type, asset.data))
    raise HTTPException(404, "这个条目没有这个文件")


@router.get("/items/{item_id}/renditions/{key}/{position}")
def kept_file(person: See, city: City, item_id: str, key: str, position: int) -> Response:
    """A file that was frozen before it went out."""
    own_item(city, person, item_id)
    found = city.store.kept.file(item_id, key, position) if 0 <= position <= _MOST_FILES else None
    if found is None:
        raise HTTPException(404, "没有这份成稿")
    return _saved(found)


@router.get("/items/{item_id}/evidence/{sha256}")
def evidence_file(person: See, city: City, item_id: str, sha256: str) -> Response:
    """A file that somebody gave to prove that it was aired or posted."""
    row = own_item(city, person, item_id)
    for one in row.deliveries:
        if found := city.store.evidence.evidence_file(one.id, sha256):
            name, data = found
            return _in_a_frame(File(name, media_type_of(name), data))
    raise HTTPException(404, "没有这个证明文件")


def _route(city: Publisher, channel: str) -> None:
    if channel not in city.routes:
        raise HTTPException(404, "没有这个渠道")


def _panes(city: Publisher, channel: str, item: Item, rendition: Rendition) -> tuple[Pane, ...]:
    return panes_of(city.routes[channel].channel, [item], rendition)


def _show(pane: Pane, rendition: Rendition) -> Shown:
    kind = type(pane).__name__
    name = getattr(pane, "file", "")
    if kind in {"Text", "SideBySide"}:
        return Shown(pane=pane, kind=kind, text=rendition.file(name).data.decode())
    if kind == "Sheets":
        try:
            many = pages(rendition.file(name).data)
        except NoPicture as error:
            return Shown(pane=pane, kind=kind, problem=str(error))
        return Shown(pane=pane, kind=kind, pages=min(many, _MOST_PAGES))
    return Shown(pane=pane, kind=kind)


def _file(city: Publisher, item: Item, channel: str, name: str) -> File:
    _route(city, channel)
    try:
        rendition = _made.of(city, item, channel)
    except DeliveryError as error:
        raise HTTPException(404, error.reason) from None
    panes = _panes(city, channel, item, rendition)
    beside = [file for pane in panes if isinstance(pane, Page) for file in pane.beside]
    for file in (*rendition.every, *beside):
        if file.name == name:
            return file
    raise HTTPException(404, "成稿里没有这个文件")


def _in_a_frame(file: File) -> Response:
    """The file to be looked at, if it is of a kind that a browser can show and nothing runs in."""
    if not file.media_type.startswith(_IN_A_FRAME) or file.media_type.startswith("image/svg"):
        return _saved(file)
    headers = {"Content-Security-Policy": SHOWN, "X-Frame-Options": "SAMEORIGIN"}
    data = _SCRIPT.sub(b"", file.data) if file.media_type.startswith("text/html") else file.data
    return Response(data, media_type=file.media_type, headers=headers)


def _saved(file: File) -> Response:
    """The file to be saved to disk, under its own name."""
    name = quote(file.name.rpartition("/")[2])
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": SHOWN,
    }
    return Response(file.data, media_type=media_type(file.name), headers=headers)
