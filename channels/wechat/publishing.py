"""Send: pictures, covers, draft, reading back, submit. Only the submit cannot be taken back.

Everything before it may be repeated with the same key without leaving more behind than unused
pictures: covers carry the key in their file name, so an earlier try's cover and draft are found
and used again.
"""

import json
import re
from html import unescape
from typing import Any

from channels.wechat.client import PAGE, Upload, WeChat
from publisher.channel import File, PermanentError, Receipt, Rendition
from publisher.model import ReasonClass, Status

ARTICLES = "articles.json"
DRAFT_PAGES = 2

_IMG = re.compile(r"<img\b", re.IGNORECASE)


def publish(client: WeChat, rendition: Rendition, key: str) -> Receipt:
    publish_id = client.submit(draft_of(client, rendition, key))
    return Receipt(Status.ACCEPTED, reference=publish_id, raw=f"publish_id={publish_id}")


def draft_of(client: WeChat, rendition: Rendition, key: str) -> str:
    """Media id of a draft that holds the rendition's articles, read back: nobody sees it yet."""
    articles = json.loads(rendition.file(ARTICLES).data)["articles"]
    covers, fresh = _covers(client, rendition, articles, key)
    draft = "" if fresh else _earlier_draft(client, covers)
    if not draft:
        draft = client.add_draft(_with_addresses(client, rendition, articles, covers))
    _compare(client, draft, articles)
    return draft


def cover_stem(key: str, serial: int) -> str:
    """What a cover is called in WeChat's library, before the dot: this is how `lookup` finds it."""
    return f"{key}-{serial}"


def _covers(
    client: WeChat, rendition: Rendition, articles: list[dict[str, Any]], key: str
) -> tuple[list[str], bool]:
    """Media ids of the covers in order, and whether any of them had to be uploaded."""
    known: dict[str, str] = {}
    for material in client.materials(0).item:
        known.setdefault(material.name.rpartition(".")[0], material.media_id)
    ids, fresh = [], False
    for serial, article in enumerate(articles, 1):
        stem = cover_stem(key, serial)
        if stem not in known:
            file = rendition.file(article["cover"])
            suffix = file.name.rpartition(".")[2]
            known[stem] = client.add_cover(_upload(file, f"{stem}.{suffix}"))
            fresh = True
        ids.append(known[stem])
    return ids, fresh


def _earlier_draft(client: WeChat, covers: list[str]) -> str:
    for page in range(DRAFT_PAGES):
        for draft in client.drafts(page * PAGE).item:
            if [article.thumb_media_id for article in draft.content.news_item] == covers:
                return draft.media_id
    return ""


def _with_addresses(
    client: WeChat, rendition: Rendition, articles: list[dict[str, Any]], covers: list[str]
) -> list[dict[str, Any]]:
    """The articles as WeChat wants them: names of pictures replaced by what it calls them."""
    ready = []
    for article, cover in zip(articles, covers, strict=True):
        fields = {name: value for name, value in article.items() if name != "cover"}
        for file in rendition.files:
            if (place := f'src="{file.name}"') in fields["content"]:
                address = client.upload_image(_upload(file, file.name))
                fields["content"] = fields["content"].replace(place, f'src="{address}"')
        ready.append({**fields, "thumb_media_id": cover})
    return ready


def _upload(file: File, name: str) -> Upload:
    return name, file.data, file.media_type


def _compare(client: WeChat, draft: str, articles: list[dict[str, Any]]) -> None:
    """WeChat drops what it does not like without a word; better no article than a maimed one."""
    stored = client.draft(draft).news_item
    meant = [(article["title"], _pictures(article["content"])) for article in articles]
    found = [(unescape(article.title), _pictures(article.content)) for article in stored]
    if meant == found:
        return
    raise PermanentError(
        f"微信草稿与成稿不一致，没有提交发布：应为 {_told(meant)}，草稿为 {_told(found)}。"
        "请到微信公众平台草稿箱核对并删除该草稿，改正内容（body）后重新投递",
        ReasonClass.CONTENT,
        raw=f"draft/get: {found}",
        field="body",
    )


def _pictures(content: str) -> int:
    return len(_IMG.findall(content))


def _told(articles: list[tuple[str, int]]) -> str:
    return "；".join(f"“{title}”{images} 张图" for title, images in articles) or "空"
