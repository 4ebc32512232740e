"""What became of it: WeChat's publish states, and finding a batch again by its key."""

from collections.abc import Iterator
from dataclasses import replace

from channels.wechat.answers import Article, Material, Progress, Published
from channels.wechat.client import PAGE, WeChat
from channels.wechat.publishing import cover_stem
from publisher.channel import OutcomeUnknown, Receipt
from publisher.model import Status

STATES = {
    0: (Status.DELIVERED, ""),
    1: (Status.ACCEPTED, ""),
    2: (Status.FAILED, "原创校验没有通过，文章没有发布"),
    3: (Status.FAILED, "微信发布失败，文章没有发布"),
    4: (Status.FAILED, "平台审核没有通过，文章没有发布"),
    5: (Status.FAILED, "文章发布后已被全部删除"),
    6: (Status.FAILED, "文章发布后已被微信平台全部封禁"),
}
UNDER_WAY = 1
NEVER_OUT = frozenset({2, 3, 4})
GONE = frozenset({5, 6})
WHERE = "。请到微信公众平台“发表记录”查看原因，改正后重新投递"

MATERIAL_PAGES = 10
PUBLISHED_PAGES = 3
DRAFT_PAGES = 2


def progress(client: WeChat, receipt: Receipt) -> Receipt:
    """How the publication stands. A state that is not in the table changes nothing.

    The publish number is good for asking only; what is out goes by its article number.
    """
    answer = client.progress(receipt.reference)
    status, reason = STATES.get(answer.publish_status, (Status.ACCEPTED, ""))
    if status is Status.ACCEPTED:
        return receipt
    urls = [item.article_url for item in answer.article_detail.item]
    return replace(
        receipt,
        status=status,
        reference=answer.article_id.strip() or receipt.reference,
        url=urls[0] if urls else receipt.url,
        urls=tuple(urls),
        reason=f"{reason}{_which(answer)}{WHERE}" if reason else "",
        raw=_raw(receipt.reference, answer, urls),
    )


class Covers:
    """Covers by the key that their file names carry. The library is read once, and no further than
    it is asked for.
    """

    def __init__(self, client: WeChat) -> None:
        self._client = client
        self._read: list[Material] = []
        self._pages = 0
        self._whole = False

    def of(self, key: str) -> tuple[set[str], bool]:
        """Every cover ever uploaded under the key, and whether that is certain: an older one may
        lie where nobody looks.
        """
        stem = cover_stem(key, 1)
        while not (found := self._named(stem)) and not self._whole and self._pages < MATERIAL_PAGES:
            self._turn_page()
        return found, bool(found) or self._whole

    def _named(self, stem: str) -> set[str]:
        return {one.media_id for one in self._read if one.name.rpartition(".")[0] == stem}

    def _turn_page(self) -> None:
        listed = self._client.materials(self._pages * PAGE)
        self._read += listed.item
        self._pages += 1
        self._whole = self._pages * PAGE >= listed.total_count


def find(client: WeChat, covers: Covers, key: str) -> Receipt | None:
    """A receipt if the batch with this key is out, None if it never got as far as a cover.

    The cover's file name carries the key, and an article names its cover. Between the cover and
    the published list lies a stretch that looks the same from outside whether the submit is still
    being worked on or was never made: there we cannot say, and a person must look.
    """
    ours, complete = covers.of(key)
    if not ours and complete:
        return None
    for entry in published(client) if ours else ():
        if _first_cover(entry.content.news_item) in ours:
            return _as_found(entry)
    if not ours:
        reason = "素材库图片过多，没有找到本批次的封面，不能确定文章是否已发布"
    elif _in_drafts(client, ours):
        reason = "草稿仍在草稿箱中，可能还没有提交，也可能正在发布"
    else:
        reason = "草稿已不在草稿箱中，已发布的文章里也还没有找到"
    raise OutcomeUnknown(f"{reason}。请到微信公众平台“发表记录”和草稿箱核对", raw=f"key={key}")


def published(client: WeChat) -> Iterator[Published]:
    """The latest publications, newest first."""
    for page in range(PUBLISHED_PAGES):
        listed = client.published(page * PAGE)
        yield from listed.item
        if (page + 1) * PAGE >= listed.total_count:
            return


def _as_found(entry: Published) -> Receipt:
    articles = entry.content.news_item
    urls = tuple(article.url for article in articles)
    raw = f"article_id={entry.article_id} urls={' '.join(urls)}"
    if all(article.is_deleted for article in articles):
        _, reason = STATES[5]
        return Receipt(Status.FAILED, entry.article_id, reason=f"{reason}{WHERE}", raw=raw)
    return Receipt(Status.DELIVERED, entry.article_id, url=urls[0], urls=urls, raw=raw)


def _in_drafts(client: WeChat, covers: set[str]) -> bool:
    return any(
        _first_cover(draft.content.news_item) in covers
        for page in range(DRAFT_PAGES)
        for draft in client.drafts(page * PAGE).item
    )


def _first_cover(articles: tuple[Article, ...]) -> str:
    return articles[0].thumb_media_id if articles else ""


def _which(answer: Progress) -> str:
    if not answer.fail_idx:
        return ""
    return f"（第 {'、'.join(map(str, answer.fail_idx))} 篇）"


def _raw(publish_id: str, answer: Progress, urls: list[str]) -> str:
    parts = [f"publish_id={publish_id} publish_status={answer.publish_status}"]
    if answer.article_id:
        parts.append(f"article_id={answer.article_id.strip()}")
    if urls:
        parts.append(f"urls={' '.join(urls)}")
    return " ".join(parts)
