"""One item -> one article: the fields WeChat asks for, each within its limit."""

import re
from dataclasses import dataclass
from typing import Any

from channels._cover import COVER_SIZE, cover_png
from channels.wechat.body import LIMIT, PICTURES, TITLE, Writer, missing, shown_pictures
from channels.wechat.images import RATIO_WIDE, Picture, prepare
from publisher.channel import PermanentError
from publisher.content import Paragraph, text_of
from publisher.model import Asset, Item, Revision, Trace

AUTHOR = 16
DIGEST = 120
SOURCE_BYTES = 1024

_STOPS = ("。", "！", "？", "；")
_BETWEEN = re.compile(r"(?<=[。！？；])|\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""JSON writes these as \\uXXXX, which WeChat refuses; no reader misses them."""


@dataclass(frozen=True, slots=True)
class Made:
    """An article with the pictures it needs, by the names they have in the rendition."""

    payload: dict[str, Any]
    cover: tuple[str, Picture]
    pictures: tuple[tuple[str, Picture], ...]
    notes: tuple[str, ...]


def make(item: Item, serial: int, writer: Writer, author: str, *, comments: bool) -> Made:
    """`serial` counts the articles of one draft from 1 and goes into the names of pictures."""
    revision = item.revision
    pictures, names = {}, {}
    for number, name in enumerate(shown_pictures(item), 1):
        picture = prepare(_image(revision, name))
        names[name] = f"image-{serial}-{number}.{picture.suffix}"
        pictures[names[name]] = picture
    _refuse_missing_attachments(item)
    content = writer.content(item, names)
    cover = _cover(item, writer)
    cover_name = f"cover-{serial}.{cover.suffix}"
    payload: dict[str, Any] = {
        "article_type": "news",
        "title": title_of(revision),
        "author": author or _byline(revision, writer),
        "digest": _digest(revision),
        "content": _plain(content.html),
        "content_source_url": _source(item),
        "cover": cover_name,
        "need_open_comment": int(comments),
        "only_fans_can_comment": 0,
        "pic_crop_235_1": cover.crop(RATIO_WIDE),
        "pic_crop_1_1": cover.crop(1.0),
    }
    used = tuple((name, one) for name, one in pictures.items() if name in content.html)
    notes = (
        *_changes(revision, payload, content.kept, content.notes),
        *(one.note for _, one in used if one.note),
    )
    return Made(payload, (cover_name, cover), used, notes)


def title_of(revision: Revision) -> str:
    """The official title, or the short title the staff gave; never one cut by machine."""
    if len(revision.title) <= TITLE:
        return _plain(revision.title)
    if 0 < len(revision.short_title) <= TITLE:
        return _plain(revision.short_title)
    short = (
        f"短标题 {len(revision.short_title)} 字也超过上限"
        if revision.short_title
        else "还没有填写短标题"
    )
    raise PermanentError(
        f"标题 {len(revision.title)} 字，超过微信 {TITLE} 字上限，{short}。"
        f"请填写不超过 {TITLE} 字的短标题（short_title）。",
        field="short_title",
    )


def title_borne(trace: Trace, item: Item) -> str:
    """The title that an earlier article bears in WeChat, as far as it is known."""
    first = trace if trace.title else item.revision
    long, short = len(first.title) > TITLE, first.short_title
    return _plain(short if long and short else first.title)


def _byline(revision: Revision, writer: Writer) -> str:
    """The department signs if WeChat has room for its name, else the city."""
    fits = len(revision.department) <= AUTHOR
    return _plain(revision.department if fits else writer.house.city)


def _digest(revision: Revision) -> str:
    """The summary, else the first sentences of the body; an address or heading is no sentence."""
    if len(revision.summary) <= DIGEST and revision.summary:
        return _plain(revision.summary)
    paragraphs = (b for b in revision.document.blocks if isinstance(b, Paragraph))
    text = revision.summary or "\n".join(text_of(paragraph.text) for paragraph in paragraphs)
    return _sentences(_plain(text)) or _beginning(_plain(revision.summary or revision.title))


def _sentences(text: str) -> str:
    """As many whole sentences as fit."""
    taken = ""
    sentences = (part.strip() for part in _BETWEEN.split(text))
    for sentence in filter(lambda part: part.endswith(_STOPS), sentences):
        if len(taken) + len(sentence) > DIGEST:
            break
        taken += sentence
    return taken


def _beginning(text: str) -> str:
    if len(text) <= DIGEST:
        return text
    return f"{text[: DIGEST - 2].rstrip('，、；： ')}……"


def _source(item: Item) -> str:
    if not item.url.startswith(("http://", "https://")) or len(item.url.encode()) > SOURCE_BYTES:
        raise PermanentError(
            "网页地址（url）须以 http:// 或 https:// 开头且不超过 1 KB，"
            "否则微信的“阅读原文”打不开。请查看网站地址设置。",
            field="url",
        )
    return item.url


def _cover(item: Item, writer: Writer) -> Picture:
    """The picture called cover if the staff gave one, else one drawn from the title."""
    for asset in item.revision.images:
        if asset.name.rpartition(".")[0].lower() == "cover":
            return prepare(asset)
    return Picture(cover_png(item, writer.house), "png", *COVER_SIZE)  # ours: nothing to strip


def _image(revision: Revision, name: str) -> Asset:
    for asset in revision.images:
        if asset.name == name and asset.data:
            return asset
    raise PermanentError(
        f"正文引用的图片“{name}”没有上传，请补传该图片（images），或从正文中删去。", field="images"
    )


def _refuse_missing_attachments(item: Item) -> None:
    for name in missing(item):
        raise PermanentError(
            f"正文引用的附件“{name}”没有上传，请补传该附件（attachments），或从正文中删去。",
            field="attachments",
        )


def _changes(revision: Revision, payload: dict[str, Any], kept: int, links: int) -> tuple[str, ...]:
    title, blocks = payload["title"], len(revision.document.blocks)
    too_much = f"正文含排版代码超过 {LIMIT} 字符，或图片超过 {PICTURES} 张"
    told = (
        (title != revision.title, f"标题超过微信 {TITLE} 字上限，已用短标题“{title}”"),
        (kept < blocks, f"{too_much}，微信只发前 {kept} 段（共 {blocks} 段）"),
        (
            bool(revision.summary) and payload["digest"] != revision.summary,
            f"摘要超过微信 {DIGEST} 字上限，已用其中 {len(payload['digest'])} 字",
        ),
        (links > 0, f"{links} 个外部链接在微信中不能点开，已改为文末注明网址"),
        (bool(revision.attachments), "附件在微信中不能下载，已注明到网站查看"),
    )
    return tuple(text for true, text in told if true)


def _plain(text: str) -> str:
    return _CONTROL.sub("", text)
