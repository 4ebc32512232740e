"""What the three formats have in common: addresses, moments, HTML that travels."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

VOID = frozenset({"br", "hr", "img", "col", "wbr"})
_DANGEROUS = frozenset({"script", "style", "iframe", "object", "embed", "form", "base", "link"})
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w-]+)*")


def moment(text: str | None) -> datetime | None:
    """A time as RFC 3339 has it, with its offset; None if it is none."""
    if not text or not _RFC_3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # 30 February
        return None


def mail_moment(text: str | None) -> datetime | None:
    """A time as RFC 5322 has it: English names, the right weekday, an offset; None if not so."""
    try:
        found = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return found if found.tzinfo and format_datetime(found) == text else None


def is_address(text: str | None) -> bool:
    """Whether it is an absolute web address that every client can ask for: ASCII, no blanks."""
    if not text or not text.isascii() or re.search(r"[\s<>\"{}|\\^`]", text):
        return False
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def is_media_type(text: str | None) -> bool:
    return bool(text and _TYPE.fullmatch(text))


def twice(what: str, values: Iterable[str]) -> list[str]:
    """A breach for each value that stands there more than once."""
    return [f"{what} {value} stands {n} times" for value, n in Counter(values).items() if n > 1]


def parsed(data: bytes) -> Any:
    """The tree of a feed; a parser that forgives nothing and fetches nothing."""
    strict = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
    return etree.fromstring(data, strict)


def html_breaches(text: str) -> list[str]:
    """What is wrong with HTML that readers show on their own pages."""
    reading = _Reading()
    reading.feed(text)
    reading.close()
    left = [f"<{name}> is never closed" for name in reading.open]
    return [*reading.found, *left]


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if tag in _DANGEROUS:
            self.found.append(f"<{tag}> in the content")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"{name}= on <{tag}>")
            if name in {"href", "src"} and not _leads_somewhere(value):
                self.found.append(f"{name}={value!r} of <{tag}> is no full address")
        if tag == "img" and not any(name == "alt" for name, _ in attrs):
            self.found.append("a picture without alt")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.found.append(f"</{tag}> closes nothing that is open")
        else:
            self.open.pop()


def _leads_somewhere(value: str | None) -> bool:
    return is_address(value) or bool(value and value.startswith(("mailto:", "tel:")))
