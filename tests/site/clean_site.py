"""A small site by hand, as an inspector wants it: five items, one of them withdrawn."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import quote

from channels.website import Options
from channels.website.fixed import unchanging
from channels.website.search import INDEX
from channels.website.search_index import SearchIndex
from channels.website.site import Site
from channels.website.templates import Templates
from tests.factories import NOW, a_house

BASE = "https://www.xinji.example"
OPTIONS = Options(
    sponsor="辛集市人民政府办公室",
    site_code="1301810003",
    icp="冀ICP备13017949号-1",
    police="冀公网安备13018102000135号",
    find_errors_url="https://zhaocuo.example/?site=1301810003",
    search=True,
)
ATTACHMENT, PICTURE = b"%PDF-1.7 " + b"x" * 40_000, b"\x89PNG"
FIELD = "list/field/安全生产"
LISTS = ("catalogue", FIELD, "list/stage/执行", "list/topic/用电", "list/year/2026")
_ATOM = 'xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
_ARCHIVE = '<archive xmlns="http://purl.org/syndication/history/1.0"/>'
_MAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True)
class Notice:
    """One item, one a day: the larger the number, the newer."""

    serial: int
    now: datetime
    withdrawn: bool

    @property
    def page(self) -> str:
        return f"2026/{self.serial:05d}.html"

    @property
    def title(self) -> str:
        return f"关于第{self.serial}号<隐患>整改的通知"

    @property
    def published(self) -> datetime:
        return self.now - timedelta(days=6 - self.serial)

    @property
    def formed(self) -> date:
        return (self.published - timedelta(days=1)).date()


def a_site(folder: Path, options: Options = OPTIONS) -> Site:
    return Site(a_house(folder), options)


def make_clean_site(folder: Path, now: datetime = NOW) -> Path:
    notices = [Notice(serial, now, withdrawn=serial == 2) for serial in range(5, 0, -1)]
    texts = {
        "index.html": _home(notices),
        "subscribe.html": _page("subscribe", "怎样订阅", "<p>用 RSS 订阅。</p>"),
        "404.html": _page("lost", "没有这个网页", "<p>请从首页查找。</p>", root="/"),
        "410.html": _page("lost", "信息已撤回", "<p>请从首页查找。</p>", root="/"),
        "list/index.html": _lists(),
        "sitemap.xml": _sitemap("sitemapindex", "sitemap", ["sitemap/1.xml"]),
        "sitemap/1.xml": _sitemap(
            "urlset", "url", [one.page for one in notices if not one.withdrawn]
        ),
        **{one.page: _item(one) for one in notices},
        **_feeds("", notices),
        "catalogue/archive-1.xml": _atom(notices[3:], "catalogue/archive-1.xml"),
    }
    for place in LISTS:
        texts |= _list(place, notices)
    texts |= _feeds(f"{FIELD}/", notices)
    for name, text in texts.items():
        write(folder / name, text)
    for file in unchanging(Templates(a_site(folder.parent))):
        write(folder / file.name, file.data)
    index = SearchIndex(folder.parent / INDEX)
    index.put((one.page, texts[one.page].encode()) for one in notices)
    write(folder / "2026/00002/.gone", "")
    write(folder / "2026/00005/检查表.pdf", ATTACHMENT)
    write(folder / "2026/00005/现场.png", PICTURE)
    return folder


def write(path: Path, data: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)


def _page(
    kind: str,
    title: str,
    main: str,
    *,
    root: str = "",
    column: str = "政府信息公开",
    meta: Mapping[str, str] | None = None,
) -> str:
    tags = {
        "SiteName": "辛集市人民政府",
        "SiteDomain": "www.xinji.example",
        "SiteIDCode": "1301810003",
    }
    if kind not in {"withdrawn", "subscribe", "lost"}:
        tags |= {
            "ColumnName": column,
            "ColumnDescription": f"{column}的信息",
            "ColumnKeywords": f"{column},辛集市",
            "ColumnType": "信息公开目录",
        }
    tags |= meta or {}
    lines = "\n".join(f'<meta name="{n}" content="{escape(v)}">' for n, v in tags.items())
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}_辛集市人民政府</title>
{lines}
<link rel="stylesheet" href="{root}style.css?v=1">
<link rel="alternate" type="application/atom+xml" href="{root}atom.xml">
<link rel="alternate" type="application/rss+xml" href="{root}rss.xml">
<script src="{root}site.js"></script>
</head>
<body class="{kind}">
<a href="#main">跳到正文</a>
<header><a href="{root or "./"}">辛集市人民政府</a>
<form action="{root}search"><input name="q" aria-label="搜索"></form></header>
<main id="main"><h1>{escape(title)}</h1>
{main}
</main>
<footer><p>主办：辛集市人民政府办公室</p><p>联系：辛集市人民政府办公室 0311-83220000</p>
<p>网站标识码：1301810003</p><p><a href="https://beian.example/">冀ICP备13017949号-1</a></p>
<p>冀公网安备13018102000135号</p>
<p><a href="https://zhaocuo.example/?site=1301810003">我为政府网站找错</a></p></footer>
</body>
</html>
"""


