"""Whether a page that was delivered still says what it should, whatever it looks like by now."""

from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

import requests
from lxml import etree, html

from channels.website.history import is_withdrawn
from channels.website.places import GONE_MARK, asset_name, page_name
from channels.website.site import Site
from channels.website.verify import fetch
from publisher.channel import File, TemporaryError
from publisher.model import Asset, Item, ReasonClass

_TELLING = 6
"""A line of fewer characters may stand on any page by chance."""
_GONE = "网页已经打不开（文件不在了），请核实原因后重新发送"


@dataclass(frozen=True)
class Said:
    """What a page says, without blanks, layout and what surrounds it."""

    title: str
    body: str
    all: str


def lost(item: Item, expected: File, site: Site, folder: Path) -> str:
    """Why the page and the files of an item no longer stand as `expected`; "" if they do.

    Costs one GET, or none where pages are not looked at over HTTP. Raises TemporaryError.
    """
    try:
        # An unmounted disk has lost no page.
        if not folder.is_dir():
            raise _unreadable()
        answer = _fetched(item, site) if site.options.verify_url else _read(item, folder)
        if isinstance(answer, str):
            return answer
        found, wanted = _said(answer), _said(expected.data)
        if is_withdrawn(item):
            return _still_shown(item, found, wanted) or _left_over(item, folder)
        return _altered(found, wanted) or _missing(item, folder)
    except OSError:
        raise _unreadable() from None


def _unreadable() -> TemporaryError:
    return TemporaryError(
        "网站文件夹暂时读不到，无法核对网页；请检查磁盘是否已挂载", kind=ReasonClass.INTERNAL
    )


def _fetched(item: Item, site: Site) -> bytes | str:
    """The page as the public sees it, or a sentence why there is none."""
    with requests.Session() as session:
        answer = fetch(site.url(page_name(item)), site, session)
    if answer is None:
        raise TemporaryError("从网站地址访问不到网页，暂时无法核对；请检查网站服务器和网络")
    code = answer.status_code
    if code >= requests.codes.server_error or code == requests.codes.too_many_requests:
        raise TemporaryError("网站服务器暂时出错，无法核对网页", raw=f"HTTP {code}")
    if code == requests.codes.ok or (code == requests.codes.gone and is_withdrawn(item)):
        return answer.content
    return f"网页已经打不开（网站返回 HTTP {code}），请核实原因后重新发送"


def _read(item: Item, folder: Path) -> bytes | str:
    try:
        return (folder / page_name(item)).read_bytes()
    except FileNotFoundError:
        return _GONE


def _said(page: bytes) -> Said:
    try:
        tree: Any = html.document_fromstring(page, html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:  # nothing at all, or no text
        return Said("", "", "")
    heads, bodies = tree.iter("h1"), tree.find_class("body")
    return Said(title="".join(map(_text, heads)), body="".join(map(_text, bodies)), all=_text(tree))


def _text(element: Any) -> str:
    return _squeezed(str(element.text_content()))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _altered(found: Said, wanted: Said) -> str:
    if found.title != wanted.title:
        return "网页上的标题与发布的不一致，可能被改动，请核实后重新发送"
    if found.body != wanted.body:
        return "网页上的正文与发布的不一致，可能被改动，请核实后重新发送"
    return ""


def _still_shown(item: Item, found: Said, wanted: Said) -> str:
    lines = map(_squeezed, item.revision.document.text.splitlines())
    old = [line for line in lines if len(line) >= _TELLING and line not in wanted.all]
    if any(line in found.all for line in old):
        return "本信息已撤回，但网页上仍能看到原文，请检查缓存和同步后重新发送"
    if (found.title, found.body) != (wanted.title, wanted.body):
        return "本信息已撤回，但网页上不是撤回说明，请核实后重新发送"
    return ""


def _missing(item: Item, folder: Path) -> str:
    revision, page = item.revision, page_name(item)
    for field, assets in (("attachments", revision.attachments), ("images", revision.images)):
        for asset in assets:
            path = folder / asset_name(page, asset, field)
            if not _is_there(path, asset):
                return f"附件或图片“{asset.title}”不在了或被改动，请核实后重新发送"
    return ""


def _is_there(path: Path, asset: Asset) -> bool:
    """Whether the file is what was approved, to the last byte."""
    if not path.is_file() or path.stat().st_size != asset.size:
        return False
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == asset.sha256


def _left_over(item: Item, folder: Path) -> str:
    own = folder / page_name(item).removesuffix(".html")
    if not (own / GONE_MARK).is_file():
        return "本信息已撤回，但网站文件夹中的撤回标记不在了，请核实后重新发送"
    if own.is_dir() and any(one.name != GONE_MARK for one in own.iterdir()):
        return "本信息已撤回，但网站文件夹中仍有它的附件或图片，请核实后重新发送"
    return ""
