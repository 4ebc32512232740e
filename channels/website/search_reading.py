"""What a page of an item says, read as a harvester does: from its meta tags and its body."""

from dataclasses import dataclass
from typing import Any

from lxml import etree, html

MOST_TEXT = 100_000
"""Of a longer text the rest is not searched."""

# fmt: off
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "dfn", "em", "font", "i", "kbd", "mark", "q",
    "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u",
    "var", "wbr",
))
# fmt: on
_UNSAID = ("script", "style", "template")


@dataclass(frozen=True)
class Found:
    """What is kept of one page."""

    title: str
    number: str
    doc_number: str
    department: str
    published: str
    """YYYY-MM-DD HH:MM, as the page has it."""
    keywords: str
    text: str


def read(page: bytes) -> Found | None:
    """None of a page that is not to be found: withdrawn, or not an item's at all."""
    try:
        tree: Any = html.document_fromstring(page, html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:  # nothing at all
        return None
    tags = {one.get("name"): one.get("content") or "" for one in tree.iter("meta")}
    bodies = tree.find_class("body")
    if not tags.get("ArticleTitle") or len(bodies) != 1 or _is_hidden(tree, tags):
        return None
    return Found(
        title=_line(tags["ArticleTitle"]),
        number=_line(tags.get("IndexNumber", "")),
        doc_number=_line(tags.get("DocumentNumber", "")),
        department=_line(tags.get("ContentSource", "")),
        published=_line(tags.get("PubDate", "")),
        keywords=_line(tags.get("Keywords", "")),
        text=_text(bodies[0])[:MOST_TEXT],
    )


def _is_hidden(tree: Any, tags: dict[str, str]) -> bool:
    classes = (tree.find("body").get("class") or "").split()
    return "withdrawn" in classes or "noindex" in tags.get("robots", "")


def _text(body: Any) -> str:
    """The words of the body; what stands in different blocks or cells does not run together."""
    parts: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        said = event in {"start", "end"} and element.tag not in _UNSAID
        if said and element.tag not in _INLINE:
            parts.append(" ")
        if event == "start":
            parts.append(element.text or "" if said else "")
        elif element is not body:
            parts.append(element.tail or "")
    return _line("".join(parts))


def _line(text: str) -> str:
    return " ".join(text.split())
