"""What became of an item after it was out, in the words of its page and of its feed entry."""

from dataclasses import dataclass, replace
from datetime import datetime

from channels._notices import chinese_date, ended, period_over, sentence, validity_over
from channels.website.site import Site
from publisher.model import Action, Item, Notice

CORRECTED = "更正"
WITHDRAWN = "撤回"
_WORDS = {Action.CORRECT: CORRECTED, Action.WITHDRAW: WITHDRAWN, Action.EXPIRE: "失效"}
_VALID = "有效"
_EXPIRED = "已失效"


def became(item: Item) -> Action:
    """What happened to it last. An item that was ever withdrawn shows again only by a notice."""
    if item.action is Action.WITHDRAW or not item.notices:
        return item.action
    return item.notices[-1].action


def is_withdrawn(item: Item) -> bool:
    return became(item) is Action.WITHDRAW


def mark(item: Item, site: Site) -> str:
    """A word for a list; "" while it stands as it was first published, and is not over."""
    if not is_withdrawn(item) and item.revision.validity != _VALID:
        return item.revision.validity
    if not item.notices:
        over = ended(item, site.house.timezone)
        return _word(over, item, site) if over else ""
    match became(item):
        case Action.CORRECT:
            return "更正"
        case Action.WITHDRAW:
            return "已撤回"
        case Action.EXPIRE:
            return _word(item.notices[-1], item, site)
        case Action.PUBLISH:
            return ""


def validity(item: Item, site: Site) -> str:
    """有效性, by the dates too: nothing is called valid when its own text says that it is not."""
    stated, zone = item.revision.validity, site.house.timezone
    if stated != _VALID:
        return stated
    over = ended(item, zone)
    if over and (until := validity_over(over, item.revision, zone)):
        return f"{_EXPIRED}（有效期至{chinese_date(until)}）"
    if over:
        return "公示期已结束"
    return _EXPIRED if became(item) is Action.EXPIRE else stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that citizens are told: which, counted from 1, in a word and in a sentence."""

    number: int
    word: str
    sentence: str
    at: datetime

    @property
    def anchor(self) -> str:
        """Where on the item's page it stands."""
        return f"notice-{self.number}"


def told(item: Item, site: Site) -> list[Told]:
    """All that citizens are told happened to it, newest first.

    Of what is withdrawn each says only that: it stands in the place of what was told before.
    """
    zone = site.house.timezone
    notices = list(item.notices)
    over = ended(item, zone)
    if over and not any(one.action is Action.EXPIRE for one in notices):
        notices.insert(0, over)  # it was over before it was published
    found = [
        Told(
            number=place,
            word=_WORDS[one.action],
            sentence=sentence(one, item.revision, zone),
            at=site.local(one.at),
        )
        for place, one in enumerate(notices, 1)
    ]
    if is_withdrawn(item):
        found = [replace(one, sentence=found[-1].sentence) for one in found]
    return found[::-1]


def _word(notice: Notice, item: Item, site: Site) -> str:
    """What came to its end: the posting, or the document."""
    return "公示结束" if period_over(notice, item.revision, site.house.timezone) else _EXPIRED
