"""Drafts shown to one follower before anybody else. What was shown stays on that phone."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.simulators.server import Request
from tests.simulators.wechat.library import Json, Library
from tests.simulators.wechat.rules import Fail, parse_json, unless


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview on a follower's phone."""

    openid: str
    articles: list[Json]
    at: float


class Previews:
    """`followers` are WeChat names by openid."""

    def __init__(self, library: Library, followers: Mapping[str, str]) -> None:
        self.library = library
        self.followers = followers
        self.all: list[Shown] = []

    def show(self, request: Request) -> Json:
        wanted = parse_json(request.body)
        unless(wanted.get("msgtype") == "mpnews", 40008)
        openid = self._addressee(wanted)
        draft = self.library.drafts.get(wanted.get("mpnews", {}).get("media_id", ""))
        if draft is None:
            raise Fail(40007)
        self.all.append(Shown(openid, draft.articles, self.library.now()))
        return {"errcode": 0, "errmsg": "preview success", "msg_id": 34182 + len(self.all)}

    def _addressee(self, wanted: Json) -> str:
        if "touser" in wanted:
            # The real one, too, repeats what it does not like.
            if wanted["touser"] not in self.followers:
                raise Fail(40003, f"invalid openid {wanted['touser']}")
            return str(wanted["touser"])
        for openid, name in self.followers.items():
            if name == wanted.get("towxname"):
                return openid
        raise Fail(40132)
