"""The home page, the pages of the lists, and the page that names all lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from channels.website.cards import Entry, entry_of
from channels.website.links import Link, Links
from channels.website.lists import ALL, EVERYTHING, KINDS, List, always, named
from channels.website.places import HOME, LISTS, up
from channels.website.site import Site
from channels.website.templates import Column, Templates
from publisher.channel import Card, File, ListPage, Shelf

NEWEST = 8
"""How many of everything the home page names."""
OF_EACH = 5
"""How many of each field and stage."""
MOST_TOPICS = 300
"""How many topics the page of all lists names: anybody who writes an item may make a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item in a list, with the way to it from the page."""

    entry: Entry
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the home page shows of a list."""

    list: List
    home: Link
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lists of one kind."""

    title: str
    links: tuple[Link, ...]


def fronts(site: Site) -> dict[str, int]:
    """The lists that the home page shows, and how much of each."""
    return {one.name: NEWEST if one.kind == ALL else OF_EACH for one in always(site)}


def home(shelf: Shelf, templates: Templates) -> File:
    links = Links(templates.site, "")
    shown = [
        Front(
            list=one,
            home=links.to(one),
            lines=_lines(shelf.fronts.get(one.name, ()), links),
        )
        for one in always(templates.site)
    ]
    return templates.page(
        "home.html.j2",
        HOME,
        column=templates.column("首页", "首页"),
        newest=shown[0],
        by_field=[one for one in shown if one.list.kind == "field" and one.lines],
        by_stage=[one for one in shown if one.list.kind == "stage" and one.lines],
    )


def list_page(page: ListPage, shelf: Shelf, templates: Templates) -> File:
    """A page of a list: newest first; what was withdrawn or has left the list is not on it."""
    listed, site = named(page.list), templates.site
    name = listed.page(page.number)
    links = Links(site, up(name))
    standing = [card for card in page.cards if card.listed and page.list in card.lists]
    lines = _lines(standing, links)
    template = "catalogue.html.j2" if listed.kind == ALL else "list.html.j2"
    return templates.page(
        template,
        name,
        column=column_of(listed, templates),
        feeds=listed if listed.has_feeds else EVERYTHING,
        listed=listed,
        kind=KINDS.get(listed.kind, ""),
        home=links.to(listed),
        number=page.number,
        lines=lines,
        months=_months(lines),
        older=_older(page, listed, links),
        newer=_newer(page, listed, links),
        years=_years(page, shelf, links),
    )


def _years(page: ListPage, shelf: Shelf, links: Links) -> list[Link]:
    """On the newest page alone: a new year must not change those that are sealed."""
    years = [] if page.number else [one for one in map(named, shelf.lists) if one.kind == "year"]
    return [links.to(one) for one in sorted(years, key=lambda one: one.value, reverse=True)]


def lists_page(shelf: Shelf, templates: Templates) -> File:
    """All lists of the site, by kind."""
    links = Links(templates.site, up(LISTS))
    by_kind = {kind: _of_kind(kind, shelf, templates.site) for kind in KINDS}
    topics = by_kind["topic"]
    by_kind["topic"] = topics[-MOST_TOPICS:]
    for kind in ("department", "topic", "year"):
        by_kind[kind].sort(key=lambda one: one.value, reverse=kind == "year")
    groups = [
        Group(title=title, links=tuple(links.to(one) for one in by_kind[kind]))
        for kind, title in KINDS.items()
    ]
    return templates.page(
        "lists.html.j2",
        LISTS,
        column=templates.column("分类导航", ""),
        groups=[group for group in groups if group.links],
        most_topics=MOST_TOPICS if len(topics) > MOST_TOPICS else 0,
    )


def _of_kind(kind: str, shelf: Shelf, site: Site) -> list[List]:
    """The lists of a kind: those always there as configured, then the others in their order, if
    they have something to show.
    """
    found = dict.fromkeys(one.name for one in always(site))
    found |= dict.fromkeys(name for name in shelf.lists if name not in shelf.bare)
    return [one for one in map(named, found) if one.kind == kind]


def column_of(listed: List, templates: Templates, kind: str = "") -> Column:
    """The column that a list is; `kind`: its type, where that is not the one of the site."""
    if listed.kind == ALL:
        return templates.column(kind=kind)
    told = f"{templates.site.name}{listed.title}信息"
    return templates.column(listed.title, kind, told)


def _lines(cards: Iterable[Card], links: Links) -> tuple[Line, ...]:
    """Newest first: what came into the list by a correction has a late place and an old date."""
    entries = sorted(map(entry_of, cards), key=lambda one: (one.published, one.url), reverse=True)
    return tuple(Line(entry=entry, href=links.way(entry.url)) for entry in entries)


def _months(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    def month(line: Line) -> str:
        return f"{line.entry.day.year}年{line.entry.day.month}月"

    return [(name, list(group)) for name, group in groupby(lines, month)]


def _older(page: ListPage, listed: List, links: Links) -> str:
    """The way to the next older page; "" on the last."""
    if page.number is None:  # it shows the last sealed page itself
        return links.to_page(listed, page.sealed - 1) if page.sealed > 1 else ""
    return links.to_page(listed, page.number - 1) if page.number > 1 else ""


def _newer(page: ListPage, listed: List, links: Links) -> str:
    if page.number is None:
        return ""
    if page.number < page.sealed:
        return links.to_page(listed, page.number + 1)
    return links.to(listed).href


def feeds_on_offer(shelf: Shelf, site: Site) -> Iterable[tuple[str, list[List]]]:
    """The lists that have feeds, by the title of their kind."""
    for kind, title in ((ALL, "全部信息"), *KINDS.items()):
        if kind == "topic":
            continue  # there may be thousands: each offers its own feeds on its page
        if mine := [one for one in _of_kind(kind, shelf, site) if one.has_feeds]:
            yield title, mine
