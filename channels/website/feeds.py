"""What the subscription feeds hold, whatever their format: entries, and where a feed stands.

Readers keep what they once took. So a withdrawn item is not left out: a stub with the same id
overwrites it. And who reads by mail never gets an entry twice: a correction or withdrawal comes as
an entry of its own besides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from channels.website.cards import Enclosure, Entry, entry_of
from channels.website.history import CORRECTED, WITHDRAWN, Told
from channels.website.lists import ALL, List
from channels.website.places import ATOM, JSON, RSS
from channels.website.site import Site
from publisher.channel import ListPage

LANGUAGE = "zh-CN"
ATOM_TYPE = "application/atom+xml"
RSS_TYPE = "application/rss+xml"
JSON_TYPE = "application/feed+json"
FORMATS = ((RSS, RSS_TYPE, "RSS"), (ATOM, ATOM_TYPE, "Atom"), (JSON, JSON_TYPE, "JSON Feed"))
"""Each by the last part of its file's name, its media type and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry. `deleted`: what it was is withdrawn, and this says so."""

    id: str
    url: str
    title: str
    summary: str
    content: str
    published: datetime
    updated: datetime
    changed: bool = False
    deleted: bool = False
    author: str = ""
    terms: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed document: the newest of a list, or with `archive` one of its sealed pages."""

    list: List
    title: str
    subtitle: str
    entries: tuple[FeedEntry, ...]
    updated: datetime
    archive: int | None
    previous: int | None
    """The sealed page that goes on from here into the past."""


def feed_of(page: ListPage, listed: List, site: Site, since: datetime) -> Feed:
    """The feed of a page of a list. `since`: its time, as long as it is empty."""
    entries = [as_entry(entry_of(card)) for card in page.cards]
    if page.number is None:
        changed = [entry_of(card) for card in page.changed]
        entries = [*map(as_entry, changed), *entries, *_told(changed)]
    ordered = sorted(_once(entries), key=lambda one: (one.updated, one.id), reverse=True)
    before = page.sealed if page.number is None else page.number - 1
    title = site.feed_title if listed.kind == ALL else f"{site.name}·{listed.title}"
    return Feed(
        list=listed,
        title=title if page.number is None else f"{title}（往期第{page.number}页）",
        subtitle=site.feed_subtitle,
        entries=tuple(ordered),
        updated=max((one.updated for one in ordered), default=since),
        archive=page.number,
        previous=before or None,
    )


def as_entry(entry: Entry) -> FeedEntry:
    """An item as a feed shows it."""
    title = f"［{entry.mark}］{entry.title}" if entry.mark else entry.title
    said = entry.told[0].sentence if entry.told else ""
    if entry.withdrawn:
        return FeedEntry(
            id=entry.url,
            url=entry.url,
            title=title,
            summary=said,
            content=f"{_strong(said)}<p>索引号：{escape(entry.number)}</p>",
            published=entry.published,
            updated=entry.changed,
            changed=True,
            deleted=True,
        )
    terms = dict.fromkeys((entry.field, entry.stage, *entry.topics))
    return FeedEntry(
        id=entry.url,
        url=entry.url,
        title=title,
        summary=said + entry.summary,
        content=(_strong(said) if said else "") + entry.content,
        published=entry.published,
        updated=entry.changed,
        changed=entry.changed != entry.published,
        author=entry.department,
        terms=tuple(term for term in terms if term),
        enclosures=entry.enclosures,
    )


def _told(entries: Iterable[Entry]) -> list[FeedEntry]:
    """The corrections and withdrawals themselves, each as news."""
    return [
        _notice(entry, told)
        for entry in entries
        for told in entry.told
        if told.word in (CORRECTED, WITHDRAWN)
    ]


def _notice(entry: Entry, told: Told) -> FeedEntry:
    address, over = f"{entry.url}#{told.anchor}", entry.withdrawn and told != entry.told[0]
    link = f'<a href="{escape(address)}">{escape(entry.title)}</a>'
    return FeedEntry(
        id=address,
        url=address,
        title=f"{'［已撤回］' if over else ''}{told.word}公告：{entry.title}",
        summary=told.sentence,
        content=f"{_strong(told.sentence)}<p>原信息：{link}（索引号：{escape(entry.number)}）</p>",
        published=told.at,
        updated=entry.changed if over else told.at,
        changed=over,
        deleted=over,
        author=entry.department,
    )


def _strong(sentence: str) -> str:
    return f"<p><strong>{escape(sentence)}</strong></p>\n"


def _once(entries: Sequence[FeedEntry]) -> list[FeedEntry]:
    return list({one.id: one for one in entries}.values())
