"""A page as the rules read it: taken apart once, however many rules look at it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree, html

KINDS = frozenset(
    {
        "home",
        "item",
        "withdrawn",
        "catalogue",
        "list",
        "lists",
        "subscribe",
        "search",
        "lost",
    }
)
_FETCHED = {
    "img": ("src",),
    "script": ("src",),
    "iframe": ("src",),
    "embed": ("src",),
    "audio": ("src",),
    "video": ("src", "poster"),
    "source": ("src",),
    "track": ("src",),
    "object": ("data",),
}
_FOLLOWED = {"a": ("href",), "area": ("href",), "form": ("action",)}
_LINK_FETCHES = frozenset(
    {"stylesheet", "icon", "manifest", "preload", "prefetch", "preconnect", "dns-prefetch"}
)
_PARSER = html.HTMLParser(encoding="utf-8", no_network=True)


@dataclass(frozen=True, slots=True)
class Link:
    """`fetched`: a browser gets it by itself; otherwise a reader must click."""

    element: Any
    href: str
    fetched: bool


class Page:
    """One page of the site."""

    def __init__(self, name: str, tree: Any, *, is_utf8: bool) -> None:
        self.name = name
        self.is_utf8 = is_utf8
        self._by_tag: dict[str, list[Any]] = defaultdict(list)
        for element in tree.iter(etree.Element):
            self._by_tag[element.tag].append(element)

    def all(self, tag: str) -> list[Any]:
        return self._by_tag.get(tag, [])

    def first(self, tag: str) -> Any:
        found = self.all(tag)
        return found[0] if found else None

    @property
    def everything(self) -> Iterator[Any]:
        for elements in self._by_tag.values():
            yield from elements

    @cached_property
    def kind(self) -> str:
        """What the body's class says that the page is; "" if nothing known."""
        body = self.first("body")
        words = str(body.get("class", "")).split() if body is not None else []
        return next((word for word in words if word in KINDS), "")

    @cached_property
    def ids(self) -> frozenset[str]:
        """Places in the page that a link may jump to."""
        named = [one.get("id") for one in self.everything]
        named += [one.get("name") for one in self.all("a")]
        return frozenset(filter(None, named))

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for element in self.all("meta"):
            if name := element.get("name"):
                found[name].append(str(element.get("content", "")).strip())
        return found

    def said(self, name: str) -> str:
        """The value of a meta tag that stands there once; else ""."""
        values = self.meta.get(name, [])
        return values[0] if len(values) == 1 else ""

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The header block: what follows each term."""
        return {text(term): term.getnext() for term in self.all("dt")}

    @cached_property
    def links(self) -> list[Link]:
        return list(self._links())

    def _links(self) -> Iterator[Link]:
        for table, fetched in ((_FETCHED, True), (_FOLLOWED, False)):
            for tag, attributes in table.items():
                for element in self.all(tag):
                    for name in attributes:
                        if (href := element.get(name)) is not None:
                            yield Link(element, href.strip(), fetched)
        for element in (*self.all("img"), *self.all("source")):
            for part in str(element.get("srcset", "")).split(","):
                if part.strip():
                    yield Link(element, part.split()[0], fetched=True)
        for element in self.all("link"):
            fetched = bool(_LINK_FETCHES & set(str(element.get("rel", "")).lower().split()))
            yield Link(element, str(element.get("href", "")).strip(), fetched)


def read(folder: Path, name: str) -> Page | None:
    """The page of this name; None where the file is no page at all. Raises OSError."""
    data = (folder / name).read_bytes()
    try:
        return Page(name, html.document_fromstring(data, _PARSER), is_utf8=_is_utf8(data))
    except (etree.ParserError, ValueError):  # nothing in it
        return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def text(element: Any) -> str:
    """What an element says, without blanks and line breaks."""
    return "".join(str(element.text_content()).split()) if element is not None else ""


def inside(element: Any, *tags: str) -> Any:
    """The nearest of these elements around this one, or None."""
    return next(element.iterancestors(*tags), None)


def in_body(element: Any) -> bool:
    """Whether it is part of what the item itself says."""
    return any("body" in one.get("class", "").split() for one in element.iterancestors("div"))
