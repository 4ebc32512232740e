"""The account behind one address: who may call what how often, and what people see of it."""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.simulators.server import Request, Response, Simulator
from tests.simulators.wechat.library import Json, Library
from tests.simulators.wechat.pages import Entry, article_page, gone_page, list_page
from tests.simulators.wechat.previews import Previews
from tests.simulators.wechat.publishing import OUT, UNDER_WAY, VISIBLE, Press, Publication
from tests.simulators.wechat.rules import DAILY, Fail, parse_json, unless
from tests.simulators.wechat.tokens import TokenDesk

BEIJING = timezone(timedelta(hours=8))
MANY = 100_000
FOLLOWERS = {
    "oXJ5demo0Staff1Test2Phone3ab": "xinji_zhiban",
    "oXJ5demo0Citizen4Phone5abcde": "a_citizen",
}
"""WeChat names by openid; the first is the one that the demo tests with."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account as the platform knows it, and how its publishing goes."""

    name: str = "辛集发布"
    app_id: str = "wx5d1e0f7c2a9b4830"
    app_secret: str = field(default="0f3b9c7a51d84e62b7c0a9d8e1f24356", repr=False)
    certified: bool = True
    ip_listed: bool = True
    comments: bool = False
    shows_pictures: bool = True
    """False: drops every picture from articles without a word, as it does with foreign ones."""
    polls: int | None = 1
    """How often somebody must ask before a publication ends; None: only `finish` ends it."""
    verdict: int = VISIBLE
    """The publish_status it ends with."""
    forgets: bool = False
    """True: of an article that is gone it knows the number no more, as after a while."""
    token_seconds: int = 7200
    daily: Mapping[str, int] = field(default_factory=lambda: DAILY)
    followers: Mapping[str, str] = field(default_factory=lambda: FOLLOWERS)


