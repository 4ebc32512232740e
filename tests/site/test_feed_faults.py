"""The rules of feeds find what is wrong: each fault is planted into a feed that breaks none."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.feed_rules import breaches
from tests.support.feed_rules.atom import order_breaches

SITE = "https://www.xinji.example"
ATOM = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN"
 xmlns:at="http://purl.org/atompub/tombstones/1.0"
 xmlns:fh="http://purl.org/syndication/history/1.0">
<fh:archive/>
<id>{SITE}/atom.xml</id>
<title>政府信息公开</title>
<updated>2026-11-24T09:30:00+08:00</updated>
<author><name>市政府办</name></author>
<link rel="self" href="{SITE}/archive-1.xml"/>
<link rel="current" href="{SITE}/atom.xml"/>
<at:deleted-entry ref="{SITE}/2.html" when="2026-11-24T09:30:00+08:00"/>
<entry>
<id>{SITE}/2.html</id>
<title>［已撤回］通知</title>
<updated>2026-11-24T09:30:00+08:00</updated>
<published>2026-11-23T09:30:00+08:00</published>
<link rel="alternate" type="text/html" href="{SITE}/2.html"/>
<content type="html">&lt;p&gt;已撤回&lt;br&gt;&lt;/p&gt;</content>
</entry>
<entry>
<id>{SITE}/1.html</id>
<title>预算</title>
<updated>2026-11-22T09:30:00+08:00</updated>
<published>2026-11-22T09:30:00+08:00</published>
<link rel="alternate" type="text/html" href="{SITE}/1.html"/>
<link rel="enclosure" type="application/pdf" length="14" href="{SITE}/1/a.pdf"/>
<category term="财政预决算"/>
<summary>摘要</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>正文<a href="{SITE}/">页</a></p>
</div></content>
</entry>
</feed>
""".encode()
RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>政府信息公开</title>
<link>{SITE}/index.html</link>
<description>最新的在最前</description>
<language>zh-CN</language>
<lastBuildDate>Tue, 24 Nov 2026 09:30:00 +0800</lastBuildDate>
<atom:link rel="self" href="{SITE}/rss.xml"/>
<item>
<title>预算</title>
<link>{SITE}/1.html</link>
<guid isPermaLink="true">{SITE}/1.html</guid>
<pubDate>Mon, 23 Nov 2026 09:30:00 +0800</pubDate>
<enclosure url="{SITE}/1/a.pdf" type="application/pdf" length="14"/>
<content:encoded>&lt;p&gt;正文&lt;img src="{SITE}/1/a.png" alt="图"&gt;&lt;/p&gt;</content:encoded>
</item>
</channel></rss>
""".encode()
JSON: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "政府信息公开",
    "home_page_url": f"{SITE}/index.html",
    "feed_url": f"{SITE}/feed.json",
    "language": "zh-CN",
    "items": [
        {
            "id": f"{SITE}/1.html",
            "url": f"{SITE}/1.html",
            "title": "预算",
            "content_html": "<p>正文</p>",
            "date_published": "2026-11-23T09:30:00+08:00",
            "date_modified": "2026-11-24T09:30:00+08:00",
            "authors": [{"name": "市财政局"}],
            "tags": ["财政预决算", "执行"],
            "attachments": [
                {"url": f"{SITE}/1/a.pdf", "mime_type": "application/pdf", "size_in_bytes": 14}
            ],
        }
    ],
}
OWN = {"atom": f"{SITE}/archive-1.xml", "rss": f"{SITE}/rss.xml", "json": f"{SITE}/feed.json"}


def broken(data: bytes, old: str, new: str) -> bytes:
    assert old.encode() in data, "the fault is planted nowhere"
    return data.replace(old.encode(), new.encode(), 1)


def test_feeds_without_a_fault_break_no_rule() -> None:
    assert breaches(OWN["atom"], ATOM) == []
    assert breaches(OWN["rss"], RSS) == []
    assert breaches(OWN["json"], json.dumps(JSON).encode()) == []
    assert order_breaches(ATOM) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</feed>", ""),
        (f"<id>{SITE}/2.html</id>", f"<id>{SITE}/1.html</id>"),
        (f"<id>{SITE}/2.html</id>", ""),
        (f"<id>{SITE}/2.html</id>", "<id>2.html</id>"),
        ("<title>预算</title>", "<title> </title>"),
        ("<title>预算</title>", "<title>预算</title><title>决算</title>"),
        ("<title>预算</title>", "<title>预<b>算</b></title>"),
        ("<author><name>市政府办</name></author>", ""),
        ("<name>市政府办</name>", ""),
        (' xml:lang="zh-CN"', ""),
        ("<updated>2026-11-22T09:30:00+08:00", "<updated>2026-11-22T09:30:00"),
        ("<updated>2026-11-22T09:30:00+08:00", "<updated>2026-02-30T09:30:00+08:00"),
        ("<updated>2026-11-22T", "<updated>2026-11-21T"),
        ("<updated>2026-11-24T", "<updated>2026-11-23T"),
        ('when="2026-11-24T', 'when="2026-11-23T'),
        ('when="2026-11-24T09:30:00+08:00"', ""),
        ("/archive-1.xml", "/archive-2.xml"),
        (f'<link rel="current" href="{SITE}/atom.xml"/>', ""),
        (f'href="{SITE}/1.html"', 'href="/1.html"'),
        (f'href="{SITE}/1/a.pdf"', f'href="{SITE}/1/附件.pdf"'),
        ('length="14"', ""),
        ('rel="enclosure" type="application/pdf"', 'type="text/html"'),
        ('<category term="财政预决算"/>', "<category/>"),
        ("<summary>摘要</summary>", "<subtitle>摘要</subtitle>"),
        ('<content type="html">', '<content type="CDATA">'),
        ('<content type="html">', '<content type="html"><p/>'),
        ("已撤回&lt;br&gt;&lt;/p&gt;", "已撤回"),
        ("已撤回&lt;br&gt;", "&lt;script&gt;1&lt;/script&gt;"),
        ("已撤回&lt;br&gt;", "&lt;a href='2.html'&gt;页&lt;/a&gt;"),
        ("已撤回&lt;br&gt;", "&lt;b onclick='x()'&gt;页&lt;/b&gt;"),
        ("<p>正文", "<p style='display:none'>正文"),
    ],
)
def test_a_fault_in_atom_is_found(old: str, new: str) -> None:
    assert breaches(OWN["atom"], broken(ATOM, old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</rss>", ""),
        ('version="2.0"', 'version="0.91"'),
        ("/rss.xml", "/other.xml"),
        ("<language>zh-CN</language>", ""),
        (' isPermaLink="true"', ""),
        (f'"true">{SITE}/1.html', '"true">1'),
        ("<title>预算</title>", ""),
        ("Mon, 23 Nov", "Tue, 23 Nov"),
        ("Mon, 23 Nov", "星期一, 23 Nov"),
        ("Mon, 23 Nov 2026 09:30:00 +0800", "2026-11-23T09:30:00+08:00"),
        ("Mon, 23 Nov", "Wed, 25 Nov"),
        ("<pubDate>Mon, 23 Nov 2026 09:30:00 +0800</pubDate>", ""),
        ('length="14"', ""),
        ('type="application/pdf"', 'type="PDF"'),
        ("<guid", "<author>市财政局</author><guid"),
        ("<guid", "<published>1</published><guid"),
        (' alt="图"', ""),
        (f'src="{SITE}/1/a.png"', 'src="1/a.png"'),
    ],
)
def test_a_fault_in_rss_is_found(old: str, new: str) -> None:
    assert breaches(OWN["rss"], broken(RSS, old, new))


@pytest.mark.parametrize(
    "fault",
    [
        lambda feed, _: feed.update(version="https://jsonfeed.org/version/1"),
        lambda feed, _: feed.update(feed_url=f"{SITE}/other.json"),
        lambda feed, _: feed.pop("title"),
        lambda feed, _: feed.update(description=None),
        lambda feed, _: feed.update(author={"name": "市政府办"}),
        lambda feed, item: feed["items"].append(item),
        lambda _, item: item.pop("id"),
        lambda _, item: item.update(id=1),
        lambda _, item: item.pop("content_html"),
        lambda _, item: item.pop("date_published"),
        lambda _, item: item.update(date_modified="2026-11-22T09:30:00+08:00"),
        lambda _, item: item.update(date_published="2026-11-23 09:30"),
        lambda _, item: item.update(authors=["市财政局"]),
        lambda _, item: item.update(tags=["预算", "预算"]),
        lambda _, item: item["attachments"][0].update(mime_type="PDF"),
        lambda _, item: item["attachments"][0].update(size_in_bytes="14"),
    ],
)
def test_a_fault_in_json_is_found(fault: Callable[[Any, Any], object]) -> None:
    feed = json.loads(json.dumps(JSON))
    fault(feed, feed["items"][0])
    assert breaches(OWN["json"], json.dumps(feed).encode())


def test_a_feed_in_the_wrong_order_is_found() -> None:
    first, second = ATOM.index(b"<entry>"), ATOM.rindex(b"<entry>")
    turned = ATOM[:first] + ATOM[second:].replace(b"</feed>", b"") + ATOM[first:second] + b"</feed>"
    assert breaches(OWN["atom"], turned) == []
    assert order_breaches(turned)
