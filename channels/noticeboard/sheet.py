"""One item as the data of its notice: pure, everything the template prints is decided here."""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import segno

from channels._notices import chinese_date, sentence
from channels._title import break_title, width_of
from channels.noticeboard.blocks import add_attachments, body_data
from channels.noticeboard.inline import links
from channels.noticeboard.picture import as_svg
from publisher.channel import House, PermanentError
from publisher.content import (
    AttachmentBlock,
    Block,
    Document,
    Heading,
    ImageBlock,
    Inline,
    ListBlock,
    Paragraph,
    Table,
)
from publisher.model import Action, Item, PostingPeriod, Revision

_TITLE_SIZES = ((22.0, 32.0, 6), (20.0, 29.0, 6), (18.0, 26.0, 7), (16.0, 24.0, 40))
"""Size and pitch in pt, and how many lines of it a title may have: 2号, then smaller."""
_TYPE_AREA = 442.2  # pt


def sheet(item: Item, house: House, place: str, contact: str) -> dict[str, Any]:
    """The data of the notice. `place` and `contact` stand in for what the item leaves open."""
    revision = item.revision
    published = item.published_at.astimezone(house.timezone).date()
    body = body_data(
        revision.document.blocks, revision.department, chinese_date(revision.formed_on)
    )
    add_attachments(body, _unlisted(revision))
    _name_pictures(body, revision)
    return {
        "title": _title(revision, house.city),
        "department": revision.department,
        "doc_number": revision.doc_number,
        "body": body,
        "why": _corrections(item, house),
        "posting": _posting(revision.posting),
        "place": place_of(revision, place),
        "contact": _contact(revision, contact or house.contact),
        "published": chinese_date(published),
        "url": item.url,
        "qr": _qr(item.url),
        "number": item.number,
        "hash": revision.content_hash[:16],
    }


def pictures(revision: Revision) -> Mapping[str, bytes]:
    """The files of the pictures, by the names the template opens them with."""
    shown = {block.name for block in revision.document.blocks if isinstance(block, ImageBlock)}
    return {
        _file_name(at): as_svg(asset)
        for at, asset in enumerate(revision.images)
        if asset.name in shown
    }


def notes(revision: Revision) -> tuple[str, ...]:
    """What paper cannot carry."""
    count = sum(1 for inline in _inlines(revision.document.blocks) for _ in links(inline))
    if not count:
        return ()
    return (f"正文中 {count} 处链接在纸面上只印文字，读者可扫描二维码到网页点开",)


def place_of(revision: Revision, otherwise: str) -> str:
    """Where the sheet hangs; "" where nobody has said."""
    return (revision.posting.place if revision.posting else "") or otherwise


def _corrections(item: Item, house: House) -> list[str]:
    """What was corrected, newest first: a sheet is printed only for what stands again or still."""
    notices = [one for one in reversed(item.notices) if one.action is Action.CORRECT]
    return [sentence(one, item.revision, house.timezone) for one in notices]


def _title(revision: Revision, city: str) -> dict[str, Any]:
    known = (revision.department, revision.doc_number, city)
    for size, pitch, most in _TITLE_SIZES:
        lines = break_title(revision.title, _TYPE_AREA / size, known, most)
        if lines and all(width_of(line) * size <= _TYPE_AREA for line in lines):
            return {"lines": list(lines), "size": size, "pitch": pitch}
    raise PermanentError(
        "字段 title 中有过长的连续字符，标题无法分行，请缩短标题或在词间加空格", field="title"
    )


def _posting(period: PostingPeriod | None) -> dict[str, str] | None:
    if period is None:
        return None
    return {
        "first": chinese_date(period.first),
        "last": chinese_date(period.last),
        "removed": chinese_date(period.last + timedelta(days=1)),
    }


def _contact(revision: Revision, otherwise: str) -> str:
    posting = revision.posting.contact if revision.posting else ""
    contact = (posting or revision.contact or otherwise).strip()
    if not contact:
        raise PermanentError(
            "字段 contact 为空，张贴件必须写明联系方式：请在信息条目中填写，或在渠道配置中设默认值",
            field="contact",
        )
    return contact


def _unlisted(revision: Revision) -> Sequence[str]:
    """Attachments that the text itself does not name."""
    blocks = revision.document.blocks
    links = [block for block in blocks if isinstance(block, AttachmentBlock)]
    text = Document(tuple(block for block in blocks if block not in links)).text
    titles = dict.fromkeys(
        [*(link.title for link in links), *(asset.title for asset in revision.attachments)]
    )
    return [title for title in titles if title not in text]


def _name_pictures(body: list[dict[str, Any]], revision: Revision) -> None:
    """Put the file's name into each picture's block (in place); refuse what cannot be shown."""
    places = {asset.name: at for at, asset in enumerate(revision.images)}
    for block in body:
        if block["t"] != "image":
            continue
        name = block["name"]
        if name not in places or not revision.images[places[name]].data:
            raise PermanentError(f"字段 images 中缺少正文用到的图片“{name}”", field="images")
        asset = revision.images[places[name]]
        block["alt"] = block["alt"] or asset.title
        if not block["alt"].strip():
            raise PermanentError(f"图片“{name}”没有替代文字，请在正文中写明图意", field="body")
        block["file"] = _file_name(places[name])


def _file_name(at: int) -> str:
    return f"picture-{at}.svg"


def _qr(url: str) -> str:
    """As SVG; level Q stays readable when a quarter is dirty or torn."""
    drawing = io.BytesIO()
    segno.make_qr(url, error="q").save(drawing, kind="svg", border=0, xmldecl=False, omitsize=True)
    return drawing.getvalue().decode()


def _inlines(blocks: Sequence[Block]) -> Iterator[Inline]:
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case ListBlock():
                for item in block.items:
                    yield item.text
                    yield from _inlines(item.children)
            case Table():
                yield from (cell.text for row in block.rows for cell in row)
            case _:
                continue
