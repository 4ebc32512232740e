"""The wording of a message: whole titles, a whole link, a known number of parts. Pure.

A digest drops titles from the end and says how many there are; nothing is ever cut in the middle.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from channels.sms.characters import normalise, parts, room, units
from publisher.channel import PermanentError
from publisher.content import Block, Paragraph, text_of
from publisher.model import Item, ReasonClass

_LARGEST_DIGEST = 999
_SHORTEST_ENTRY = len("1.题")
_ENDED = tuple("。！？!?")
_STOPS = "。！？"
"""Where a sentence may be taken off; an ASCII question mark may be part of an address."""
_OPENING = "《〈“‘（(「〔"
_CLOSING = "》〉”’）)」〕"


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


def compose(items: Sequence[Item], wording: Wording) -> Message:
    """Return the one message for these items; PermanentError when they cannot be carried."""
    match items:
        case []:
            raise PermanentError("这一批没有信息条目，短信无内容可发", ReasonClass.INTERNAL)
        case [item] if item.revision.urgent:
            return _urgent(item, wording)
        case [item]:
            return _single(item, wording)
        case _:
            return _digest(items, wording)


def _single(item: Item, wording: Wording) -> Message:
    """One item leads to its own page.

    Its title must also fit as the first of a digest, so that what was let in at the door is not
    refused later because of the company it came in.
    """
    title = _title(item)
    url = _whole(item.url)
    in_digest = _digest_text((title,), _LARGEST_DIGEST, wording)
    alone = _ending(_stopped(f"您订阅的新信息：{title}"), url, wording)
    longest = max((alone, in_digest), key=lambda text: units(_signed(text, wording)))
    if not _fits(longest, wording):
        raise _too_long(item, title, longest, wording)
    return _message(alone, wording, _rewritten((item,)))


def _digest(items: Sequence[Item], wording: Wording) -> Message:
    titles = [_title(item) for item in items]
    total = len(titles)
    most = min(total, room(wording.max_parts) // _SHORTEST_ENTRY)
    for listed in range(most, 0, -1):
        text = _digest_text(titles[:listed], total, wording)
        if _fits(text, wording):
            notes = _rewritten(items[:listed])
            if listed < total:
                notes = (f"短信放不下全部标题：列出前{listed}条，共{total}条", *notes)
            return _message(text, wording, notes)
    raise _too_long(items[0], titles[0], _digest_text(titles[:1], total, wording), wording)


def _digest_text(titles: Sequence[str], total: int, wording: Wording) -> str:
    listed = ""
    for number, title in enumerate(titles, 1):
        mark = "" if number == 1 or listed.endswith(_ENDED) else "；"
        listed += f"{mark}{number}.{title}"
    if len(titles) < total:
        listed += f"等{total}条"
    head = f"您订阅的{total}条新信息：{listed}"
    return _ending(_stopped(head), _whole(f"{wording.site_url}/"), wording)


def _urgent(item: Item, wording: Wording) -> Message:
    """What to know comes first. A summary was written for this and is never replaced."""
    url = _whole(item.url)
    summary = normalise(item.revision.summary)
    sentence = normalise(first_sentence(item.revision.document.blocks))
    candidates = [summary] if summary else [text for text in (sentence, _title(item)) if text]
    for essential in candidates:
        text = _ending(_stopped(essential), url, wording)
        if _fits(text, wording):
            notes: tuple[str, ...] = ()
            if essential != candidates[0]:
                notes = ("正文首句太长，短信改用标题开头；填写摘要可以写明要点",)
            return _message(text, wording, notes)
    least = _ending("。", url, wording)
    spare = room(wording.max_parts) - units(_signed(least, wording))
    raise PermanentError(
        f"紧急短信放不下（最多{wording.max_parts}条）：请填写不超过{max(spare, 0)}字的摘要"
        f"（summary），信息条目 {item.number}",
        field="summary",
    )


def first_sentence(blocks: Sequence[Block]) -> str:
    """The first whole sentence of the body; the line that names the addressees is passed over."""
    for block in blocks:
        if not isinstance(block, Paragraph):
            continue
        text = text_of(block.text).strip()
        if text and not text.endswith(("：", ":")):
            return _up_to_first_stop(text)
    return ""


def _up_to_first_stop(text: str) -> str:
    depth = 0
    for place, char in enumerate(text, 1):
        depth += (char in _OPENING) - (char in _CLOSING)
        if depth <= 0 and char in _STOPS:
            return text[:place]
    return text


def _title(item: Item) -> str:
    title = normalise(item.revision.short_title) or normalise(item.revision.title)
    if not title:
        raise PermanentError(
            f"标题（title）里没有短信能用的字，信息条目 {item.number}", field="title"
        )
    return title


def _whole(url: str) -> str:
    if not re.fullmatch(r"https?://[!-~]+", url):
        raise PermanentError(
            "网址（url）只能用英文字母、数字和符号，请检查网站地址设置",
            ReasonClass.INTERNAL,
            field="url",
        )
    return url


def _stopped(text: str) -> str:
    return text if text.endswith(_ENDED) else f"{text}。"


def _ending(text: str, url: str, wording: Wording) -> str:
    """Put the link last, or with a blank after it: phones take what touches it into the link."""
    return f"{text}详见{url}" + (f" {wording.opt_out}" if wording.opt_out else "")


def _signed(text: str, wording: Wording) -> str:
    return f"【{wording.sign}】{text}"


def _fits(text: str, wording: Wording) -> bool:
    return units(_signed(text, wording)) <= room(wording.max_parts)


def _message(text: str, wording: Wording, notes: tuple[str, ...]) -> Message:
    return Message(text=text, visible=_signed(text, wording), notes=notes)


def _rewritten(items: Sequence[Item]) -> tuple[str, ...]:
    """Tell staff which titles lost or changed a character on the way."""
    return tuple(
        f"“{_title(item)}”：短信不能用的符号已改写"
        for item in items
        if _title(item) != " ".join((item.revision.short_title or item.revision.title).split())
    )


def _too_long(item: Item, title: str, text: str, wording: Wording) -> PermanentError:
    over = units(_signed(text, wording)) - room(wording.max_parts)
    spare = units(title) - over
    if spare < 1:
        return PermanentError(
            f"网址（url）和固定用语已占满{wording.max_parts}条短信，请调大 max_parts 或缩短网址",
            ReasonClass.INTERNAL,
            field="url",
        )
    return PermanentError(
        f"标题有{units(title)}字，{wording.max_parts}条短信放不下：请填写不超过{spare}字的短标题"
        f"（short_title），信息条目 {item.number}",
        field="short_title",
    )