class WeChatSimulator(Simulator):
    def __init__(self, port: int = 0, account: Account | None = None) -> None:
        super().__init__(port)
        self.account = account = account or Account()
        self.skipped = 0.0
        self.tokens = TokenDesk(account.app_id, account.app_secret, account.token_seconds, self.now)
        self.library = Library(
            self.url,
            self.now,
            comments=account.comments,
            shows_pictures=account.shows_pictures,
        )
        self.press = Press(
            self.url, self.library, account.polls, account.verdict, forgets=account.forgets
        )
        self.previews = Previews(self.library, account.followers)
        self._used: Counter[tuple[str, str]] = Counter()
        self._calls: dict[str, Callable[[Request], Json]] = {
            "media/uploadimg": self.library.upload_picture,
            "material/add_material": self.library.add_material,
            "material/batchget_material": self.library.list_materials,
            "draft/add": self.library.add_draft,
            "draft/get": self.library.get_draft,
            "draft/delete": self.library.delete_draft,
            "draft/count": self.library.count_drafts,
            "draft/batchget": self.library.list_drafts,
            "freepublish/submit": self.press.submit,
            "freepublish/get": self.press.progress,
            "freepublish/delete": self.press.delete,
            "freepublish/getarticle": self.press.article,
            "freepublish/batchget": self.press.published,
            "message/mass/preview": self.previews.show,
            "openapi/quota/get": self._allowance,
        }

    def now(self) -> float:
        return time.time() + self.skipped

    def advance(self, seconds: float) -> None:
        with self.lock:
            self.skipped += seconds

    def finish(self, verdict: int | None = None) -> None:
        """End every publication that is still under way."""
        with self.lock:
            for publication in self.press.all.values():
                if publication.status == UNDER_WAY:
                    end = self.account.verdict if verdict is None else verdict
                    self.press.end(publication, end)

    def api_calls(self) -> list[str]:
        """Endpoints called so far, without the folder they share."""
        with self.lock:
            return [call.path.removeprefix("/cgi-bin/") for call in self.calls]

    def ledger(self) -> list[dict[str, Any]]:
        """Every article that ever was out; those taken away since are marked."""
        with self.lock:
            return [
                {
                    "title": article["title"],
                    "url": url,
                    "html": article["content"],
                    "deleted": not publication.shows(position),
                }
                for publication in self.press.all.values()
                if publication.status in OUT
                for position, (article, url) in enumerate(
                    zip(publication.articles, publication.urls, strict=True)
                )
            ]

    def memory(self) -> dict[str, Any]:
        return {
            "pictures": self.library.pictures,
            "materials": self.library.materials,
            "drafts": self.library.drafts,
            "publications": self.press.all,
            "previews": self.previews.all,
        }

    def recall(self, memory: dict[str, Any]) -> None:
        self.library.pictures = memory["pictures"]
        self.library.materials = memory["materials"]
        self.library.drafts = memory["drafts"]
        self.press.all = memory["publications"]
        self.previews.all = memory.get("previews", [])  # none in what an older one has kept

    def handle(self, request: Request) -> Response:
        endpoint = request.path.removeprefix("/cgi-bin/")
        try:
            return _plain(self._dispatch(endpoint, request))
        except Fail as failure:
            return self._failed(failure)

    def code_response(self, request: Request, code: str) -> Response:  # noqa: ARG002 - alike for every call
        return self._failed(Fail(int(code)))

    def _dispatch(self, endpoint: str, request: Request) -> Json:
        unless(self.account.ip_listed, 40164)
        if endpoint == "stable_token":
            unless(request.method == "POST", 43002)
            return self.tokens.stable(parse_json(request.body))
        if endpoint == "token":
            return self.tokens.plain(dict(request.query))
        unless(endpoint in self._calls, 76021)
        self.tokens.check(request.query.get("access_token"))
        self._count(endpoint)
        unless(self.account.certified or not endpoint.startswith("freepublish/"), 48001)
        return self._calls[endpoint](request)

    def _count(self, endpoint: str) -> None:
        unless(self._used[self._today(), endpoint] < self.account.daily.get(endpoint, MANY), 45009)
        self._used[self._today(), endpoint] += 1

    def _today(self) -> str:
        return datetime.fromtimestamp(self.now(), BEIJING).date().isoformat()

    def _allowance(self, request: Request) -> Json:
        endpoint = str(parse_json(request.body).get("cgi_path")).removeprefix("/cgi-bin/")
        unless(endpoint in self._calls, 76021)
        limit, used = self.account.daily.get(endpoint, MANY), self._used[self._today(), endpoint]
        quota = {"daily_limit": limit, "used": used, "remain": limit - used}
        return {"errcode": 0, "errmsg": "ok", "quota": quota}

    def _failed(self, failure: Fail) -> Response:
        rid = f"{int(self.now()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
        return _plain({"errcode": failure.code, "errmsg": f"{failure.text} rid: {rid}"})

    # What a person sees with a browser: no calls of the interface, so they meet no faults.

    def page(self) -> str:
        newest = list(reversed(self.press.all.values()))
        shown = [one for each in newest for one in self._entries(each, there=True)]
        gone = [one for each in newest for one in self._entries(each, there=False)]
        waiting = {each.media_id for each in newest if each.status == UNDER_WAY}
        drafts = [
            (
                draft.media_id in waiting,
                self._entry(f"draft/{draft.media_id}/{index}", one, draft.at),
            )
            for draft in reversed(self.library.drafts.values())
            for index, one in enumerate(draft.articles)
        ]
        tested = [
            self._entry(f"preview/{number}/{index}", one, preview.at)
            for number, preview in reversed(list(enumerate(self.previews.all)))
            for index, one in enumerate(preview.articles)
        ]
        sections = (
            ("已发表", shown),
            ("发布中", [entry for under_way, entry in drafts if under_way]),
            ("草稿箱", [entry for under_way, entry in drafts if not under_way]),
            ("已删除", gone),
            ("测试接收人收到的预览", tested),
        )
        return list_page(self.account.name, sections)

    def _control(self, request: Request) -> Response | None:
        if (own := super()._control(request)) is not None or request.method != "GET":
            return own
        match request.path.strip("/").split("/"):
            case ["s", _]:
                return self._article(self.url + request.path)
            case ["draft", media_id, index] if media_id in self.library.drafts:
                draft = self.library.drafts[media_id]
                return self._page_of(draft.articles[int(index)], draft.at)
            case ["preview", number, index] if int(number) < len(self.previews.all):
                preview = self.previews.all[int(number)]
                return self._page_of(preview.articles[int(index)], preview.at)
            case ["mmbiz", media_id] if media := self.library.picture(media_id):
                return Response(media.data, content_type=f"image/{media.kind}")
        return None

    def _article(self, url: str) -> Response:
        for publication in self.press.all.values():
            if url in publication.urls and publication.shows(publication.urls.index(url)):
                article = publication.articles[publication.urls.index(url)]
                return self._page_of(article, publication.at)
        return _html(gone_page(self.account.name))

    def _page_of(self, article: Json, at: float) -> Response:
        return _html(article_page(self.account.name, article, _day(at)))

    def _entries(self, publication: Publication, *, there: bool) -> Iterator[Entry]:
        pairs = zip(publication.articles, publication.urls, strict=False)
        for position, (article, url) in enumerate(pairs):
            if publication.status in OUT and publication.shows(position) is there:
                path = url.removeprefix(f"{self.url}/")
                yield self._entry(path, article, publication.at)

    def _entry(self, path: str, article: Json, at: float) -> Entry:
        cover = f"/mmbiz/{article['thumb_media_id']}"
        return Entry(f"/{path}", article["title"], _day(at), cover)


def _plain(value: Json) -> Response:
    """WeChat calls its JSON plain text."""
    return Response.of_json(value, content_type="text/plain")


def _html(page: str) -> Response:
    return Response(page.encode(), content_type="text/html; charset=utf-8")


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, BEIJING):%Y年%m月%d日 %H:%M}"
