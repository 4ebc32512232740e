"""Taking back: what is out, or may be, is found, deleted, and looked at again.

All of this may be repeated: what is gone already counts as done. What may be out and cannot be
found is not called gone.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from channels.wechat import outcome
from channels.wechat.answers import Article, Progress
from channels.wechat.body import named
from channels.wechat.client import PAGE, WeChat
from channels.wechat.errors import NO_ARTICLE, NO_MEDIA, NO_PUBLICATION, Refusal
from publisher.channel import OutcomeUnknown, PermanentError, Rendition, TemporaryError
from publisher.model import Action, Item, Status, Trace

PLAN = "recall.json"
REMAINS = "已转发、收藏的文章卡片仍在读者手机上，点开后显示已删除；截图收不回"

_IN_DOUBT = {Status.SENDING, Status.UNKNOWN, Status.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Place:
    """One article among those published together, `position` counting from 0."""

    article_id: str
    position: int

    def __str__(self) -> str:
        return f"{self.article_id}#{self.position + 1}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a recall did: the articles that are gone, and the whole in words for staff."""

    places: tuple[Place, ...]
    words: str

    @property
    def reference(self) -> str:
        return " ".join(map(str, self.places))


def plan(items: Sequence[Item]) -> bytes:
    """What to delete for these items, as the rendition carries it; empty when there is nothing.

    A new publication deletes no article, but tidies drafts that an earlier try has left behind,
    unless WeChat may be at work on them.
    """
    delete = [
        {
            "title": trace.title or item.revision.title,
            "key": trace.key,
            "position": trace.position,
            "reference": trace.reference,
            "status": trace.status,
        }
        for item in items
        if item.action is not Action.PUBLISH
        for trace in item.traces
    ]
    drafts = [
        trace.key
        for item in items
        for trace in item.traces
        if item.action is not Action.PUBLISH or trace.status not in _IN_DOUBT
    ]
    if not drafts and all(item.action is Action.PUBLISH for item in items):
        return b""
    told = {"delete": delete, "drafts": list(dict.fromkeys(drafts))}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def take_back(client: WeChat, rendition: Rendition) -> Taken:
    """Carry out the plan of a rendition; one that has none has nothing to take back."""
    if PLAN not in {file.name for file in rendition.files}:
        return Taken((), "")
    wanted = json.loads(rendition.file(PLAN).data)
    tidied = sum(_tidy(client, key) for key in wanted["drafts"])
    places, titles = [], []
    for one in wanted["delete"]:
        title = one.pop("title")
        place = locate(client, Trace(**{**one, "status": Status(one["status"])}))
        if place is None:
            continue
        _delete(client, place, title)
        places.append(place)
        titles.append(named(title))
    return Taken(tuple(places), _told(titles, tidied, asked=bool(wanted["delete"])))


def locate(client: WeChat, trace: Trace) -> Place | None:
    """Where the article of a trace is; None if it surely is not out.

    A number in figures only is that of a publication, which leads to the article. Without either,
    the cover does. Raises TemporaryError as long as it may still appear.
    """
    if trace.reference and not trace.reference.isdecimal():
        return Place(trace.reference, trace.position)
    if trace.reference and (answer := _publication(client, trace.reference)):
        if answer.publish_status == outcome.UNDER_WAY:
            raise TemporaryError(
                "微信正在发布这篇文章，现在还不能删除；发布结束后会自动删除", raw=trace.reference
            )
        if answer.publish_status in outcome.NOT_OUT:
            return None
        if answer.article_id:
            return Place(answer.article_id.strip(), trace.position)
    return _by_cover(client, trace)


def look(client: WeChat, place: Place) -> Article | None:
    """The article as it stands, None if it is gone."""
    try:
        articles = client.article(place.article_id).news_item
    except Refusal as refusal:
        if refusal.code == NO_ARTICLE:
            return None
        raise
    if place.position >= len(articles):
        raise PermanentError(
            f"编号 {place.article_id} 的微信文章只有 {len(articles)} 篇，"
            f"没有第 {place.position + 1} 篇。请到微信公众平台“发表记录”核对"
        )
    found = articles[place.position]
    return None if found.is_deleted else found


def places_in(reference: str) -> tuple[Place, ...]:
    """The articles that a recall's reference names."""
    parted = (part.rpartition("#") for part in reference.split())
    return tuple(
        Place(article_id, int(number) - 1)
        for article_id, _, number in parted
        if article_id and number.isdecimal()
    )


def _publication(client: WeChat, publish_id: str) -> Progress | None:
    try:
        return client.progress(publish_id)
    except Refusal as refusal:
        if refusal.code == NO_PUBLICATION:
            return None
        raise


def _by_cover(client: WeChat, trace: Trace) -> Place | None:
    try:
        found = outcome.find(client, trace.key)
    except OutcomeUnknown as unsure:
        raise _unsure(unsure.reason, unsure.raw) from None
    if found is None and trace.status not in _IN_DOUBT:
        raise _unsure("素材库里没有这篇文章的封面", f"key={trace.key}")
    if found is None or found.status is not Status.DELIVERED:
        return None
    return Place(found.reference, trace.position)


def _unsure(why: str, raw: str) -> TemporaryError:
    return TemporaryError(
        f"还不能确定此前的文章是否已发布，它可能稍后才出现；会自动再查，查到就删除。{why}", raw=raw
    )


def _delete(client: WeChat, place: Place, title: str) -> None:
    """Delete unless it is gone already, and believe only what can be seen afterwards."""
    if look(client, place) is None:
        return
    client.delete_article(place.article_id, place.position + 1)
    if look(client, place) is not None:
        raise TemporaryError(
            f"微信收下了删除请求，但{named(title)}还看得到，稍后再删一次", raw=str(place)
        )


def _tidy(client: WeChat, key: str) -> int:
    """Remove drafts of a batch from the draft box. One that holds other articles too is left."""
    covers, _ = outcome.covers_of(client, key)
    ours = [
        draft.media_id
        for page in range(outcome.DRAFT_PAGES if covers else 0)
        for draft in client.drafts(page * PAGE).item
        if [article.thumb_media_id in covers for article in draft.content.news_item] == [True]
    ]
    for media_id in ours:
        _delete_draft(client, media_id)
    return len(ours)


def _delete_draft(client: WeChat, media_id: str) -> None:
    try:
        client.delete_draft(media_id)
    except Refusal as refusal:
        if refusal.code != NO_MEDIA:  # somebody was quicker
            raise


def _told(titles: Iterable[str], tidied: int, *, asked: bool) -> str:
    said = []
    if named := "、".join(dict.fromkeys(titles)):
        said += [f"已删除文章{named}", REMAINS]
    elif asked:
        said.append("没有已发布的文章需要删除")
    if tidied:
        said.append(f"已清理草稿箱中的旧草稿 {tidied} 篇")
    return "；".join(said)
