"""The lists of the site: their names, what people call them, and where they lie.

A name is the kind and the value, `field/安全生产`; that of everything is `all`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from channels.website.site import Site
from publisher.model import Item

ALL = "all"
KINDS = {
    "field": "公开领域",
    "stage": "五公开",
    "department": "发布机构",
    "topic": "主题",
    "year": "年份",
}
_WITH_FEEDS = frozenset({"field", "stage", "department", "topic"})
_UNSAFE = re.compile(r"[^\w-]+")
_LONGEST = 60  # bytes of UTF-8; a file name may have 255


@dataclass(frozen=True, slots=True)
class List:
    """One list. `folder` ends in a slash and is relative to the site."""

    name: str
    kind: str
    value: str

    @property
    def title(self) -> str:
        match self.kind:
            case "all":
                return "政府信息公开目录"
            case "stage":
                return f"{self.value}公开"
            case "year":
                return f"{self.value}年"
            case _:
                return self.value

    @property
    def folder(self) -> str:
        if self.kind == ALL:
            return "catalogue/"
        return f"{folder_of(self.kind)}{slug(self.value)}/"

    @property
    def home(self) -> str:
        """The address of its newest page, relative to the site."""
        return self.folder

    @property
    def has_feeds(self) -> bool:
        return self.kind == ALL or self.kind in _WITH_FEEDS

    def page(self, number: int | None) -> str:
        """The file of a page: of the newest where `number` is None."""
        return f"{self.folder}{number or 'index'}.html"

    def feed(self, ending: str) -> str:
        """The file of a feed, by the last part of its name: atom.xml, rss.xml, feed.json."""
        return ending if self.kind == ALL else self.folder + ending

    def archive(self, number: int) -> str:
        return f"{self.folder}archive-{number}.xml"


def folder_of(kind: str) -> str:
    """Where the lists of a kind lie."""
    return f"list/{kind}/"


def named(name: str) -> List:
    """The list of this name."""
    kind, _, value = name.partition("/")
    return List(name, kind, value)


EVERYTHING = named(ALL)


def names_of(item: Item, site: Site) -> tuple[str, ...]:
    """The lists that an item belongs to, that of everything first."""
    revision = item.revision
    year = site.local(item.published_at).year
    values = [("field", revision.field), ("stage", revision.five_open_stage)]
    values += [("department", revision.department)]
    values += [("topic", topic) for topic in revision.topics]
    values += [("year", str(year))]
    found = (_name(kind, value) for kind, value in values if value.strip())
    return tuple(dict.fromkeys((ALL, *found)))


def _name(kind: str, value: str) -> str:
    return f"{kind}/{' '.join(value.split())}"


def always(site: Site) -> Iterator[List]:
    """The lists that the configuration names: they are there before their first item."""
    yield EVERYTHING
    for field in site.house.fields:
        yield named(_name("field", field))
    for stage in site.house.stages:
        yield named(_name("stage", stage))


def slug(value: str) -> str:
    """A folder's name for a value: the value itself, unless it cannot be one.

    Then what is left of it with a mark of its own, so that no two values share a folder.
    """
    kept = _UNSAFE.sub("-", value).strip("-")
    cut = kept.encode()[:_LONGEST].decode(errors="ignore")
    if cut == value:
        return value
    mark = sha256(value.encode()).hexdigest()[:8]
    return f"{cut}-{mark}" if cut else mark
