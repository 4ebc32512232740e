"""Whether a style hides what it stands on: makes it nothing, clear as glass, or far away.

It judges one element at a time, and by its own style: what only the colours around it hide, like
white on white, is not found.
"""

import re
from collections.abc import Iterator, Mapping

Style = Mapping[str, str]

_PROPERTIES = """
clip clip-path color content-visibility display filter font font-size height inset left line-height
bottom margin margin-left margin-top max-height max-width mso-hide opacity overflow overflow-x
overflow-y right scale text-indent top transform translate visibility width
"""
PROPERTIES = frozenset(_PROPERTIES.split())
"""All that is looked at."""

_FAR = -150
"""Pixels; an ordinary hanging indent or overlap is much less."""
_SMALL = 2
"""Pixels or points: what is less high is no letter."""
_FAINT = 0.01
_TINY = 0.15
_PLACES = ("left", "top", "right", "bottom", "inset", "translate", "transform", "text-indent")
_MARGINS = ("margin", "margin-left", "margin-top")
_BOXES = ("height", "max-height", "width", "max-width", "line-height")
_PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "em": 16, "rem": 16, "ch": 8, "ex": 8} | {
    "cm": 38,
    "mm": 3.8,
    "in": 96,
    "vw": 10,
    "vh": 10,
    "%": 2,
}
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))([a-z]+|%)?")
_CALL = re.compile(r"([a-z0-9-]+)\(([^()]*)\)")
_CLEAR_HEX = re.compile(r"#(?:[0-9a-f]{3}0|[0-9a-f]{6}0[0-2])")


def hides(style: Style) -> bool:
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("content-visibility") == "hidden"
        or style.get("mso-hide") == "all"
        or _is_faint(style.get("opacity", ""))
        or _is_clear(style.get("color", ""))
        or any(map(_is_tiny, _sizes(style)))
        or _is_far(style)
        or _is_an_empty_box(style)
        or _is_cut_away(style)
        or _is_shrunk(style)
    )


def _numbers(text: str) -> list[tuple[float, str]]:
    return [(float(one.group(1)), one.group(2) or "") for one in _NUMBER.finditer(text)]


def _calls(text: str) -> Iterator[tuple[str, str]]:
    """The functions in a value, each with what stands in its brackets."""
    return ((one.group(1), one.group(2)) for one in _CALL.finditer(text))


def _is_faint(share: str) -> bool:
    """Whether a share, as 0.01 or 1%, is next to nothing."""
    found = _numbers(share)[:1]
    return any(number / (100 if unit == "%" else 1) <= _FAINT for number, unit in found)


def _is_clear(colour: str) -> bool:
    if colour == "transparent" or _CLEAR_HEX.fullmatch(colour):
        return True
    for name, inside in _calls(colour):
        parts = re.split(r"[\s,/]+", inside.strip())
        if name in {"rgb", "rgba", "hsl", "hsla"} and len(parts) == 4 and _is_faint(parts[3]):
            return True
    return False


def _sizes(style: Style) -> list[str]:
    words = [word.partition("/")[0] for word in style.get("font", "").split()]
    return [style.get("font-size", ""), *words]


def _is_tiny(size: str) -> bool:
    found = _NUMBER.match(size)
    if found is None:
        return False
    number, unit = float(found.group(1)), found.group(2)
    if unit in {"px", "pt"}:
        return number < _SMALL
    return number / (100 if unit == "%" else 1) < _TINY


def _is_far(style: Style) -> bool:
    """Pushed out of the page to the left or over its top."""
    places = [_numbers(style.get(name, "")) for name in _PLACES]
    margins = [_numbers(style.get(name, "")) for name in _MARGINS]
    margins = [[one for one in some if one[1] != "%"] for some in margins]  # of columns, and seen
    return any(
        number * _PIXELS.get(unit, 0) <= _FAR
        for some in (*places, *margins)
        for number, unit in some
    )


def _is_an_empty_box(style: Style) -> bool:
    """A box of no height or width that cuts off what does not fit."""
    cuts = any(
        word in {"hidden", "clip"}
        for name in ("overflow", "overflow-x", "overflow-y")
        for word in style.get(name, "").split()
    )
    return cuts and any(_is_no_length(style.get(name, "")) for name in _BOXES)


def _is_no_length(length: str) -> bool:
    return any(
        number * _PIXELS.get(unit, _SMALL) < _SMALL and (unit or not number)
        for number, unit in _numbers(length)[:1]
    )


def _is_cut_away(style: Style) -> bool:
    for name, inside in (*_calls(style.get("clip", "")), *_calls(style.get("clip-path", ""))):
        sides = [number for number, _ in _numbers(inside)]
        if name in {"rect", "polygon"} and len(sides) >= 4 and len(set(sides)) == 1:
            return True
        if name == "inset" and any(one >= 50 and unit == "%" for one, unit in _numbers(inside)):
            return True
        if name in {"circle", "ellipse"} and sides[:1] == [0]:
            return True
    return False


def _is_shrunk(style: Style) -> bool:
    calls = _calls(style.get("transform", ""))
    scales = [style.get("scale", ""), *(inside for name, inside in calls if "scale" in name)]
    parts = (part.lstrip("-") for scale in scales for part in re.split(r"[\s,]+", scale))
    glass = (inside for name, inside in _calls(style.get("filter", "")) if name == "opacity")
    return any(map(_is_faint, (*parts, *glass)))
