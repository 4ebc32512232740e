"""Faults to plant in the clean site: what each does to a file, and the breach that it makes."""

from tests.site.clean_site import ATTACHMENT, BASE, FIELD
from tests.site.deeds import (
    ITEM,
    Deed,
    Fault,
    copied,
    in_body,
    line_gone,
    moved,
    put,
    several,
    swap,
)
from tests.site.faults_of_files import FAULTS_OF_FILES

LIST = f"{FIELD}/index.html"


def linked(href: str, rule: str, name: str = "") -> Fault:
    return Fault(name or f"link to {href}", ITEM, rule, in_body(f'<a href="{href}">见</a>'))


def _meta(name: str, value: str) -> Deed:
    return swap(ITEM, f'name="{name}" content="', f'name="{name}" content="{value}')


_TAGS = [
    Fault("no kind", ITEM, "网页种类", swap(ITEM, 'class="item"', "")),
    Fault("no SiteName", "404.html", "站点标签", swap("404.html", '"SiteName"', '"sitename"')),
    Fault("other SiteName", ITEM, "站点标签", _meta("SiteName", "新")),
    Fault("other SiteDomain", ITEM, "站点标签", _meta("SiteDomain", "www2.")),
    Fault("malformed SiteIDCode", ITEM, "站点标签", _meta("SiteIDCode", "9")),
    Fault("other SiteIDCode", ITEM, "站点标签", swap(ITEM, '"1301810003"', '"1301810004"')),
    Fault("no ColumnKeywords", LIST, "栏目标签", swap(LIST, '"ColumnKeywords"', '"Keywords"')),
    Fault("unknown ColumnType", LIST, "栏目标签", swap(LIST, '"信息公开目录"', '"新闻"')),
    Fault("empty ContentSource", ITEM, "内容标签", swap(ITEM, '"辛集市应急管理局"', '" "')),
    Fault("tag twice", ITEM, "内容标签", swap(ITEM, "<title>", '<meta name="PubDate"><title>')),
    Fault("other ArticleTitle", ITEM, "内容标签", _meta("ArticleTitle", "旧")),
    Fault("other Url", ITEM, "内容标签", swap(ITEM, f"{BASE}/2026", f"{BASE}/2025")),
]
_DATES = [
    Fault("malformed PubDate", ITEM, "发布日期", swap(ITEM, "22 09:30", "22T09:30")),
    Fault("no such day", ITEM, "发布日期", swap(ITEM, '"2026-11-22 09:30"', '"2026-11-31 09:30"')),
    Fault("shown date differs", ITEM, "发布日期", swap(ITEM, ">2026年11月22日", ">2026年11月21日")),
    Fault("time stamp differs", ITEM, "发布日期", swap(ITEM, "T09:30:00", "T09:31:00")),
    Fault("no shown date", ITEM, "发布日期", swap(ITEM, "<dt>发布日期", "<dt>日期")),
    Fault("back-dated", ITEM, "发布日期", swap(ITEM, ">2026-11-21<", ">2026-11-23<")),
    Fault("list differs", LIST, "发布日期", swap(LIST, '"2026-11-22"', '"2026-11-23"')),
    Fault(
        "catalogue differs",
        "catalogue/2.html",
        "发布日期",
        swap("catalogue/2.html", '"2026-11-21"', '"2026-12-21"'),
    ),
    Fault("Atom differs", "atom.xml", "发布日期", swap("atom.xml", "11-22T09:30", "11-22T08:30")),
    Fault("RSS differs", "rss.xml", "发布日期", swap("rss.xml", "22 Nov 2026", "21 Nov 2026")),
    Fault("JSON differs", "feed.json", "发布日期", swap("feed.json", "-22T09:30", "-22T09:29")),
]
_STRUCTURE = [
    Fault("no lang", ITEM, "网页结构", swap(ITEM, ' lang="zh-CN"', "")),
    Fault("empty title", LIST, "网页结构", swap(LIST, "<title>安全生产_辛集市人民政府", "<title>")),
    Fault("two h1", ITEM, "网页结构", in_body("<h1>又一个</h1>")),
    Fault(
        "no main",
        ITEM,
        "网页结构",
        several(
            swap(ITEM, '<main id="main"', "<main"), swap(ITEM, '<a href="#main">跳到正文</a>', "")
        ),
    ),
    Fault("empty file", "subscribe.html", "网页结构", put("subscribe.html", "")),
    Fault("no alt", ITEM, "图片说明", swap(ITEM, ' alt="检查现场"', "")),
    Fault(
        "link of a picture only",
        ITEM,
        "图片说明",
        in_body('<a href="../"><img src="../icon.svg" alt=""></a>'),
    ),
    Fault("no th", ITEM, "表头", in_body("<table><tr><td>一</td></tr></table>")),
    Fault("no scope", ITEM, "表头", swap(ITEM, '<th scope="col">', "<th>")),
    Fault("style tag", ITEM, "内嵌代码", in_body("<style>p{color:red}</style>")),
    Fault("inline script", ITEM, "内嵌代码", in_body("<script>alert(1)</script>")),
    Fault("style attribute", ITEM, "内嵌代码", in_body('<p style="color:red">红</p>')),
    Fault("event handler", ITEM, "内嵌代码", in_body('<p onclick="go()">去</p>')),
]
_FRAME = [
    Fault("no sponsor", ITEM, "页脚", swap(ITEM, "主办：辛集市人民政府办公室", "")),
    Fault("no contact", ITEM, "页脚", swap(ITEM, "0311-83220000", "")),
    Fault("no site code", ITEM, "页脚", swap(ITEM, "网站标识码：1301810003", "")),
    Fault("no ICP", ITEM, "页脚", swap(ITEM, "冀ICP备13017949号-1", "备案")),
    Fault("no police number", ITEM, "页脚", swap(ITEM, "冀公网安备13018102000135号", "")),
    Fault("no way to report errors", ITEM, "页脚", swap(ITEM, "//zhaocuo.", "//cuo.")),
    Fault("no search", ITEM, "搜索框", swap(ITEM, 'action="../search"', "")),
    Fault("no feed offered", ITEM, "订阅入口", swap(ITEM, "application/rss+xml", "text/xml")),
]
_LINKS = [
    linked("00099.html", "死链接", "dead page"),
    linked("", "死链接", "empty link"),
    linked("../../../etc/passwd", "死链接"),
    linked("%2e%2e/%2e%2e/%2e%2e/site.js", "死链接"),
    linked("/2026/00099.html", "死链接"),
    linked(f"{BASE}/2026/00099.html", "死链接"),
    linked(f"{BASE[6:]}/2026/00099.html", "死链接"),
    linked("#nowhere", "锚点"),
    linked("../index.html#nowhere", "锚点"),
    linked("http://127.0.0.1/", "内网链接"),
    linked("http://192.168.1.8/oa", "内网链接"),
    linked("http://169.254.1.1/", "内网链接"),
    linked("http://[::1]/", "内网链接"),
    linked("http://2130706433/", "内网链接"),
    linked("http://oa/", "内网链接"),
    linked("file:///C:/a.doc", "内网链接"),
    linked("javascript:void(0)", "内网链接"),
    linked("http://[bad/", "内网链接"),
    linked("00002.html", "指向已撤回"),
    Fault("dead picture", ITEM, "死链接", in_body('<img src="00005/没有.png" alt="无">')),
    Fault(
        "dead srcset",
        ITEM,
        "死链接",
        in_body('<img src="../icon.svg" srcset="x.png 2x" alt="">'),
    ),
    Fault("dead style", ITEM, "死链接", swap(ITEM, "../style.css", "../old.css")),
    Fault(
        "outside picture",
        ITEM,
        "外部请求",
        in_body('<img src="https://cdn.example/a.png" alt="外">'),
    ),
    Fault("outside script", ITEM, "外部请求", swap(ITEM, "../site.js", "//cdn.example/a.js")),
    Fault(
        "outside style", ITEM, "外部请求", swap(ITEM, "../style.css", "https://cdn.example/a.css")
    ),
    Fault("outside frame", ITEM, "外部请求", in_body('<iframe src="https://v.example/"></iframe>')),
    Fault(
        "relative way in 404", "404.html", "基本文件", swap("404.html", '"/site.js"', '"site.js"')
    ),
]
_ITEMS = [
    Fault("no index number", ITEM, "索引号", swap(ITEM, "<dt>索引号", "<dt>号")),
    Fault(
        "index number twice", ITEM, "索引号", swap(ITEM, "130181/2026-00005", "130181/2026-00004")
    ),
    Fault("title twice", ITEM, "标题重复", swap(ITEM, "第5号", "第4号")),
    Fault("no checksum", ITEM, "附件", swap(ITEM, "<code>", "<code>0")),
    Fault(
        "content differs",
        ITEM,
        "附件",
        put("2026/00005/检查表.pdf", ATTACHMENT.replace(b"x", b"y")),
    ),
]
_LISTS = [
    Fault(
        "older first",
        LIST,
        "排列次序",
        several(
            swap(LIST, '00005.html">关于第5号', '00001.html">关于第1号'),
            swap(LIST, '"2026-11-22">', '"2026-11-18">'),
        ),
    ),
    Fault(
        "older page has newer items",
        "catalogue/2.html",
        "排列次序",
        several(
            moved("catalogue/2.html", "catalogue/0.html"),
            moved("catalogue/1.html", "catalogue/2.html"),
            moved("catalogue/0.html", "catalogue/1.html"),
        ),
    ),
    Fault(
        "missing page",
        f"{FIELD}/2.html",
        "列表缺页",
        several(
            moved(f"{FIELD}/2.html", f"{FIELD}/3.html"),
            copied(f"{FIELD}/1.html", f"{FIELD}/4.html"),
            swap(LIST, '"1.html#main"', '"3.html#main"'),
        ),
    ),
    Fault("old page", f"{FIELD}/3.html", "旧列表", copied(f"{FIELD}/1.html", f"{FIELD}/3.html")),
    Fault(
        "old page of the catalogue",
        "catalogue/3.html",
        "旧列表",
        copied("catalogue/1.html", "catalogue/3.html"),
    ),
    Fault(
        "old archive",
        "catalogue/archive-3.xml",
        "旧列表",
        copied("catalogue/archive-1.xml", "catalogue/archive-3.xml"),
    ),
    Fault(
        "list that nothing leads to",
        "list/topic/供暖/",
        "旧列表",
        several(
            copied("list/topic/用电/index.html", "list/topic/供暖/index.html"),
            copied("list/topic/用电/1.html", "list/topic/供暖/1.html"),
            copied(f"{FIELD}/atom.xml", "list/topic/供暖/atom.xml"),
        ),
    ),
    Fault(
        "feed of a list that is no more",
        "list/topic/供暖/",
        "旧列表",
        copied(f"{FIELD}/rss.xml", "list/topic/供暖/rss.xml"),
    ),
    Fault(
        "sealed page without items",
        f"{FIELD}/1.html",
        "空白列表页",
        line_gone(1, f"{FIELD}/1.html"),
    ),
]
_FEEDS = [
    Fault("malformed Atom", "atom.xml", "订阅源", swap("atom.xml", "</feed>", "")),
    Fault(
        "malformed RSS", f"{FIELD}/rss.xml", "订阅源", put(f"{FIELD}/rss.xml", "<rss>&nbsp;</rss>")
    ),
    Fault("malformed JSON", "feed.json", "订阅源", swap("feed.json", "{", "[")),
    Fault(
        "no time stamp", "atom.xml", "订阅源", swap("atom.xml", "2026-11-22T09:30:00+08:00", "昨天")
    ),
    Fault("dead entry", "atom.xml", "订阅源", swap("atom.xml", '/00003.html"', '/00093.html"')),
    Fault("dead RSS entry", "rss.xml", "订阅源", swap("rss.xml", "/00003.html", "/00093.html")),
    Fault(
        "dead JSON entry", "feed.json", "订阅源", swap("feed.json", "/00003.html", "/00093.html")
    ),
    Fault(
        "dead archive link",
        "catalogue/archive-1.xml",
        "订阅源",
        swap("catalogue/archive-1.xml", "archive-1", "archive-9"),
    ),
    Fault(
        "enclosure size differs",
        "atom.xml",
        "订阅源",
        swap("atom.xml", f'"{len(ATTACHMENT)}"', '"1"'),
    ),
    Fault("empty feed", "rss.xml", "订阅源", put("rss.xml", "<rss><channel/></rss>")),
    Fault(
        "news of a place that is not there",
        "atom.xml",
        "订阅源",
        swap(
            "atom.xml",
            'href="https://www.xinji.example/2026/00005.html#notice-1"',
            'href="https://www.xinji.example/2026/00005.html#notice-2"',
        ),
    ),
    Fault("withdrawn in a feed", "rss.xml", "撤回", swap("rss.xml", "［已撤回］", "")),
]
FAULTS = [
    *_TAGS,
    *_DATES,
    *_STRUCTURE,
    *_FRAME,
    *_LINKS,
    *_ITEMS,
    *_LISTS,
    *_FEEDS,
    *FAULTS_OF_FILES,
]
