"""Corrections and withdrawals: told to those who have the first message, by the title it had. Pure.

Staff can no longer change what is in people's phones, so nothing here is refused for its length:
the reason is shortened, then left out, then the shortest words are used (no longer than those of
the first message), and at last the title is cut. Staff are told.
"""

import re
from collections.abc import Iterator

from channels.sms.characters import normalise, room, units
from channels.sms.message import Message, Wording, ending, fits, message, signed, title_of, whole
from publisher.channel import PermanentError
from publisher.model import Action, Item, ReasonClass

TOLD = frozenset({Action.CORRECT, Action.WITHDRAW})

_SHORTEST_TITLE = 4
_CLAUSE = re.compile(r"(?<=[，。；！？])")
_STOPS = "，。；！？ "


def tell(item: Item, wording: Wording) -> Message:
    """The notice about one item, within the parts a message may have."""
    old, *notes = _titles(item)
    reason = _reason(item)
    for shorter in _shorter(reason):
        text = _text(item, old, shorter, wording)
        if fits(text, wording):
            return message(text, wording, (*notes, *_reason_note(reason, shorter)))
    title = _cut(item, old, wording)
    told = (f"标题太长，短信只写了“{title}”",) if title != old else ()
    notes += [*_reason_note(reason, ""), *told]
    return message(_shortest(item, title, wording), wording, tuple(notes))


def _titles(item: Item) -> tuple[str, ...]:
    """The title people got, as it stands between title marks, and what staff should know of it."""
    newest = title_of(item)
    title = _sent_as(item) or newest
    told = (f"短信用的是当时发出的标题“{title}”",) if title != newest else ()
    return (_inner(title), *told)


def _sent_as(item: Item) -> str:
    """The title in the messages that went out last: a minor correction may have changed it."""
    if not item.traces:
        return ""
    return normalise(item.traces[-1].short_title) or normalise(item.traces[-1].title)


def _inner(title: str) -> str:
    return title.replace("《", "〈").replace("》", "〉")


def _reason(item: Item) -> str:
    if not item.notices or item.notices[-1].action is not item.action:
        return ""
    return normalise(item.notices[-1].reason).rstrip(_STOPS)


def _shorter(reason: str) -> Iterator[str]:
    """The reason, then as many whole clauses of it as ever fewer, at last none."""
    clauses = _CLAUSE.split(reason)
    for many in range(len(clauses), 0, -1):
        yield "".join(clauses[:many]).rstrip(_STOPS)
    yield ""


def _reason_note(reason: str, used: str) -> tuple[str, ...]:
    if used == reason:
        return ()
    return (f"原因太长，短信只写了“{used}”" if used else "短信放不下原因，请市民看网页",)


def _text(item: Item, title: str, reason: str, wording: Wording) -> str:
    why = f"（{reason}）" if reason else ""
    url = whole(item.url)
    if item.action is Action.WITHDRAW:
        return ending(f"此前发送的《{title}》已撤回{why}，请勿再转发。", url, wording)
    return ending(f"更正：此前发送的《{title}》已更正{why}", url, wording, "，以网页为准：")


def _shortest(item: Item, title: str, wording: Wording) -> str:
    if item.action is Action.WITHDRAW:
        return ending(f"已撤回《{title}》，勿转发：", whole(item.url), wording, "")
    return ending(f"更正《{title}》，以网页为准：", whole(item.url), wording, "")


def _cut(item: Item, title: str, wording: Wording) -> str:
    """The title, or as much of it as the shortest words leave room for."""
    spare = room(wording.max_parts) - units(signed(_shortest(item, "", wording), wording))
    if units(title) <= spare:
        return title
    if spare < _SHORTEST_TITLE:
        raise PermanentError(
            f"网址（url）和固定用语已占满{wording.max_parts}条短信，请调大 max_parts 或缩短网址",
            ReasonClass.INTERNAL,
            field="url",
        )
    while units(title) > spare - 1:
        title = title[:-1]
    return f"{title}…"
