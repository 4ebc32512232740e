"""What a reader cannot see is refused, never published and never silently dropped."""

import re

from lxml.html import HtmlElement

from publisher.content.clean import find_forbidden
from publisher.content.errors import ContentError
from publisher.content.hiding import hides

_TAG = re.compile(r"<[^<>]*>|^[^<>]*>")
_UNSCRIPTED = re.compile(r"<noscript\b[^<>]*>(.*?)(?:</noscript|\Z)", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


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
                raise _hidden(words)


def refuse_unscripted(source: str) -> None:
    """ContentError for words in a noscript: browsers show them only where no script may run."""
    for found in _UNSCRIPTED.finditer(source):
        if words := "".join(_TAG.sub("", found.group(1)).split()):
            raise _hidden(words)


def _hidden(words: str) -> ContentError:
    return ContentError(
        f"正文里有被隐藏的内容“{words[:20] or '图片'}”，审核人看不到它。请删除，或取消隐藏。"
    )


def style_of(element: HtmlElement) -> dict[str, str]:
    """The style attribute as property and value, in lower case."""
    style = _COMMENT.sub("", element.get("style", "").lower())
    pairs = (part.partition(":") for part in style.split(";"))
    return {
        name.strip(): value.replace("!", " ").replace("important", " ").strip()
        for name, _, value in pairs
    }


def _is_hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or hides(style_of(element))
