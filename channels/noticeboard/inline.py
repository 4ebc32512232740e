"""Runs of text as the print template takes them."""

import re
from collections.abc import Iterator
from typing import Any

from publisher.content import Inline

Json = dict[str, Any]

_LEADS = (
    (1, re.compile(r"[一二三四五六七八九十]{1,3}、[^。：；\n]{1,40}[。：]?")),
    (2, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)][^。：；\n]{1,40}[。：]?")),
    (3, re.compile(r"[0-9]{1,2}[.．、][^。：；\n]{1,40}[。：]?")),
    (4, re.compile(r"[（(][0-9]{1,2}[）)][^。：；\n]{1,40}[。：]?")),
)


def runs(inline: Inline) -> list[Json]:
    """One object a run: `s` the text, and the looks that are on. A link has no look on paper."""
    shown = []
    for run in inline:
        looks = {
            "b": run.strong,
            "k": run.emphasis,
            "u": run.underline,
            "sup": run.sup,
            "sub": run.sub,
        }
        shown.append({"s": run.text} | {look: True for look, on in looks.items() if on})
    return shown


def with_lead(inline: Inline) -> list[Json]:
    """Runs of a paragraph that opens like a heading: 一、 is set in 黑体, （一） in 楷体, 1. and
    （1） like the text, for the standard knows no bold.
    """
    shown = runs(inline)
    if not shown or shown[0].keys() - {"s", "b"}:
        return shown
    for level, pattern in _LEADS:
        if found := pattern.match(shown[0]["s"]):
            head = {"s": found.group(), "lead": level}
            rest = shown[0] | {"s": shown[0]["s"][found.end() :]}
            return [head, *([rest] if rest["s"] else []), *shown[1:]]
    return shown


def links(inline: Inline) -> Iterator[str]:
    """Where a reader on the screen could have gone."""
    return (run.href for run in inline if run.href)
