"""Taking back: what is out, or may be, is found, deleted, and looked at again.

All of this may be repeated: what is gone already counts as done. What may be out and cannot be
found is not called gone: a person deletes it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from channels.wechat import outcome
from channels.wechat.article import title_borne
from channels.wechat.body import named
from channels.wechat.client import PAGE, WeChat
from channels.wechat.errors import NO_MEDIA, Refusal
from channels.wechat.locating import Place, Sought, Untraced, by_title, in_doubt, locate, look
from publisher.channel import Receipt, Rendition, TemporaryError
from publisher.model import Action, Item, Status, Trace

PLAN = "recall.json"
REMAINS = (
    "已转发、收藏的文章卡片仍在读者手机上，点开后显示已删除；封面和配图可能仍能凭原图片地址打开；"
    "截图收不回"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a recall did: the articles that are gone, and the whole in words for staff.

    `by_hand`: something was not found, and a person has to delete it.
    """

    places: tuple[Place, ...] = ()
    words: str = ""
    by_hand: bool = False

    @property
    def receipt(self) -> Receipt:
        status = Status.AWAITING if self.by_hand else Status.DELIVERED
        return Receipt(status, " ".join(map(str, self.places)), reason=self.words)


def plan(items: Sequence[Item]) -> bytes:
    """What to delete for these items, as the rendition carries it; empty when there is nothing.

    A new publication deletes no article, but tidies drafts that an earlier try has left behind,
    unless WeChat may be at work on them.
    """
    delete = [
        {
            "title": title_borne(trace, item),
            "source": item.url,
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
        if item.action is not Action.PUBLISH or not in_doubt(trace)
    ]
    if not drafts and all(item.action is Action.PUBLISH for item in items):
        return b""
    told = {"delete": delete, "drafts": list(dict.fromkeys(drafts))}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def take_back(client: WeChat, rendition: Rendition) -> Taken:
    """Carry out the plan of a rendition; one that has none has nothing to take back."""
    if PLAN not in {file.name for file in rendition.files}:
        return Taken()
    wanted = json.loads(rendition.file(PLAN).data)
    covers = outcome.Covers(client)
    tidied = sum(_tidy(client, covers, key) for key in wanted["drafts"])
    deleted: dict[Place, str] = {}
    untraced: list[Sought] = []
    for sought in map(_sought, wanted["delete"]):
        try:
            place = locate(client, covers, sought)
        except Untraced:
            untraced.append(sought)
            continue
        if place:
            _delete(client, place, sought.title)
            deleted[place] = sought.title
    # Only now, since the articles whose place is known are none of those that are left.
    by_hand = [one for one in untraced if not _delete_by_title(client, one, deleted)]
    return Taken(
        tuple(deleted),
        _told(deleted.values(), by_hand, tidied, asked=bool(wanted["delete"])),
        by_hand=bool(by_hand),
    )


def _sought(planned: dict[str, Any]) -> Sought:
    return Sought(
        title=planned["title"],
        source=planned["source"],
        trace=Trace(
            key=planned["key"],
            position=planned["position"],
            reference=planned["reference"],
            status=Status(planned["status"]),
        ),
    )


def _delete_by_title(client: WeChat, sought: Sought, deleted: dict[Place, str]) -> bool:
    """Whether exactly one article stands under the title, which is then deleted: of several nobody
    but a person can say which, and a deletion is for ever.
    """
    found = by_title(client, sought)
    if len(found) != 1:
        return False
    _delete(client, found[0], sought.title)
    deleted[found[0]] = sought.title
    return True


def _delete(client: WeChat, place: Place, title: str) -> None:
    """Delete unless it is gone already, and believe only what can be seen afterwards."""
    if look(client, place) is None:
        return
    client.delete_article(place.article_id, place.position + 1)
    if look(client, place) is not None:
        raise TemporaryError(
            f"微信收下了删除请求，但{named(title)}还看得到，需要再删一次", raw=str(place)
        )


def _tidy(client: WeChat, covers: outcome.Covers, key: str) -> int:
    """Remove drafts of a batch from the draft box. One that holds other articles too is left."""
    mine, _ = covers.of(key)
    ours = [
        draft.media_id
        for page in range(outcome.DRAFT_PAGES if mine else 0)
        for draft in client.drafts(page * PAGE).item
        if [article.thumb_media_id in mine for article in draft.content.news_item] == [True]
    ]
    for media_id in ours:
        delete_draft(client, media_id)
    return len(ours)


def delete_draft(client: WeChat, media_id: str) -> None:
    try:
        client.delete_draft(media_id)
    except Refusal as refusal:
        if refusal.code != NO_MEDIA:  # somebody was quicker
            raise


def _told(deleted: Iterable[str], by_hand: Iterable[Sought], tidied: int, *, asked: bool) -> str:
    """What a person has to do comes first."""
    said = []
    if left := _names(one.title for one in by_hand):
        said.append(f"请到公众平台手工删除{left}，删后在本系统确认")
    if gone := _names(deleted):
        said += [f"已删除文章{gone}", REMAINS]
    elif asked and not left:
        said.append("没有已发布的文章需要删除")
    if tidied:
        said.append(f"已清理草稿箱中的旧草稿 {tidied} 篇")
    return "；".join(said)


def _names(titles: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(map(named, titles)))
