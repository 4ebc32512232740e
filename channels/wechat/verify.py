"""Looking again: does what was published still stand, is what was deleted still gone."""

from html import unescape

from channels.wechat.article import title_of
from channels.wechat.body import named
from channels.wechat.client import WeChat
from channels.wechat.takeback import locate, look, places_in
from publisher.channel import PermanentError
from publisher.model import Action, Item, Trace


def why_lost(client: WeChat, item: Item, trace: Trace) -> str:
    """One sentence for staff, "" if all is as it should be."""
    title = f"微信文章{named(trace.title or item.revision.title)}"
    if item.action is Action.WITHDRAW:
        return f"{title}应已删除，但还能看到" if _is_back(client, item, trace) else ""
    place = locate(client, trace)
    try:
        article = look(client, place) if place else None
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
        places = tuple(filter(None, (locate(client, one) for one in item.traces)))
    return any(look(client, place) for place in places)
