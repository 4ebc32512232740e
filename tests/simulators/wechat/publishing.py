"""Publishing without a push: taken at once, ended later, and the draft is used up by success."""

import secrets
from dataclasses import dataclass, field

from tests.simulators.server import Request
from tests.simulators.wechat.library import Json, Library, page_of, without_content
from tests.simulators.wechat.rules import Fail, parse_json, unless

VISIBLE, UNDER_WAY, DELETED = 0, 1, 5
OUT = frozenset({VISIBLE, DELETED, 6})
"""States of what has been out, whether or not it still is."""


@dataclass
class Publication:
    publish_id: str
    media_id: str
    articles: list[Json]
    at: float
    status: int = UNDER_WAY
    asked: int = 0
    article_id: str = ""
    urls: list[str] = field(default_factory=list)
    deleted: frozenset[int] = frozenset()
    """Positions of articles that are gone, from 0."""

    def shows(self, position: int) -> bool:
        return self.status == VISIBLE and position not in self.deleted


class Press:
    def __init__(
        self, url: str, library: Library, polls: int | None, verdict: int, *, forgets: bool
    ) -> None:
        self.url = url
        self.library = library
        self.polls = polls
        self.verdict = verdict
        self.forgets = forgets
        self.all: dict[str, Publication] = {}

    def submit(self, request: Request) -> Json:
        draft = self.library.asked_draft(request)
        under_way = {one.media_id for one in self.all.values() if one.status == UNDER_WAY}
        unless(draft.media_id not in under_way, 40007)
        publish_id = str(100_000_001 + len(self.all))
        taken = Publication(publish_id, draft.media_id, draft.articles, self.library.now())
        self.all[publish_id] = taken
        if self.polls == 0:
            self.end(taken, self.verdict)
        return {"errcode": 0, "errmsg": "ok", "publish_id": publish_id, "msg_data_id": "2247483650"}

    def end(self, publication: Publication, status: int) -> None:
        publication.status = status
        if status in OUT:
            publication.article_id = secrets.token_urlsafe(24)
            publication.urls = [
                f"{self.url}/s/{secrets.token_urlsafe(16)}" for _ in publication.articles
            ]
            self.library.drafts.pop(publication.media_id, None)

    def progress(self, request: Request) -> Json:
        publication = self.all.get(str(parse_json(request.body).get("publish_id")))
        if publication is None:
            raise Fail(53502)
        self._time_passes()
        answer: Json = {
            "publish_id": publication.publish_id,
            "publish_status": publication.status,
            "fail_idx": [1] if publication.status in {2, 4} else [],
        }
        if publication.status == VISIBLE:
            items = [{"idx": n, "article_url": u} for n, u in enumerate(publication.urls, 1)]
            answer["article_id"] = publication.article_id
            answer["article_detail"] = {"count": len(items), "item": items}
        return answer

    def published(self, request: Request) -> Json:
        self._time_passes()
        wanted = parse_json(request.body)
        return page_of(
            [one for one in self.all.values() if one.status in OUT and not self._forgotten(one)],
            wanted,
            lambda one: {
                "article_id": one.article_id,
                "content": {"news_item": without_content(_as_listed(one), wanted)},
                "update_time": int(one.at),
            },
        )

    def article(self, request: Request) -> Json:
        publication = self._by_article_id(request)
        unless(not self._forgotten(publication), 53600)
        return {"news_item": _as_listed(publication)}

    def delete(self, request: Request) -> Json:
        """Index 0 or none takes all articles away; whatever is gone already stays gone."""
        publication = self._by_article_id(request)
        index = parse_json(request.body).get("index", 0)
        many = len(publication.articles)
        unless(isinstance(index, int) and 0 <= index <= many, 40097)
        gone = set(range(many)) if index == 0 else {index - 1}
        publication.deleted |= gone
        if publication.status == VISIBLE and len(publication.deleted) == many:
            publication.status = DELETED
        return {"errcode": 0, "errmsg": "ok"}

    def _forgotten(self, publication: Publication) -> bool:
        return self.forgets and publication.status != VISIBLE

    def _by_article_id(self, request: Request) -> Publication:
        wanted = parse_json(request.body).get("article_id")
        for publication in self.all.values():
            if publication.article_id and publication.article_id == wanted:
                return publication
        raise Fail(53600)

    def _time_passes(self) -> None:
        """Here time is counted in questions: tests need no waiting, and a demo moves on."""
        if self.polls is None:
            return
        for publication in self.all.values():
            publication.asked += 1
            if publication.status == UNDER_WAY and publication.asked > self.polls:
                self.end(publication, self.verdict)


def _as_listed(publication: Publication) -> list[Json]:
    pairs = zip(publication.articles, publication.urls, strict=True)
    return [
        {**article, "url": url, "is_deleted": not publication.shows(position)}
        for position, (article, url) in enumerate(pairs)
    ]
