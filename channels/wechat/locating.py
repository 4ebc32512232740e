"""Finding what is out: by its number, by its cover, and by its title where a person says that it is
out and neither of the two leads to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from channels.wechat import outcome
from channels.wechat.answers import Article, Progress
from channels.wechat.body import named
from channels.wechat.client import WeChat
from channels.wechat.errors import NO_ARTICLE, NO_PUBLICATION, Refusal
from publisher.channel import OutcomeUnknown, PermanentError, TemporaryError
from publisher.model import Status, Trace

_IN_DOUBT = frozenset({Status.SENDING, Status.UNKNOWN, Status.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Place:
    """One article among those published together, `position` counting from 0."""

    article_id: str
    position: int

    def __str__(self) -> str:
        return f"{self.article_id}#{self.position + 1}"


@dataclass(frozen=True, slots=True)
class Sought:
    """An earlier article: the title that it bears in WeChat, the page that it was made from."""

    title: str
    source: str
    trace: Trace


class Untraced(Exception):
    """A person says that it is out, and neither its number nor its cover leads to it."""


def in_doubt(trace: Trace) -> bool:
    """Whether nobody has said yet that it is out."""
    return trace.status in _IN_DOUBT


def locate(client: WeChat, covers: outcome.Covers, sought: Sought) -> Place | None:
    """Where the article is; None if it surely is not out.

    A number in figures only is that of a publication, which leads to the article. Without either,
    the cover does. Raises TemporaryError as long as it may still appear, and Untraced.
    """
    trace = sought.trace
    if trace.reference and not trace.reference.isdecimal():
        return Place(trace.reference, trace.position)
    if trace.reference and (answer := _publication(client, trace.reference)):
        if answer.publish_status == outcome.UNDER_WAY:
            raise TemporaryError(
                f"微信正在发布{named(sought.title)}，发布结束后才能删除", raw=trace.reference
            )
        if answer.publish_status in outcome.GONE:
            return None
        if answer.publish_status in outcome.NEVER_OUT and in_doubt(trace):
            return None
        if answer.article_id:
            return Place(answer.article_id.strip(), trace.position)
    return _by_cover(client, covers, sought)


def by_title(client: WeChat, sought: Sought) -> tuple[Place, ...]:
    """The articles that stand under exactly this title, unless they were made from another page.

    Only the latest publications are looked through, and what was sent to all followers by hand is
    in no list: that nothing is found here does not say that nothing is out.
    """
    return tuple(_standing(client, sought))


def _standing(client: WeChat, sought: Sought) -> Iterator[Place]:
    for entry in outcome.published(client):
        for position, article in enumerate(entry.content.news_item):
            same = unescape(article.title) == sought.title
            ours = article.content_source_url in ("", sought.source)
            if same and ours and not article.is_deleted:
                yield Place(entry.article_id, position)


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


def _by_cover(client: WeChat, covers: outcome.Covers, sought: Sought) -> Place | None:
    trace = sought.trace
    try:
        found = outcome.find(client, covers, trace.key)
    except OutcomeUnknown as unsure:
        if not in_doubt(trace):
            raise Untraced from None
        raise TemporaryError(
            f"还不能确定{named(sought.title)}是否已发布，它可能稍后才出现。"
            "请到微信公众平台“发表记录”核对，在原来那次投递上确认已发或未发，再重发这一次",
            raw=unsure.raw,
        ) from None
    if found is None and not in_doubt(trace):
        raise Untraced
    if found is None or found.status is not Status.DELIVERED:
        return None
    return Place(found.reference, trace.position)
