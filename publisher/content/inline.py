"""Stretches of text: tidying blanks, cutting, and changing the style of a part."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from unicodedata import east_asian_width

from publisher.content.blocks import Inline, Run

SOFT_BREAK = "\r"
"""A line end of HTML source: a blank between Latin words, nothing between Chinese ones."""

PLAIN = Run("")
_BLANKS = re.compile(r"[ \t\r\n]+")
_EDGE = " \t\r\n\u3000"


def tidy(runs: Iterable[Run]) -> Inline:
    """Collapse blanks, drop them at both ends, and join neighbours of one style."""
    filled = [run for run in runs if run.text]
    text = "".join(run.text for run in filled)
    styles = [style for run in filled for style in [replace(run, text="")] * len(run.text)]
    start, end = len(text) - len(text.lstrip(_EDGE)), len(text.rstrip(_EDGE))
    return _joined(_without_extra_blanks(text, styles, start, end))


def cut(inline: Inline, at: int) -> tuple[Inline, Inline]:
    """The part before position `at` of the text, and the part from it on."""
    left: list[Run] = []
    right: list[Run] = []
    seen = 0
    for run in inline:
        here = min(max(at - seen, 0), len(run.text))
        seen += len(run.text)
        left.append(replace(run, text=run.text[:here]))
        right.append(replace(run, text=run.text[here:]))
    return _filled(left), _filled(right)


def split_lines(inline: Inline) -> list[Inline]:
    """The lines of an inline, untrimmed; an empty line is an empty tuple."""
    lines: list[list[Run]] = [[]]
    for run in inline:
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines += ([replace(run, text=other)] for other in others)
    return [_filled(line) for line in lines]


def join_lines(lines: Iterable[Inline]) -> Inline:
    """One inline with a line break between the given ones."""
    runs: list[Run] = []
    for line in lines:
        runs += [Run("\n"), *line] if runs else line
    return tidy(runs)


def with_strong(inline: Inline, *, strong: bool) -> Inline:
    return tidy(replace(run, strong=strong) for run in inline)


def all_strong(inline: Inline) -> bool:
    return bool(inline) and all(run.strong for run in inline if run.text.strip())


def _without_extra_blanks(
    text: str, styles: list[Run], start: int, end: int
) -> Iterator[tuple[Run, str]]:
    at = start
    for blank in _BLANKS.finditer(text, start, end):
        yield from zip(styles[at : blank.start()], text[at : blank.start()], strict=True)
        for char in _as_one(blank.group(), text[blank.start() - 1], text[blank.end()]):
            yield styles[blank.start()], char
        at = blank.end()
    yield from zip(styles[at:end], text[at:end], strict=True)


def _as_one(blank: str, before: str, after: str) -> str:
    """What a row of blanks becomes; line breaks swallow the blanks around them."""
    if "\n" in blank:
        return "\n" * blank.count("\n")
    if SOFT_BREAK in blank and (_is_wide(before) or _is_wide(after)):
        return ""
    return " "


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WF" or char in "“”‘’…—"


def _joined(pairs: Iterable[tuple[Run, str]]) -> Inline:
    return tuple(
        replace(style, text="".join(char for _, char in group))
        for style, group in groupby(pairs, key=lambda pair: pair[0])
    )


def _filled(runs: list[Run]) -> Inline:
    return tuple(run for run in runs if run.text)
