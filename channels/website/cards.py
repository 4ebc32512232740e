"""The card of an item: all that lists, feeds and links say of it."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from functools import lru_cache
from html import escape

from channels.website.body import body_html
from channels.website.history import Told, is_withdrawn, mark, told
from channels.website.lists import names_of
from channels.website.places import asset_url
from channels.website.site import Site, excerpt
from publisher.channel import Card
from publisher.model import Action, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """An attachment as a feed names it."""

    title: str
    type: str
    size: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as lists and feeds show it. Of a withdrawn one nothing but title, number, reason."""

    url: str
    number: str
    title: str
    published: datetime
    changed: datetime
    withdrawn: bool
    mark: str
    told: tuple[Told, ...]  # newest first
    department: str = ""
    doc_number: str = ""
    field: str = ""
    stage: str = ""
    kind: str = ""
    topics: tuple[str, ...] = ()
    formed_on: date | None = None
    summary: str = ""
    content: str = ""
    enclosures: tuple[Enclosure, ...] = ()

    @property
    def day(self) -> date:
        return self.published.date()


_KNOWN = frozenset(field.name for field in fields(Entry))
"""What an older version put on a card besides is passed over until a rebuild."""
_NEWS = (Action.CORRECT, Action.WITHDRAW)
_LONGEST_CONTENT = 50_000


def card_of(item: Item, site: Site) -> Card:
    """The item's card. Raises PermanentError."""
    entry = _entry(item, site)
    return Card(
        item_id=item.id,
        lists=names_of(item, site),
        related=() if entry.withdrawn else item.revision.related,
        listed=not entry.withdrawn,
        url=item.url,
        changed_at=item.changed_at,
        news_at=next((one.at for one in reversed(item.notices) if one.action in _NEWS), None),
        data=json.dumps(asdict(entry), ensure_ascii=False, default=_plain, sort_keys=True),
    )


@lru_cache(maxsize=512)
def entry_of(card: Card) -> Entry:
    """What a card says; read once for the page and the feeds of a list, and for several lists."""
    said = {name: value for name, value in json.loads(card.data).items() if name in _KNOWN}
    for moment in ("published", "changed"):
        said[moment] = datetime.fromisoformat(said[moment])
    said["formed_on"] = date.fromisoformat(said["formed_on"]) if said["formed_on"] else None
    said["topics"] = tuple(said["topics"])
    said["enclosures"] = tuple(Enclosure(**one) for one in said["enclosures"])
    said["told"] = tuple(
        Told(**(one | {"at": datetime.fromisoformat(one["at"])})) for one in said["told"]
    )
    return Entry(**said)


def _entry(item: Item, site: Site) -> Entry:
    revision, withdrawn = item.revision, is_withdrawn(item)
    entry = Entry(
        url=item.url,
        number=item.number,
        title=revision.title,
        published=site.local(item.published_at),
        changed=site.local(item.changed_at),
        withdrawn=withdrawn,
        mark=mark(item, site),
        told=tuple(told(item, site)),
    )
    if withdrawn:
        return entry
    return replace(
        entry,
        department=revision.department,
        doc_number=revision.doc_number,
        field=revision.field,
        stage=revision.five_open_stage,
        kind=revision.kind,
        topics=revision.topics,
        formed_on=revision.formed_on,
        summary=excerpt(revision),
        content=_content(item),
        enclosures=tuple(
            Enclosure(title=one.title, type=one.media_type, size=one.size, url=asset_url(item, one))
            for one in revision.attachments
        ),
    )


def _content(item: Item) -> str:
    """The body, or where a feed full of such bodies could not be carried, the way to it."""
    content = body_html(item.revision, lambda asset: asset_url(item, asset))
    if len(content) <= _LONGEST_CONTENT:
        return content
    way = f'<a href="{escape(item.url)}">全文见网页</a>'
    return f"<p>{escape(excerpt(item.revision))}</p>\n<p>{way}</p>"


def _plain(value: object) -> str:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    raise TypeError(type(value).__name__)
