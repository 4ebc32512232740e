"""What a reader cannot see is refused, never published and never silently dropped."""

import re

from lxml.html import HtmlElement

from publisher.content.clean import find_forbidden
from publisher.content.errors import ContentError

_TAG = re.compile(r"<[^<>]*>|^[^<>]*>")
_FAR_LEFT = re.compile(r"-[0-9]{3}")
_SIZE = re.compile(r"(-?\d*\.?\d+)(px|pt)?")


def refuse_forbidden(text: str) -> None:
    """ContentError for the first character that may not come in, with the words before it."""
    found = find_forbidden(text)
    if found:
        at, code = found[0]
        before = "".join(_TAG.sub("", text[max(0, at - 60) : at]).split())[-12:]
        place = f"“{before}”之后" if before else "开头"
        raise ContentError(
            f"正文{place}有看不见或无法显示的字符 {code}（全文共 {len(found)} 处）。"
            "请删除它，把这一处文字重新输入一遍。"
        )


def refuse_hidden(tree: HtmlElement) -> None:
    """ContentError for text or a picture that style hides: the approver never saw it."""
    for element in tree.iter():
        if _is_hidden(element):
            words = "".join(element.text_content().split())
            if words or element.tag == "img" or element.find(".//img") is not None:
                raise ContentError(
                    f"正文里有被样式隐藏的内容“{words[:20] or '图片'}”，审核人看不到它。"
                    "请删除，或取消隐藏。"
                )


def style_of(element: HtmlElement) -> dict[str, str]:
    """The style attribute as property and value, in lower case."""
    pairs = (part.partition(":") for part in element.get("style", "").lower().split(";"))
    return {
        name.strip(): value.replace("!", " ").replace("important", " ").strip()
        for name, _, value in pairs
    }


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None:
        return True
    style = style_of(element)
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("mso-hide") == "all"
        or style.get("color") == "transparent"
        or bool(_FAR_LEFT.match(style.get("text-indent", "")))
        or _is_nothing(style.get("opacity", ""))
        or any(_is_nothing(size) for size in _sizes(style))
    )


def _sizes(style: dict[str, str]) -> list[str]:
    words = [word.partition("/")[0] for word in style.get("font", "").split()]
    return [style.get("font-size", ""), *words]


def _is_nothing(size: str) -> bool:
    """Zero, or under two pixels or points."""
    number = _SIZE.match(size)
    if number is None:
        return False
    return float(number.group(1)) < (2 if number.group(2) else 0.01)
