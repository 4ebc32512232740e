"""The page of one item; of a withdrawn one, what is left to say of it.

What a page says is read back from its h1 and its one element of class `body` (module standing).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from channels.website.body import body_html, without_attachments
from channels.website.cards import Entry, entry_of
from channels.website.history import is_withdrawn, told, validity
from channels.website.links import Link, Links
from channels.website.list_pages import column_of
from channels.website.lists import EVERYTHING, List, named, names_of
from channels.website.places import asset_url, page_name, up
from channels.website.site import excerpt
from channels.website.templates import Column, Templates
from publisher.channel import File, Near
from publisher.figures import size_of
from publisher.model import Asset, Item

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
_RELATIONS = ("政策解读", "回应关切", "解读的文件", "回应所涉的信息", "相关信息")
_EXPLAINS, _ANSWERS = "解读", "回应"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """An attachment as the page shows it."""

    title: str
    href: str
    media_type: str
    kind: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Partners:
    """Items that belong to this one, under one heading."""

    title: str
    links: tuple[Link, ...]


def item_page(item: Item, near: Near, templates: Templates) -> File:
    """Its page, with the way to what stands beside it. Raises PermanentError."""
    if is_withdrawn(item):
        return _statement(item, templates)
    revision, site = item.revision, templates.site
    name = page_name(item)
    root = up(name)
    links = Links(site, root)

    def href(asset: Asset) -> str:
        return links.way(asset_url(item, asset))

    listed = [named(one) for one in names_of(item, site)]
    field = next((one for one in listed if one.kind == "field"), EVERYTHING)
    return templates.page(
        "item.html.j2",
        name,
        column=_column(item, field, templates),
        feeds=field,
        item=item,
        revision=revision,
        field=links.to(field),
        lists={one.kind: links.to(one) for one in listed},
        topics=[links.to(one) for one in listed if one.kind == "topic"],
        published=site.local(item.published_at),
        told=told(item, site),
        validity=validity(item, site),
        description=excerpt(revision),
        keywords=_keywords(item),
        image=next((asset_url(item, one) for one in revision.images), ""),
        body=Markup(body_html(without_attachments(revision), href)),  # noqa: S704 - made from blocks, escaped there
        downloads=[_download(asset, href(asset)) for asset in revision.attachments],
        partners=_partners(item, near, links),
        older=links.to_card(near.older) if near.older else None,
        newer=links.to_card(near.newer) if near.newer else None,
    )


def _statement(item: Item, templates: Templates) -> File:
    return templates.page(
        "withdrawn.html.j2",
        page_name(item),
        title=item.revision.title,
        number=item.number,
        published=templates.site.local(item.published_at),
        told=told(item, templates.site),
    )


def _column(item: Item, field: List, templates: Templates) -> Column:
    """What explains a document or answers a concern belongs to a column of its own type."""
    for word, kind in ((_EXPLAINS, "政策解读"), (_ANSWERS, "回应关切")):
        if word in item.revision.kind:
            return column_of(field, templates, kind)
    return column_of(field, templates)


def _partners(item: Item, near: Near, links: Links) -> list[Partners]:
    """What explains it, what answers to it, what it explains, and the rest."""
    by_title: dict[str, list[Link]] = {title: [] for title in _RELATIONS}
    for card in near.partners:
        title = _relation(item, entry_of(card))
        by_title.setdefault(title, []).append(links.to_card(card))
    return [Partners(title=one, links=tuple(found)) for one, found in by_title.items() if found]


def _relation(item: Item, other: Entry) -> str:
    explained, answered, explains, answers, otherwise = _RELATIONS
    if _EXPLAINS in other.kind:
        return explained
    if _ANSWERS in other.kind:
        return answered
    if _EXPLAINS in item.revision.kind:
        return explains
    return answers if _ANSWERS in item.revision.kind else otherwise


def _download(asset: Asset, href: str) -> Download:
    return Download(
        title=asset.title,
        href=href,
        media_type=asset.media_type,
        kind=kind_of(asset),
        size=size_of(asset.size),
        sha256=asset.sha256,
    )


def kind_of(asset: Asset) -> str:
    """The word for the kind of file; the ending of its name where we have none."""
    ending = asset.name.rpartition(".")[2] if "." in asset.name else ""
    return _KINDS.get(asset.media_type.partition(";")[0], ending.upper() or "文件")


def _keywords(item: Item) -> str:
    revision = item.revision
    words: Sequence[str] = (
        revision.field,
        revision.five_open_stage,
        revision.kind,
        *revision.topics,
    )
    return ",".join(dict.fromkeys(word for word in words if word))
