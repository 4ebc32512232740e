"""The TV sheet: title card, caption lines, crawl. Figures stay written: the eye reads them."""

import re
from dataclasses import dataclass

from channels.broadcast.breaking import broken, splits_title
from channels.broadcast.closing import phone_of, site_of
from channels.broadcast.lead import headline
from channels.broadcast.script import Script
from publisher.channel import House
from publisher.model import Action

CARD_LINES = 2
CRAWL_MOST = 40
_TRAILING = "，。；：、,;: "
_LINK = re.compile(r"(?:https?://|www\.)[0-9A-Za-z\-._~:/?#\[\]@!$&'*+,;=%]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    card: tuple[str, ...]
    captions: tuple[str, ...]
    crawl: tuple[str, ...]
    notes: tuple[str, ...]


def sheet(script: Script, house: House) -> Sheet:
    card = _card(script)
    # Nobody can mend what is withdrawn.
    withdrawn = script.item.action is Action.WITHDRAW
    wanted = "请酌情分屏" if withdrawn else "请补短标题（short_title）"
    notes = []
    if len(card) > CARD_LINES:
        notes.append(f"标题字幕有{len(card)}行，超过{CARD_LINES}行，{wanted}")
    if splits_title(card):
        notes.append(f"标题字幕中的书名号内容一行放不下，{wanted}")
    return Sheet(
        card=card,
        captions=_captions(script),
        crawl=_crawl(script, house),
        notes=tuple(notes),
    )


def _card(script: Script) -> tuple[str, ...]:
    """The title as it is if two lines hold it, else what it is about."""
    title = " ".join(script.item.revision.title.split())
    wanted = [script.item.revision.short_title, title, headline(title)]
    tried = [broken(script.frame.mark + one) for one in wanted if one]
    good = [lines for lines in tried if len(lines) <= CARD_LINES and not splits_title(lines)]
    return tuple(good[0] if good else tried[-1])


def _captions(script: Script) -> tuple[str, ...]:
    lines: list[str] = []
    parts = script.parts
    for sentence in (*parts.preface, *parts.lead, *parts.body, *parts.closing):
        lines += [_bare(line) for line in broken(_LINK.sub("", sentence.written))]
    return tuple(line for line in lines if line)


def _bare(line: str) -> str:
    """A caption has no stops at its end; inside, a blank stands for the pause."""
    return re.sub(r"[，；。](?=.)", " ", line.strip().rstrip(_TRAILING))


def _crawl(script: Script, house: House) -> tuple[str, ...]:
    """The news itself, where to read more, whom to call."""
    news = script.parts.lead[0].written
    named = f"{script.item.revision.department}发布：{script.slug}"
    wanted = script.frame.crawl or (news, named, script.slug)
    fitting = [one for one in wanted if len(one) <= CRAWL_MOST]
    items = fitting[:1] or broken(wanted[-1], CRAWL_MOST)
    items = [item.strip(_TRAILING) for item in items]
    items.append(f"详情请登录{site_of(house)}查看")
    if phone := phone_of(script.item):
        items.append(f"咨询电话：{phone}")
    return tuple(item for item in items if item)
