"""The pages: one for each item, and the home page. Facts are gathered here, words in templates.

What a page says is read back from its h1 and its one element of class `body` (module standing).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from channels._notices import chinese_date
from channels._title import phrases
from channels.website.body import body_html
from channels.website.history import is_withdrawn, mark, told, validity
from channels.website.places import (
    ATOM,
    FEED_STYLE,
    HOME,
    ROBOTS,
    RSS,
    STYLE,
    asset_url,
    page_name,
    up,
)
from channels.website.site import Site, excerpt
from publisher.channel import File
from publisher.model import Asset, Item

_HTML = "text/html; charset=utf-8"
_CSS = "text/css; charset=utf-8"
_KINDS = {
    "application/pdf": "PDF",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.ms-powerpoint": "PPT",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPT",
    "application/ofd": "OFD",
    "application/zip": "ZIP",
    "image/jpeg": "图片",
    "image/png": "图片",
    "text/plain": "文本",
    "text/csv": "CSV",
}


@dataclass(frozen=True)
class Download:
    """An attachment as the page shows it."""

    title: str
    href: str
    media_type: str
    kind: str
    size: str


@dataclass(frozen=True)
class Entry:
    """A line of a list of items."""

    title: str
    href: str
    field: str
    stage: str
    department: str
    day: date
    mark: str


@dataclass(frozen=True)
class Month:
    name: str
    entries: tuple[Entry, ...]


class Pages:
    """Renders pages from the site's templates."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._folder = site.house.templates / "website"
        self._environment = Environment(
            loader=FileSystemLoader(self._folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._environment.filters |= {"chinese_date": chinese_date, "phrased": self._phrased}
        self._environment.globals.update(site=site, options=site.options, atom=ATOM, rss=RSS)

    def page(self, item: Item) -> File:
        """The page of one item; of a withdrawn one, what is left to say of it."""
        return self._stub(item) if is_withdrawn(item) else self._full(item)

    def _full(self, item: Item) -> File:
        revision = item.revision
        name = page_name(item, self._site)
        root = up(name)

        def href(asset: Asset) -> str:
            return root + self._relative(asset_url(item, asset))

        return self._html(
            "page.html.j2",
            name,
            item=item,
            revision=revision,
            url=item.url,
            published=self._site.local(item.published_at),
            told=told(item, self._site),
            validity=validity(item, self._site),
            description=excerpt(revision),
            keywords=_keywords(item),
            body=Markup(body_html(revision, href)),  # noqa: S704 - made from blocks, escaped there
            downloads=[
                Download(
                    title=asset.title,
                    href=href(asset),
                    media_type=asset.media_type,
                    kind=kind_of(asset),
                    size=size_of(asset.size),
                )
                for asset in revision.attachments
            ],
        )

    def _stub(self, item: Item) -> File:
        return self._html(
            "withdrawn.html.j2",
            page_name(item, self._site),
            title=item.revision.title,
            number=item.number,
            url=item.url,
            told=told(item, self._site),
        )

    def home(self, items: Sequence[Item]) -> File:
        """The home page with these items, in this order."""
        entries = [self._entry(item) for item in items]
        months = [
            Month(f"{year}年{month}月", tuple(group))
            for (year, month), group in groupby(entries, lambda entry: _month(entry.day))
        ]
        return self._html(
            "home.html.j2", HOME, months=months, count=len(entries), url=self._site.url("")
        )

    @cached_property
    def fixed(self) -> tuple[File, ...]:
        """What no item changes: style sheets, and leave for search engines to read all."""
        return (
            File(STYLE, _CSS, self._style),
            File(FEED_STYLE, _CSS, (self._folder / FEED_STYLE).read_bytes()),
            File(ROBOTS, "text/plain; charset=utf-8", b"User-agent: *\nAllow: /\n"),
        )

    @cached_property
    def _style(self) -> bytes:
        return (self._folder / STYLE).read_bytes()

    def _html(self, template: str, name: str, **facts: object) -> File:
        root = up(name)
        # The query changes with the style, so that a browser's old copy is not used for a new page.
        style = f"{root}{STYLE}?v={sha256(self._style).hexdigest()[:8]}"
        text = self._environment.get_template(template).render(root=root, style=style, **facts)
        return File(name, _HTML, text.encode())

    def _phrased(self, title: str) -> Markup:
        """A title that a browser breaks where the sense allows."""
        return Markup("<wbr>").join(phrases(title, (self._site.house.city,)))

    def _entry(self, item: Item) -> Entry:
        return Entry(
            title=item.revision.title,
            href=self._relative(item.url),
            field=item.revision.field,
            stage=item.revision.five_open_stage,
            department=item.revision.department,
            day=self._site.local(item.published_at).date(),
            mark=mark(item, self._site),
        )

    def _relative(self, url: str) -> str:
        """The way to an address from the root of the site; as it is when it lies elsewhere."""
        return url.removeprefix(self._site.house.site_url + "/")


def size_of(size: int) -> str:
    """A file's size as a reader wants it: 812 字节, 34 KB, 1.2 MB."""
    if size < 1024:
        return f"{size} 字节"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def kind_of(asset: Asset) -> str:
    """The word for the kind of file; the ending of its name where we have none."""
    ending = asset.name.rpartition(".")[2] if "." in asset.name else ""
    return _KINDS.get(asset.media_type.partition(";")[0], ending.upper() or "文件")


def _keywords(item: Item) -> str:
    revision = item.revision
    words = (revision.field, revision.five_open_stage, revision.kind, *revision.topics)
    return ",".join(dict.fromkeys(word for word in words if word))


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
