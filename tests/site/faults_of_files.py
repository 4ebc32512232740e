"""Faults of the site map and of single files, and files that nobody should find."""

from tests.site.clean_site import BASE
from tests.site.deeds import ITEM, Fault, drop, put, swap


def _foreign(*names: str) -> list[Fault]:
    """Files that we never make, with something in them that every other rule would stop at."""
    evil = "<style>@import 'http://10.0.0.1/x'</style><a href='nowhere.html'>"
    return [Fault(f"foreign {name}", name, "外来文件", put(name, evil)) for name in names]


_SITEMAP = [
    Fault(
        "not in the map", ITEM, "网站地图", swap("sitemap/1.xml", f"<loc>{BASE}/{ITEM}</loc>", "")
    ),
    Fault(
        "dead in the map",
        "sitemap/1.xml",
        "网站地图",
        swap("sitemap/1.xml", "</urlset>", f"<url><loc>{BASE}/92.html</loc></url></urlset>"),
    ),
    Fault("part not named", "sitemap/2.xml", "网站地图", put("sitemap/2.xml", "<urlset/>")),
    Fault("malformed part", "sitemap/1.xml", "网站地图", swap("sitemap/1.xml", "</urlset>", "")),
]
_FILES = [
    Fault("no 410", "410.html", "基本文件", drop("410.html")),
    Fault("no robots", "robots.txt", "基本文件", drop("robots.txt")),
    Fault("no sitemap", "sitemap.xml", "基本文件", drop("sitemap.xml")),
    Fault(
        "nobody may crawl", "robots.txt", "基本文件", swap("robots.txt", "Allow: /", "Disallow: /")
    ),
    Fault("robots names no map", "robots.txt", "基本文件", swap("robots.txt", "Sitemap:", "#")),
    Fault("half a file", "2026/.00007.html.part", "遗留文件", put("2026/.00007.html.part")),
    *_foreign(
        *("evil.php", ".git/config", "index.html.bak", "evil.html", "hello/a.html", "a/b/c.jsp"),
        *("2026/00005/shell/x.php", "2026/shell.php", "2026/x.html", "list/evil/a/index.html"),
        *("list/field/index.html", "list/topic/用电/evil.html", "catalogue/01.html"),
        *("catalogue/atom.xml", "sitemap/a.xml", "hello/atom.xml", "evil.css", "Thumbs.db"),
    ),
    Fault("file without a page", "2026/00007/表.pdf", "遗留文件", put("2026/00007/表.pdf")),
    Fault(
        "file that no page links to", "2026/00005/旧表.pdf", "遗留文件", put("2026/00005/旧表.pdf")
    ),
    Fault("withdrawn with file", "2026/00002/表.pdf", "撤回", put("2026/00002/表.pdf")),
    Fault("mark without page", "2026/00009/.gone", "撤回", put("2026/00009/.gone", "")),
]
FAULTS_OF_FILES = [*_SITEMAP, *_FILES]
