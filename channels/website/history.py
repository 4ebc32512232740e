"""What became of an item after it was out, in the words of its page and of its feed entry."""

from channels._notices import period_over, sentence
from channels.website.site import Site
from publisher.model import Action, Item


def became(item: Item) -> Action:
    """What happened to it last. An item that was ever withdrawn shows again only by a notice."""
    if item.action is Action.WITHDRAW or not item.notices:
        return item.action
    return item.notices[-1].action


def is_withdrawn(item: Item) -> bool:
    return became(item) is Action.WITHDRAW


def mark(item: Item, site: Site) -> str:
    """A word for a list; "" while it stands as it was first published."""
    if not item.notices:
        return ""
    match became(item):
        case Action.CORRECT:
            return "更正"
        case Action.WITHDRAW:
            return "已撤回"
        case Action.EXPIRE:
            over = period_over(item.notices[-1], item.revision, site.house.timezone)
            return "公示结束" if over else "已失效"
        case Action.PUBLISH:
            return ""


def validity(item: Item, site: Site) -> str:
    """有效性: a posting period that is over leaves the document itself as valid as it was."""
    return "失效" if mark(item, site) == "已失效" else item.revision.validity


def told(item: Item, site: Site) -> list[str]:
    """All that citizens are told happened to it, a sentence each, newest first."""
    zone = site.house.timezone
    return [sentence(notice, item.revision, zone) for notice in reversed(item.notices)]