def _item(one: Notice) -> str:
    number = f'<dl class="facts"><div><dt>索引号</dt><dd>130181/2026-{one.serial:05d}</dd></div>'
    if one.withdrawn:
        main = f'{number}</dl><div class="body" id="notice-1"><p>本信息已撤回</p></div>'
        return _page("withdrawn", one.title, main, root="../")
    moment = one.published
    day = f"{moment.year}年{moment.month}月{moment.day}日"
    main = f"""{number}
<div><dt>发布日期</dt><dd><time datetime="{moment.isoformat()}">{day}</time></dd></div>
<div><dt>成文日期</dt><dd><time datetime="{one.formed}">{one.formed}</time></dd></div></dl>
<div class="body" id="notice-1"><p>各单位：请按期整改。</p>{_pictured(one)}</div>
<p><a href="../index.html#newest">最新公开</a> <a href="mailto:office@xinji.example">来信</a></p>"""
    meta = {
        "ArticleTitle": one.title,
        "PubDate": f"{moment:%Y-%m-%d %H:%M}",
        "ContentSource": "辛集市应急管理局",
        "Url": f"{BASE}/{one.page}",
    }
    main += _attached() if one.serial == 5 else ""
    return _page("item", one.title, main, root="../", column="安全生产", meta=meta)


def _pictured(one: Notice) -> str:
    if one.serial != 5:
        return ""
    mark = sha256(PICTURE).hexdigest()
    return f'<p><img src="00005/现场.png" alt="检查现场" data-sha256="{mark}"></p>'


def _attached() -> str:
    return f"""<table><tr><th scope="col">项目</th></tr><tr><td>用电</td></tr></table>
<ul><li><a href="00005/{quote("检查表.pdf")}">检查表</a> PDF，39 KB，
SHA-256 <code>{sha256(ATTACHMENT).hexdigest()}</code></li></ul>"""


def _line(one: Notice, root: str) -> str:
    day = f'<time datetime="{one.published.date()}">{one.published:%m-%d}</time>'
    return f'<li><a href="{root}{one.page}">{escape(one.title)}</a> {day}</li>\n'


def _home(notices: Sequence[Notice]) -> str:
    standing = [one for one in notices if not one.withdrawn]
    lines = "".join(_line(one, "") for one in standing)
    older = "".join(_line(one, "") for one in standing[1:])
    main = f'<h2 id="newest">最新</h2><ol>{lines}</ol><h2>安全生产</h2><ol>{older}</ol>'
    return _page("home", "首页", main)


def _lists() -> str:
    links = "".join(f'<li><a href="../{quote(one)}/">{one}</a></li>' for one in LISTS)
    return _page("lists", "分类导航", f"<ul>{links}</ul>", root="../")


