"""A small site made by hand, laid out as the website channel lays out a large one."""

from pathlib import Path

from publisher.intake.media import ATTACHMENTS

MUCH = "辛集市政务公开。" * 200
"""Enough to be worth compressing."""
GONE = "/2026/00001"
HERE = "/2026/00002"
SHOWN_ONCE = "<p>本信息已撤回</p>"


def make_small_site(folder: Path) -> Path:
    for name, text in _texts().items():
        _write(folder / name, text.encode())
    _write(folder / f"{GONE}/.gone"[1:], b"")
    for ending in ATTACHMENTS:
        _write(folder / f"{HERE}/附件{ending}"[1:], b"x" * 2000)
    return folder


def _texts() -> dict[str, str]:
    pages = ["index", "subscribe", "catalogue/index", "catalogue/3", "list/index", "2026/00002"]
    lists = ["list/field/安全生产/index", "list/field/安全生产/3"]
    feeds = ("", "list/field/安全生产/")
    return {
        **{f"{name}.html": _page(name) for name in pages + lists},
        **{f"{place}{feed}": MUCH for place in feeds for feed in ("atom.xml", "rss.xml")},
        **{f"{place}feed.json": MUCH for place in feeds},
        **{f"{place}archive-3.xml": MUCH for place in ("catalogue/", "list/field/安全生产/")},
        **dict.fromkeys(("sitemap.xml", "sitemap/1.xml", "robots.txt"), MUCH),
        **dict.fromkeys(("style.css", "feed.css", "site.js"), MUCH),
        "404.html": "<h1>没有这个网页</h1>",
        "410.html": "<h1>文件已撤下</h1>",
        "2026/00001.html": SHOWN_ONCE,
        "2026/00002/图 1+2（〔2026〕5号）.png": MUCH,
        "2026/00002/来件.html": MUCH,
        "2026/00002/来件.SVG": MUCH,
        "2026/00002/来件.xml": MUCH,
        "2026/00002/来件.bin": MUCH,
        "2026/00002/大写.PDF": MUCH,
        "2026/00002/.附件.pdf.a1b2c3d4.part": "半份",
        ".git/config": "隐藏",
        "list/.hidden/index.html": "隐藏",
        "later.part": "半份",
    }


def _page(name: str) -> str:
    return f"<!DOCTYPE html><title>{name}</title><p>{MUCH}</p>"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
