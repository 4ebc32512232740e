"""What every message is made of: the words that stay the same, the title, the link. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from channels.sms.characters import normalise, parts, room, units
from publisher.channel import PermanentError
from publisher.model import Item, ReasonClass

ENDED = tuple("。！？!?")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is the same in every message of a channel."""

    sign: str
    max_parts: int
    opt_out: str
    site_url: str


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is without the signature; `visible` is what a citizen reads."""

    text: str
    visible: str
    notes: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        return units(self.visible)

    @property
    def parts(self) -> int:
        return parts(self.units)


def title_of(item: Item) -> str:
    title = normalise(item.revision.short_title) or normalise(item.revision.title)
    if not title:
        raise PermanentError(
            f"标题（title）里没有短信能用的字，信息条目 {item.number}", field="title"
        )
    return title


def whole(url: str) -> str:
    if not re.fullmatch(r"https?://[!-~]+", url):
        raise PermanentError(
            "网址（url）只能用英文字母、数字和符号，请检查网站地址设置",
            ReasonClass.INTERNAL,
            field="url",
        )
    return url


def stopped(text: str) -> str:
    return text if text.endswith(ENDED) else f"{text}。"


def ending(text: str, url: str, wording: Wording, lead: str = "详见") -> str:
    """Put the link last, or with a blank after it: phones take what touches it into the link."""
    return f"{text}{lead}{url}" + (f" {wording.opt_out}" if wording.opt_out else "")


def signed(text: str, wording: Wording) -> str:
    return f"【{wording.sign}】{text}"


def fits(text: str, wording: Wording) -> bool:
    return units(signed(text, wording)) <= room(wording.max_parts)


def message(text: str, wording: Wording, notes: tuple[str, ...]) -> Message:
    return Message(text=text, visible=signed(text, wording), notes=notes)


def rewritten(items: Sequence[Item]) -> tuple[str, ...]:
    """Tell staff which titles lost or changed a character on the way."""
    return tuple(
        f"“{title_of(item)}”：短信不能用的符号已改写"
        for item in items
        if title_of(item) != " ".join((item.revision.short_title or item.revision.title).split())
    )