def _list(place: str, notices: Sequence[Notice]) -> dict[str, str]:
    """The newest page with all items, and two sealed pages of two places each."""
    root = "../" * (place.count("/") + 1)
    kind, name = ("catalogue" if place == "catalogue" else "list"), place.rpartition("/")[2]
    shown: Mapping[str, Sequence[Notice]] = {
        "index": notices,
        "2": notices[1:3],
        "1": notices[3:],
    }
    made = {}
    for number, named in shown.items():
        lines = [one for one in named if not one.withdrawn]
        main = (_rows if kind == "catalogue" else _ordered)(lines, root)
        main += '<p><a href="1.html#main">最早的一页</a></p>'
        made[f"{place}/{number}.html"] = _page(kind, name, main, root=root, column=name)
    return made


def _ordered(notices: Sequence[Notice], root: str) -> str:
    return f"<ol>{''.join(_line(one, root) for one in notices)}</ol>"


def _rows(notices: Sequence[Notice], root: str) -> str:
    rows = "".join(
        f'<tr><td><a href="{root}{one.page}">{escape(one.title)}</a></td>'
        f'<td><time datetime="{one.formed}">{one.formed}</time></td>'
        f'<td><time datetime="{one.published.date()}">{one.published.date()}</time></td></tr>\n'
        for one in notices
    )
    heads = "".join(f'<th scope="col">{one}</th>' for one in ("名称", "生成日期", "发布日期"))
    return f"<table><tr>{heads}</tr>{rows}</table>"


def _sitemap(root: str, entry: str, names: Sequence[str]) -> str:
    inside = "".join(f"<{entry}><loc>{BASE}/{one}</loc></{entry}>" for one in names)
    return f"<{root} {_MAP}>{inside}</{root}>"


def _feeds(place: str, notices: Sequence[Notice]) -> dict[str, str]:
    return {
        f"{place}atom.xml": _atom(notices, f"{place}atom.xml"),
        f"{place}rss.xml": _rss(notices),
        f"{place}feed.json": _json(notices, f"{place}feed.json"),
    }


def _shown(one: Notice) -> str:
    return escape(f"［已撤回］{one.title}" if one.withdrawn else one.title)


def _atom(notices: Sequence[Notice], name: str) -> str:
    size = len(ATTACHMENT)
    file = f'<link rel="enclosure" length="{size}" href="{BASE}/2026/00005/检查表.pdf"/>'
    entries = "".join(
        f"<entry><id>{BASE}/{one.page}</id><title>{_shown(one)}</title>"
        f"<published>{one.published.isoformat()}</published>"
        f'<link href="{BASE}/{one.page}"/>{file if one.serial == 5 else ""}</entry>\n'
        for one in notices
    )
    news = (
        f"<entry><id>{BASE}/{notices[0].page}#notice-1</id><title>更正公告</title>"
        f"<published>{notices[0].now.isoformat()}</published>"
        f'<link href="{BASE}/{notices[0].page}#notice-1"/></entry>'
    )
    frame = f'<link rel="self" href="{BASE}/{quote(name)}"/>'
    gone = (f"{BASE}/{one.page}" for one in notices if one.withdrawn)
    frame += "".join(f'<at:deleted-entry ref="{one}"/>' for one in gone)
    frame += _ARCHIVE if "archive" in name else ""
    if "/" not in name:
        frame += f'<link rel="prev-archive" href="{BASE}/catalogue/archive-1.xml"/>'
    return f"<feed {_ATOM}>{frame}{entries}{news}</feed>"


def _rss(notices: Sequence[Notice]) -> str:
    entries = "".join(
        f"<item><title>{_shown(one)}</title><link>{BASE}/{one.page}</link>"
        f"<pubDate>{one.published:%a, %d %b %Y %H:%M:%S %z}</pubDate></item>\n"
        for one in notices
    )
    return f'<rss version="2.0"><channel><link>{BASE}/</link>{entries}</channel></rss>'


def _json(notices: Sequence[Notice], name: str) -> str:
    items = [
        {
            "url": f"{BASE}/{one.page}",
            "title": _shown(one),
            "date_published": one.published.isoformat(),
        }
        for one in notices
    ]
    urls = {"feed_url": f"{BASE}/{quote(name)}", "home_page_url": f"{BASE}/"}
    return json.dumps(urls | {"items": items}, ensure_ascii=False, indent=1)
