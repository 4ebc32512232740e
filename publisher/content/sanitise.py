"""From any HTML to a small clean tree: nh3 decides what may pass, lxml holds the result."""

import re
from typing import NoReturn

import css_inline
import nh3
from lxml import html as lxml_html
from lxml.etree import iterwalk
from lxml.html import HtmlElement

from publisher.content.clean import clean_text
from publisher.content.errors import ContentError
from publisher.content.hiding import PROPERTIES
from publisher.content.links import SCHEMES
from publisher.content.style_sheets import with_all_rules
from publisher.content.unseen import refuse_forbidden, refuse_hidden, refuse_unscripted

MOST_LEVELS = 100

_BOUNDARIES = """
address article aside blockquote center dd details div dl dt fieldset figcaption figure footer
form header hgroup legend main nav p pre section summary
"""
BOUNDARIES = frozenset(_BOUNDARIES.split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TABLE_PARTS = frozenset({"caption", "thead", "tbody", "tfoot", "tr", "th", "td"})
STYLES = frozenset({"strong", "b", "em", "i", "u", "sup", "sub", "a", "span"})
UNCARRIED = {
    **dict.fromkeys(("del", "s", "strike"), "带删除线的文字"),
    **dict.fromkeys(("iframe", "object", "embed", "video", "audio"), "嵌入的视频、音频或网页"),
    **dict.fromkeys(("svg", "math", "canvas"), "嵌入的图形或公式"),
    **dict.fromkeys(("textarea", "select"), "网页表单"),
}
"""What no channel can carry: dropping it would publish something else than was approved."""

_KEPT = BOUNDARIES | HEADINGS | TABLE_PARTS | STYLES | UNCARRIED.keys()
_TAGS = set(_KEPT | {"ul", "ol", "li", "table", "br", "hr", "img"})
_SILENT = {"script", "style", "title", "template", "noscript"}
_UNWRAPPED = """
abbr acronym area base basefont bdi bdo big body button cite code col colgroup data datalist dfn
dir font frame frameset head html input ins kbd label link map mark marquee menu meta meter
nobr optgroup option output param picture progress q rp rt ruby samp search slot small
source time tt track var wbr xml
"""
_KNOWN = _TAGS | _SILENT | frozenset(_UNWRAPPED.split())
_FOREIGN = re.compile(r"[a-z0-9]+:.*|[a-z0-9]+(?:-[a-z0-9]+)+")
"""Tags of Office and of page builders, with a colon or a hyphen: unwrapped like a span."""

_ATTRIBUTES = {
    "*": {"style", "align", "hidden"},
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_PROPERTIES = set(PROPERTIES) | {
    "text-align",
    "text-decoration",
    "text-decoration-line",
    "font-weight",
    "font-style",
    "vertical-align",
}
_NOT_SHOWN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
"""What is never closed reaches to the end, as in a browser: looking for an end that is not there
again and again takes minutes."""
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_NESTING = BOUNDARIES - {"p"} | STYLES | {"ul", "ol", "table", "font"}
"""Tags that stay open until they are closed; a missing end tag of the others closes itself."""


def sanitised(source: str) -> HtmlElement:
    """The body as a tree of known tags, with nothing in it that is not meant to be read.

    nh3 parses as browsers do, so nothing that a browser would run or show slips by. Style sheets
    are applied first: text that a class hides is hidden text too.
    """
    shown = _NOT_SHOWN.sub("", source)
    _refuse_odd_tags(shown)
    refuse_unscripted(shown)
    if "<style" in source.lower():
        source = with_all_rules(source)
        source = css_inline.inline(source, load_remote_stylesheets=False, keep_style_tags=False)
    cleaned = nh3.clean(
        source,
        tags=_TAGS,
        clean_content_tags=_SILENT,
        attributes=_ATTRIBUTES,
        filter_style_properties=_PROPERTIES,
        attribute_filter=lambda _, name, value: value.lower() if name == "style" else value,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    refuse_forbidden(cleaned)
    tree = lxml_html.fragment_fromstring(
        clean_text(cleaned.replace("&nbsp;", " ")), create_parent="div"
    )
    _refuse_deep(tree)
    refuse_hidden(tree)
    return tree


def refuse_uncarried(tag: str, words: str = "") -> NoReturn:
    quoted = f"“{words[:20]}”" if words else ""
    raise ContentError(f"正文里有{UNCARRIED[tag]}{quoted}，各渠道无法呈现。请删除或改成普通文字。")


def _refuse_odd_tags(shown: str) -> None:
    """Refuse words in angle brackets, which would vanish, and nesting that no person made.

    Nesting is counted here too, roughly, because parsing has a cost that grows with its square.
    """
    open_tags = 0
    for tag in _TAG.finditer(shown):
        name = tag.group(2).lower()
        if name in _NESTING:
            open_tags += -1 if tag.group(1) else 1
            if open_tags > 3 * MOST_LEVELS:
                raise ContentError(_TOO_DEEP)
        if name in {"svg", "math"}:
            refuse_uncarried(name)
        if name not in _KNOWN and not _FOREIGN.fullmatch(name):
            raise ContentError(
                f"正文里的“{tag.group()[:40]}>”会被当作网页标签而消失。如果它是文字，请改用书名号《》，"
                "或把“<”写成“&lt;”。"
            )


def _refuse_deep(tree: HtmlElement) -> None:
    level = 0
    for event, _ in iterwalk(tree, events=("start", "end")):
        level += 1 if event == "start" else -1
        if level > MOST_LEVELS:
            raise ContentError(_TOO_DEEP)


_TOO_DEEP = f"正文的网页代码嵌套超过 {MOST_LEVELS} 层。请用“粘贴为纯文本”重新粘贴后再排版。"
