"""Every kind of page that the site has, with one page to look at."""

from urllib.parse import quote

from tests.site import sixty_items as items
from tests.site.whole_site import WholeSite

_LIST = "/list/field/" + quote("财政预决算")
_LAYOUTS = {
    "home": ("home", "/index.html"),
    "item": ("item", items.FULL),
    "expired": ("item", items.EXPIRED),
    "withdrawn": ("withdrawn", items.WITHDRAWN),
    "catalogue": ("catalogue", "/catalogue/index.html"),
    "lists": ("lists", "/list/index.html"),
    "list": ("list", f"{_LIST}/index.html"),
    "subscribe": ("subscribe", "/subscribe.html"),
    "search": ("search", f"/search?q={quote('公开 通知')}"),
    "nothing found": ("search", f"/search?q={quote('没有这样的词')}"),
    "not found": ("lost", "/no/such/page.html"),
}
_OTHERS = {
    "rules": ("item", items.RULES),
    "corrected": ("item", items.CORRECTED),
    "long title": ("item", items.LONG),
    "hostile title": ("item", items.HOSTILE),
    "unbroken title": ("item", items.UNBROKEN),
    "housing": ("item", items.HOUSING),
    "sealed catalogue": ("catalogue", "/catalogue/1.html"),
    "sealed list": ("list", f"{_LIST}/1.html"),
    "search page 2": ("search", f"/search?q={quote('通知')}&page=2"),
    "gone": ("lost", f"{items.WITHDRAWN}/免费开放服务目录.pdf"),
}
_ALL = _LAYOUTS | _OTHERS

KINDS = tuple(_ALL)
LAYOUTS = tuple(_LAYOUTS)
"""One page for each way in which a page is laid out, for questions that take long."""
CLASSES = {kind: name for kind, (name, _) in _ALL.items()}
"""The class of the body, by kind."""
SEARCHES = tuple(kind for kind in KINDS if CLASSES[kind] == "search")


def path_of(site: WholeSite, kind: str) -> str:
    _, place = _ALL[kind]
    if place.startswith("/"):
        return place
    item, _, file = place.partition("/")
    page = site.page(item)
    return f"{page.removesuffix('.html')}/{file}" if file else page
