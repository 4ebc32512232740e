"""Faults to plant in the site that the product made, each with the breach that it makes."""

from pathlib import Path

from tests.site.deeds import Deed, Fault, swap
from tests.site.made_site import (
    DEPARTMENT,
    FIELD,
    FULL,
    PDF,
    PICTURE,
    STAGE,
    TOPIC,
    WITHDRAWN,
    YEAR,
)

BASE = "https://www.xinji.example"
EVIL = "https://evil.example/"
SEALED, NEWEST = "2026/00004.html", "2026/00007.html"
"""One on the second page of each list alone, and one on the newest alone."""
_MAP = "sitemap/1.xml"


def flipped(name: str) -> Deed:
    """One bit of the file is another one."""

    def plant(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[60] ^= 1
        (folder / name).write_bytes(data)

    return plant


def more(name: str, text: str) -> Deed:
    def plant(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return plant


def cut(name: str, begin: str, end: str) -> Deed:
    """The first piece from `begin` to `end` is gone."""

    def plant(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        start = text.index(begin)
        stop = text.index(end, start) + len(end)
        (folder / name).write_text(text[:start] + text[stop:], "utf-8")

    return plant


def around(name: str, word: str, begin: str, end: str) -> Deed:
    """The piece from `begin` to `end` around the first `word` is gone."""

    def plant(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        at = text.index(word)
        start, stop = text.rindex(begin, 0, at), text.index(end, at) + len(end)
        (folder / name).write_text(text[:start] + text[stop:], "utf-8")

    return plant


def in_head(markup: str, name: str = FULL) -> Deed:
    return swap(name, "</head>", f"{markup}</head>")


def gbk(name: str, word: str) -> Deed:
    """Somebody saved the page with another editor."""

    def plant(folder: Path) -> None:
        data = (folder / name).read_bytes()
        assert word.encode() in data
        (folder / name).write_bytes(data.replace(word.encode(), word.encode("gbk")))

    return plant


_ALT = 'alt="检查现场：三名工作人员查看配电箱"'
_FILES = [
    Fault("attachment altered", FULL, "附件", flipped(PDF)),
    Fault("picture altered", FULL, "附件", flipped(PICTURE)),
    *(
        Fault(f"{name} altered", name, "基本文件", more(name, "\nx{display:none}"))
        for name in ("style.css", "feed.css", "site.js", "icon.svg", "robots.txt")
    ),
]
_PAGES = [
    Fault("empty alt", FULL, "图片说明", swap(FULL, _ALT, 'alt=""')),
    Fault("blank alt", FULL, "图片说明", swap(FULL, _ALT, 'alt=" "')),
    Fault("file name for alt", FULL, "图片说明", swap(FULL, _ALT, 'alt="现场.png"')),
    Fault("no charset", FULL, "网页结构", swap(FULL, '<meta charset="utf-8">', "")),
    Fault("other charset", FULL, "网页结构", swap(FULL, 'charset="utf-8"', 'charset="gbk"')),
    Fault("other bytes", FULL, "网页结构", gbk(FULL, "按期整改")),
    Fault("no viewport", FULL, "网页结构", cut(FULL, '<meta name="viewport"', ">")),
    Fault("other language", FULL, "网页结构", swap(FULL, 'lang="zh-CN"', 'lang="en"')),
    Fault(
        "hidden", FULL, "网页结构", swap(FULL, '<div class="body">', '<div class="body" hidden>')
    ),
    Fault(
        "sent elsewhere",
        "404.html",
        "引向别处",
        in_head(f'<meta http-equiv="Refresh" content="0;url={EVIL}">', "404.html"),
    ),
    Fault("links elsewhere", FULL, "引向别处", swap(FULL, "<head>", f'<head><base href="{EVIL}">')),
    Fault(
        "another's page",
        FULL,
        "引向别处",
        swap(FULL, f'"canonical" href="{BASE}/{FULL}"', f'"canonical" href="{EVIL}"'),
    ),
    Fault(
        "form elsewhere",
        FULL,
        "引向别处",
        swap(FULL, "</main>", f'<form action="{EVIL}"><button>提交</button></form></main>'),
    ),
    Fault(
        "button elsewhere",
        FULL,
        "引向别处",
        swap(FULL, "<button>", f'<button formaction="{EVIL}">'),
    ),
    Fault(
        "kept out of searches", FULL, "拒绝收录", in_head('<meta name="robots" content="noindex">')
    ),
    Fault(
        "another's number",
        FULL,
        "索引号",
        swap(
            FULL,
            'IndexNumber" content="130181/2026-00003',
            'IndexNumber" content="130181/2026-00004',
        ),
    ),
]
_LISTS = [
    *(
        Fault(
            f"not in {place}",
            SEALED,
            "列表缺漏",
            around(f"{place}/2.html", SEALED, "<li>", "</li>"),
        )
        for place in (FIELD, STAGE, TOPIC, DEPARTMENT, YEAR)
    ),
    Fault(
        "not in the catalogue",
        SEALED,
        "目录缺漏",
        around("catalogue/2.html", SEALED, "<tr>", "</tr>"),
    ),
]
_FEEDS = [
    Fault(
        "not in an archive",
        SEALED,
        "订阅缺漏",
        around("catalogue/archive-2.xml", f"<id>{BASE}/{SEALED}</id>", "<entry>", "</entry>"),
    ),
    Fault(
        "not in the feed",
        NEWEST,
        "订阅缺漏",
        around("atom.xml", f"<id>{BASE}/{NEWEST}</id>", "<entry>", "</entry>"),
    ),
    Fault(
        "not in the feed of a list",
        NEWEST,
        "订阅缺漏",
        around(f"{TOPIC}/atom.xml", f"<id>{BASE}/{NEWEST}</id>", "<entry>", "</entry>"),
    ),
    Fault(
        "not in RSS",
        "rss.xml",
        "订阅缺漏",
        around("rss.xml", f"<link>{BASE}/{NEWEST}</link>", "<item>", "</item>"),
    ),
    Fault(
        "no mark of an archive",
        "catalogue/archive-2.xml",
        "订阅源",
        swap("catalogue/archive-2.xml", "<fh:archive/>", ""),
    ),
    Fault(
        "no way to archives",
        "atom.xml",
        "订阅源",
        cut("atom.xml", f'<link href="{BASE}/catalogue/archive-3.xml"', "/>"),
    ),
    Fault(
        "chain of archives broken",
        "catalogue/archive-3.xml",
        "订阅源",
        cut("catalogue/archive-3.xml", f'<link href="{BASE}/catalogue/archive-2.xml"', "/>"),
    ),
    Fault("no tombstone", "atom.xml", "撤回", cut("atom.xml", "<at:deleted-entry", "/>")),
    Fault(
        "no tombstone in an archive",
        "catalogue/archive-1.xml",
        "撤回",
        cut("catalogue/archive-1.xml", "<at:deleted-entry", "/>"),
    ),
]
_MAPS = [
    Fault(
        "withdrawn in the map",
        _MAP,
        "撤回",
        swap(_MAP, "</urlset>", f"<url><loc>{BASE}/{WITHDRAWN}</loc></url></urlset>"),
    ),
    Fault(
        "no time in the map",
        _MAP,
        "网站地图",
        swap(_MAP, "<lastmod>2026-11-23T11:30:00+08:00", "<lastmod>soon"),
    ),
]
FAULTS = [*_FILES, *_PAGES, *_LISTS, *_FEEDS, *_MAPS]
