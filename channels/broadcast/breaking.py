"""Breaking a text into short screen lines by sense: never in a word, a figure or a title.

Words are known from a list; the cheapest way to break the whole text is found, not line by line.
"""

import re
from collections.abc import Sequence
from functools import cache

from channels.broadcast.data import words
from channels.broadcast.spoken.patterns import HAN, any_of

WIDTH = 15
_STOPS = "，。；：、！？,;:!?"
_NOT_FIRST = frozenset(f"{_STOPS}》〉）)”’】的了们等地得者")
_NOT_LAST = frozenset("《〈（(“‘【和与及或在对向把被从由为不第各")
_LINE, _IN_CLAUSE, _LOOSE, _UNKNOWN, _BAD = 100, 40, 15, 90, 300
_NEVER = 10**9


@cache
def _tokens_pattern() -> re.Pattern[str]:
    date = (
        r"(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日"
        r"|[0-9]{4}年[0-9]{1,2}月|[0-9]{1,2}时[0-9]{1,2}分"
    )
    document = rf"[（(]?{HAN}{{2,6}}〔[0-9]{{4}}〕[0-9]+号"
    figure = (
        r"[0-9][0-9.,:～~—–/-]*(?:[%‰](?:[～~—–-][0-9.,]+[%‰])?|[a-zA-Z²³㎡℃/]+"
        rf"|[万亿]?(?:个百分点|个工作日|平方米|[年月日时分元]|{HAN}))?"
    )
    return re.compile(
        rf"《[^《》]{{1,13}}》|〔[^〔〕]*〕|“[^“”]{{1,9}}”|{document}|{date}|{figure}|[A-Za-z][0-9A-Za-z.+-]*"
        rf"|{any_of(words('terms'))}|.",
        re.DOTALL,
    )


def broken(text: str, width: int = WIDTH) -> list[str]:
    """Lines of at most `width` characters; their text joined is the text, blanks trimmed."""
    tokens = [part for token in _tokens(text) for part in _cut(token, width)]
    best: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, len(tokens) + 1):
        best.append(_cheapest(tokens, best, end, width))
    lines, end = [], len(tokens)
    while end:
        start = best[end][1]
        lines.append("".join(tokens[start:end]).strip())
        end = start
    return [line for line in reversed(lines) if line]


def splits_title(lines: Sequence[str]) -> bool:
    """Whether a break falls inside 《》: a title too long for any line."""
    return any(line.count("《") != line.count("》") for line in lines)


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for match in _tokens_pattern().finditer(" ".join(text.split())):
        token = match[0]
        if found and token[0] in _STOPS + "》）)”’":
            found[-1] += token
        else:
            found.append(token)
    return found


def _cut(token: str, width: int) -> list[str]:
    bare = token.rstrip(_STOPS)
    if len(bare) <= width:
        return [token]
    return [token[at : at + width] for at in range(0, len(token), width)]


def _cheapest(
    tokens: Sequence[str], best: Sequence[tuple[int, int]], end: int, width: int
) -> tuple[int, int]:
    found = (_NEVER, end - 1)
    taken = 0
    for start in range(end - 1, -1, -1):
        taken += len(tokens[start])
        line = taken - (len(tokens[end - 1]) - len(tokens[end - 1].rstrip(_STOPS)))
        if line > width and start < end - 1:
            break
        cost = best[start][0] + _LINE + (width - line) ** 2 // 4
        if end < len(tokens):
            cost += _break_cost(tokens[end - 1], tokens[end])
        found = min(found, (cost, start))
    return found


def _break_cost(left: str, right: str) -> int:
    if left[-1] in "，。；：！？,;:!?":
        return 0
    if right[0] in _NOT_FIRST or left[-1] in _NOT_LAST:
        return _BAD
    if left[-1] in "、》”）)" or right[0] in "《“（(" or left[-1] == " ":
        return _LOOSE
    known = len(left) > 1 or len(right) > 1
    return _IN_CLAUSE if known else _UNKNOWN
