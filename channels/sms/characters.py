"""Which characters a text message may hold, and what they cost. Pure."""

import re
import unicodedata

SINGLE = 70
PART = 67
"""Units of one part of a long message: the rest of the 70 carries the part's number."""

_DROPPED = "※☆★✓✔✗✘●○◆◇■□▲△▼▽"

_REWRITTEN = {
    # 【】 is kept for the signature: a second pair gets the message refused.
    "【": "《",
    "】": "》",
    "『": "「",
    "』": "」",
    "¥": "人民币",
    "￥": "人民币",
    "→": "-",
    "•": "·",
    "m²": "平方米",
    "㎡": "平方米",
    "m³": "立方米",
    "㎥": "立方米",
    "²": "2",
    "³": "3",
    **{chr(0x2460 + index): f"({index + 1})" for index in range(20)},
    **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF10, 0xFF1A)},
    **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF21, 0xFF3B)},
    **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF41, 0xFF5B)},
    **dict.fromkeys(_DROPPED, ""),
}
_REWRITE = re.compile("|".join(sorted(map(re.escape, _REWRITTEN), key=len, reverse=True)))
_PLAIN_SYMBOLS = frozenset("℃℉°№")
_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk"})
_SELECTORS = range(0xFE00, 0xFE10)


def normalise(text: str) -> str:
    """Return the text as a phone can show it: one line, no 【】, no emoji, no odd symbols."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    rewritten = _REWRITE.sub(lambda found: _REWRITTEN[found.group()], line)
    return " ".join("".join(filter(_sendable, rewritten)).split())


def units(text: str) -> int:
    """Length as the networks count it: in UTF-16 units, so a rare character may cost two."""
    return len(text.encode("utf-16-be")) // 2


def parts(count: int) -> int:
    """How many messages `count` units are charged as."""
    return 1 if count <= SINGLE else -(-count // PART)


def room(max_parts: int) -> int:
    """How many units fit into `max_parts` messages."""
    return SINGLE if max_parts == 1 else PART * max_parts


def _sendable(char: str) -> bool:
    if char in _PLAIN_SYMBOLS:
        return True
    return unicodedata.category(char) not in _NEVER and ord(char) not in _SELECTORS
