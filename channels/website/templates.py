"""The site's templates: facts in, a page out. What every page has is added here."""

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from channels._notices import chinese_date
from channels._title import phrases, width_of
from channels.website.lists import EVERYTHING, List, always
from channels.website.places import FEED_STYLE, ICON, LISTS, SCRIPT, SEARCH, STYLE, SUBSCRIBE, up
from channels.website.site import Site
from publisher.channel import File

HTML = "text/html; charset=utf-8"
_OF_ALL = (EVERYTHING.home, LISTS.removesuffix("index.html"))
_NUMBER = re.compile(r"(〔[0-9]{4}〕[0-9-]+号)")
_SHORT = 7.5  # characters: what the narrowest phone shows of a title on a line, in large print


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """栏目: what the meta tags say of the column that a page belongs to (国办发〔2017〕47号)."""

    name: str
    type: str
    description: str
    keywords: str


class Templates:
    def __init__(self, site: Site) -> None:
        self.site = site
        self._menu = [one for one in always(site) if one.kind == "field"]
        self.folder = site.house.templates / "website"
        self._environment = Environment(
            loader=FileSystemLoader(self.folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._environment.filters |= {
            "chinese_date": chinese_date,
            "phrased": self._phrased,
            "whole": _whole,
        }
        self._environment.globals.update(
            site=site,
            options=site.options,
            everything=EVERYTHING,
            menu=self._menu,
            icon=ICON,
            subscribe=SUBSCRIBE,
            search=SEARCH,
        )

    def page(
        self,
        template: str,
        name: str,
        *,
        column: Column | None = None,
        feeds: List = EVERYTHING,
        root: str | None = None,
        **facts: object,
    ) -> File:
        """A page of the site. `feeds` is the list whose feeds it offers beside those of everything;
        `root` leads to the root of the site, where the way from the file's own place will not do.
        """
        root = up(name) if root is None else root
        place = name.removesuffix("index.html")
        text = self._environment.get_template(template).render(
            root=root,
            style=f"{root}{STYLE}?v={self._version(STYLE)}",
            script=f"{root}{SCRIPT}?v={self._version(SCRIPT)}",
            column=column or self.column(),
            feeds=feeds,
            place=place,
            section=self._section(place, feeds),
            url=self.site.url(place),
            **facts,
        )
        return File(name, HTML, text.encode())

    def column(self, name: str = "", kind: str = "", told: str = "") -> Column:
        """A column of this name and type; without them, the one that the city has set."""
        options = self.site.options
        title = name or options.column_name
        own = options.column_keywords or f"{options.column_name},{self.site.house.city}"
        return Column(
            name=title,
            type=kind or options.column_type,
            description=told or options.column_description or f"{self.site.name}{title}",
            keywords=f"{name},{own}" if name else own,
        )

    def asset(self, name: str) -> bytes:
        """A file that lies beside the templates and is put out as it is."""
        return self._assets[name]

    @cached_property
    def _assets(self) -> dict[str, bytes]:
        return {
            name: (self.folder / name).read_bytes() for name in (STYLE, SCRIPT, FEED_STYLE, ICON)
        }

    def _section(self, place: str, feeds: List) -> str:
        """The place of the entry of the main menu under which a page lies; "" if under none."""
        if feeds in self._menu:
            return feeds.home
        return next((one for one in _OF_ALL if place.startswith(one)), "")

    def _version(self, name: str) -> str:
        """Changes with the file, so that a browser's old copy is not used for a new page."""
        return sha256(self.asset(name)).hexdigest()[:8]

    def _phrased(self, title: str) -> Markup:
        """A title that a browser breaks where the sense allows; no phrase that fits is torn."""
        parts = phrases(title, (self.site.house.city,))
        return Markup("<wbr>").join(map(_phrase, parts))


def _phrase(text: str) -> Markup:
    if width_of(text) <= _SHORT:
        return Markup("<span>{}</span>").format(text)
    return Markup('<span class="long">{}</span>').format(_whole(text))


def _whole(text: str) -> Markup:
    """A text in which no line ends inside a document number."""
    return Markup().join(
        Markup('<span class="whole">{}</span>').format(part)
        if _NUMBER.fullmatch(part) and width_of(part) <= _SHORT
        else part
        for part in _NUMBER.split(text)
    )
