"""Pictures and drafts of the account, and its lists, newest first, at most twenty at a time."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.simulators.server import Request
from tests.simulators.wechat.rules import (
    Fail,
    check_articles,
    clean,
    parse_json,
    parse_upload,
    picture_type,
    unless,
)

IMAGE_LIMIT, COVER_LIMIT = 1_000_000, 10_000_000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Media:
    media_id: str
    name: str
    data: bytes
    kind: str
    at: float


@dataclass(frozen=True, slots=True)
class Draft:
    media_id: str
    articles: list[Json]
    at: float


class Library:
    def __init__(
        self, url: str, now: Callable[[], float], *, comments: bool, shows_pictures: bool
    ) -> None:
        self.folder = f"{url}/mmbiz/"
        self.shown = self.folder if shows_pictures else "https://nowhere.invalid/"
        self.now = now
        self.comments = comments
        self.pictures: dict[str, Media] = {}
        """By the name in their address; not listed, and no covers."""
        self.materials: dict[str, Media] = {}
        self.drafts: dict[str, Draft] = {}

    def picture(self, media_id: str) -> Media | None:
        return self.pictures.get(media_id) or self.materials.get(media_id)

    def upload_picture(self, request: Request) -> Json:
        media = self._taken(request, secrets.token_hex(16))
        unless(media.kind in {"jpeg", "png"}, 40005)
        unless(len(media.data) < IMAGE_LIMIT, 40009)
        self.pictures[media.media_id] = media
        return {"url": f"{self.folder}{media.media_id}", "errcode": 0, "errmsg": "ok"}

    def add_material(self, request: Request) -> Json:
        unless(request.query.get("type") == "image", 40004)
        media = self._taken(request, secrets.token_urlsafe(48))
        unless(len(media.data) <= COVER_LIMIT, 40009)
        self.materials[media.media_id] = media
        url = f"{self.folder}{media.media_id}"
        return {"media_id": media.media_id, "url": url, "item": []}

    def list_materials(self, request: Request) -> Json:
        return page_of(
            self.materials.values(),
            parse_json(request.body),
            lambda media: {
                "media_id": media.media_id,
                "name": media.name,
                "update_time": int(media.at),
                "url": f"{self.folder}{media.media_id}",
            },
        )

    def add_draft(self, request: Request) -> Json:
        articles = parse_json(request.body).get("articles", [])
        check_articles(articles, self.materials, comments=self.comments)
        cleaned = [{**one, "content": clean(one["content"], self.shown)} for one in articles]
        draft = Draft(secrets.token_urlsafe(48), cleaned, self.now())
        self.drafts[draft.media_id] = draft
        return {"media_id": draft.media_id, "item": []}

    def asked_draft(self, request: Request) -> Draft:
        draft = self.drafts.get(parse_json(request.body).get("media_id", ""))
        if draft is None:
            raise Fail(40007)
        return draft

    def get_draft(self, request: Request) -> Json:
        return {"news_item": self.asked_draft(request).articles}

    def delete_draft(self, request: Request) -> Json:
        del self.drafts[self.asked_draft(request).media_id]
        return {"errcode": 0, "errmsg": "ok"}

    def count_drafts(self, _: Request) -> Json:
        return {"total_count": len(self.drafts)}

    def list_drafts(self, request: Request) -> Json:
        wanted = parse_json(request.body)
        return page_of(
            self.drafts.values(),
            wanted,
            lambda draft: {
                "media_id": draft.media_id,
                "content": {"news_item": without_content(draft.articles, wanted)},
                "update_time": int(draft.at),
            },
        )

    def _taken(self, request: Request, media_id: str) -> Media:
        name, data = parse_upload(request.body, request.headers.get("content-type", ""))
        return Media(media_id, name, data, picture_type(data), self.now())


def page_of(things: Iterable[Any], wanted: Json, show: Callable[[Any], Json]) -> Json:
    offset, count = wanted.get("offset"), wanted.get("count")
    unless(isinstance(offset, int) and offset >= 0, 40097)
    unless(isinstance(count, int) and 1 <= count <= 20, 40097)
    newest_first = list(things)[::-1]
    page = [show(thing) for thing in newest_first[offset:][:count]]
    return {"total_count": len(newest_first), "item_count": len(page), "item": page}


def without_content(articles: list[Json], wanted: Json) -> list[Json]:
    if wanted.get("no_content") != 1:
        return articles
    return [{**article, "content": ""} for article in articles]
