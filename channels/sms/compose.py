"""The wording of a message: whole titles, a whole link, a known number of parts. Pure.

A digest drops titles from the end and says how many there are; nothing is ever cut in the middle.
"""

from collections.abc import Sequence

from channels.sms.characters import normalise, room, units
from channels.sms.message import (
    ENDED,
    Message,
    Wording,
    ending,
    fits,
    message,
    rewritten,
    signed,
    stopped,
    title_of,
    whole,
)
from channels.sms.notices import TOLD, tell
from publisher.channel import PermanentError
from publisher.content import Block, Paragraph, text_of
from publisher.model import Item, ReasonClass

_LARGEST_DIGEST = 999
_SHORTEST_ENTRY = len("1.题")
_STOPS = "。！？"
"""Where a sentence may be taken off; an ASCII question mark may be part of an address."""
_OPENING = "《〈“‘（(「〔"
_CLOSING = "》〉”’）)」〕"


def compose(items: Sequence[Item], wording: Wording) -> Message:
    """Return the one message for these items; PermanentError when they cannot be carried."""
    match items:
        case []:
            raise PermanentError("这一批没有信息条目，短信无内容可发", ReasonClass.INTERNAL)
        case [item] if item.action in TOLD:
            return tell(item, wording)
        case _ if any(item.action in TOLD for item in items):
            raise PermanentError(
                "更正或撤回的短信只能单独发，不能与别的信息合并", ReasonClass.INTERNAL
            )
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
    title = title_of(item)
    url = whole(item.url)
    in_digest = _digest_text((title,), _LARGEST_DIGEST, wording)
    alone = ending(stopped(f"您订阅的新信息：{title}"), url, wording)
    longest = max((alone, in_digest), key=lambda text: units(signed(text, wording)))
    if not fits(longest, wording):
        raise _too_long(item, title, longest, wording)
    return message(alone, wording, rewritten((item,)))


def _digest(items: Sequence[Item], wording: Wording) -> Message:
    titles = [title_of(item) for item in items]
    total = len(titles)
    most = min(total, room(wording.max_parts) // _SHORTEST_ENTRY)
    for listed in range(most, 0, -1):
        text = _digest_text(titles[:listed], total, wording)
        if fits(text, wording):
            notes = rewritten(items[:listed])
            if listed < total:
                notes = (f"短信放不下全部标题：列出前{listed}条，共{total}条", *notes)
            return message(text, wording, notes)
    raise _too_long(items[0], titles[0], _digest_text(titles[:1], total, wording), wording)


def _digest_text(titles: Sequence[str], total: int, wording: Wording) -> str:
    listed = ""
    for number, title in enumerate(titles, 1):
        mark = "" if number == 1 or listed.endswith(ENDED) else "；"
        listed += f"{mark}{number}.{title}"
    if len(titles) < total:
        listed += f"等{total}条"
    head = f"您订阅的{total}条新信息：{listed}"
    return ending(stopped(head), whole(f"{wording.site_url}/"), wording)


def _urgent(item: Item, wording: Wording) -> Message:
    """What to know comes first. A summary was written for this and is never replaced."""
    url = whole(item.url)
    summary = normalise(item.revision.summary)
    sentence = normalise(first_sentence(item.revision.document.blocks))
    candidates = [summary] if summary else [text for text in (sentence, title_of(item)) if text]
    for essential in candidates:
        text = ending(stopped(essential), url, wording)
        if fits(text, wording):
            notes: tuple[str, ...] = ()
            if essential != candidates[0]:
                notes = ("正文首句太长，短信改用标题开头；填写摘要可以写明要点",)
            return message(text, wording, notes)
    least = ending("。", url, wording)
    spare = room(wording.max_parts) - units(signed(least, wording))
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


def _too_long(item: Item, title: str, text: str, wording: Wording) -> PermanentError:
    over = units(signed(text, wording)) - room(wording.max_parts)
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
