"""What WeChat refuses and drops: limits with their error codes, and the cleaning of content."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import nh3
from lxml import html as lxml_html

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40013: "invalid appid",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40097: "invalid args",
    40125: "invalid appsecret",
    40132: "invalid weixin id",
    40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
    40227: "title is empty",
    41001: "access_token missing",
    41005: "media data missing",
    41039: "invalid content_source_url",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    44003: "empty news data",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, mustslower, retry next minute",
    45110: "author size out of limit",
    45166: "invalid content",
    47001: "data format error",
    48001: "api unauthorized",
    53500: "publishing is banned",
    53501: "publish too frequently",
    53502: "publish id invalid",
    53503: "draft not pass publish check",
    53600: "article id invalid",
    76021: "cgi_path not found",
    88000: "without comment privilege",
}

DAILY = {
    "draft/add": 1000,
    "draft/get": 500,
    "draft/delete": 1000,
    "draft/count": 1000,
    "draft/batchget": 1000,
    "freepublish/submit": 100,
    "freepublish/get": 100,
    "freepublish/delete": 10,
    "freepublish/getarticle": 100,
    "freepublish/batchget": 100,
    "message/mass/preview": 100,
}

_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
_CROP = re.compile(r"(?:(?:0|1|0?\.\d{1,6})_){3}(?:0|1|0?\.\d{1,6})")
_TAGS = {
    *("section", "p", "span", "strong", "b", "em", "i", "u", "s", "del", "sub", "sup", "br", "hr"),
    *("h1", "h2", "h3", "h4", "blockquote", "ul", "ol", "li", "pre", "code", "a"),
    *("table", "thead", "tbody", "tr", "th", "td", "img", "figure", "figcaption"),
}
_ATTRIBUTES = {
    "*": {"style"},
    "img": {"src", "alt"},
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}


class Fail(Exception):
    """WeChat answers with this code; `more` comes before its usual text."""

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = text or TEXTS.get(code, "error")


def unless(holds: object, code: int) -> None:
    if not holds:
        raise Fail(code)


def parse_json(body: bytes) -> dict[str, Any]:
    unless(not _ESCAPED.search(body), 40033)
    try:
        value = json.loads(body.decode("utf-8"))
    except ValueError:
        raise Fail(47001) from None
    unless(isinstance(value, dict), 47001)
    return dict(value)


def parse_upload(body: bytes, content_type: str) -> tuple[str, bytes]:
    """File name and bytes of the part `media`, taken out of a multipart body by hand."""
    found = re.search(r"boundary=([^;]+)", content_type)
    unless(found, 41005)
    assert found is not None
    for part in body.split(b"--" + found[1].strip('"').encode()):
        head, _, data = part.partition(b"\r\n\r\n")
        if b'name="media"' in head:
            name = re.search(rb'filename="([^"]*)"', head)
            unless(name and data.removesuffix(b"\r\n"), 41005)
            assert name is not None
            return name[1].decode(), data.removesuffix(b"\r\n")
    raise Fail(41005)


def picture_type(data: bytes) -> str:
    for magic, kind in ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG", "png"), (b"GIF8", "gif")):
        if data.startswith(magic):
            return kind
    raise Fail(40005)


def check_articles(
    articles: Sequence[Mapping[str, Any]], media: Mapping[str, Any], *, comments: bool
) -> None:
    unless(articles, 44003)
    unless(len(articles) <= 8, 45008)
    for article in articles:
        content, source = article.get("content", ""), article.get("content_source_url", "")
        unless(article.get("title"), 40227)
        unless(len(article["title"]) <= 32, 45003)
        unless(len(article.get("author", "")) <= 16, 45110)
        unless(len(article.get("digest", "")) <= 128, 45004)
        unless(content, 44003)
        unless(len(content) < 20_000 and len(content.encode()) < 1_000_000, 45002)
        unless('href="#' not in content, 45166)
        unless(not source or _is_address(source), 41039)
        unless(article.get("thumb_media_id") in media, 40007)
        unless(comments or not article.get("need_open_comment"), 88000)
        for crop in ("pic_crop_235_1", "pic_crop_1_1"):
            unless(crop not in article or _CROP.fullmatch(article[crop]), 47001)


def clean(content: str, own: str) -> str:
    """Drop what WeChat drops: scripts, styles, ids, classes, handlers, pictures from elsewhere."""
    root = lxml_html.fragment_fromstring(content, create_parent="div")
    for picture in list(root.iter("img")):
        if not picture.get("src", "").startswith(own):
            picture.drop_tree()
    kept = lxml_html.tostring(root, encoding="unicode")[len("<div>") : -len("</div>")]
    return nh3.clean(kept, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)


def _is_address(url: str) -> bool:
    return url.startswith(("http://", "https://")) and len(url.encode()) <= 1024
