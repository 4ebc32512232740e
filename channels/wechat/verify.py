"""Looking again: does what was published still stand, is what was deleted still gone."""

from html import unescape

from channels.wechat.article import title_borne, title_of
from channels.wechat.body import named
from channels.wechat.client import WeChat
from channels.wechat.locating import (
    Place,
    Sought,
    Untraced,
    by_title,
    locate,
    look,
    places_in,
)
from channels.wechat.outcome import Covers
from publisher.channel import PermanentError, TemporaryError
from publisher.model import Action, Item, Trace


def why_lost(client: WeChat, item: Item, trace: Trace) -> str:
    """One sentence for staff, "" if all is as it should be."""
    sought = Sought(title_borne(trace, item), item.url, trace)
    title = f"微信文章{named(sought.title)}"
    if item.action is Action.WITHDRAW:
        return f"{title}应已删除，但还能看到" if _is_back(client, item, trace) else ""
    try:
        place = locate(client, Covers(client), sought)
        article = look(client, place) if place else None
    except Untraced:
        raise TemporaryError(f"{title}由人确认已发，程序找不到它，不能自动核对") from None
    except PermanentError as error:
        return error.reason
    if article is None:
        return f"{title}已不在公众号里，可能被删除，也可能被平台封禁"
    if unescape(article.title) != title_of(item.revision):
        return f"{title}的标题在微信里变成了“{unescape(article.title)}”"
    return ""


def _is_back(client: WeChat, item: Item, trace: Trace) -> bool:
    """Whether an article that was to be deleted can be seen. The receipt names those that were
    found then; without names (a person deleted them), the item's earlier traces lead to them.
    """
    places = places_in(trace.reference)
    if not places:
        covers = Covers(client)
        sought = (Sought(title_borne(one, item), item.url, one) for one in item.traces)
        places = tuple(place for one in sought for place in _places(client, covers, one))
    return any(look(client, place) for place in places)


def _places(client: WeChat, covers: Covers, sought: Sought) -> tuple[Place, ...]:
    try:
        place = locate(client, covers, sought)
    except Untraced:
        return by_title(client, sought)
    return (place,) if place else ()
