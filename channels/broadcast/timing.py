"""How long a spoken text takes: its syllables at the announcer's speed, and its pauses."""

import unicodedata

from channels.broadcast.spoken import MARK

_SHORT, _LONG = frozenset("，；：,;:"), frozenset("。！？!?")
_SHORT_PAUSE, _LONG_PAUSE = 0.3, 0.6


def syllables(spoken: str) -> int:
    """Characters that are pronounced; a marked stretch counts what stands in it."""
    said = MARK.sub(lambda match: match[1], spoken)
    return sum(unicodedata.category(char)[0] in "LN" for char in said)


def seconds(spoken: str, chars_per_minute: int) -> float:
    said = MARK.sub(lambda match: match[1], spoken)
    pauses = sum(_SHORT_PAUSE for char in said if char in _SHORT)
    pauses += sum(_LONG_PAUSE for char in said if char in _LONG)
    return syllables(spoken) * 60 / chars_per_minute + pauses


def clock(length: float) -> str:
    """约2分45秒, rounded up: an announcer must not run over."""
    whole = int(-(-length // 1))
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest}秒"
    return f"{minutes}分{rest:02}秒" if rest else f"{minutes}分"
