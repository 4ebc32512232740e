"""Where things lie: an item's address gives the file of its page and the folder of its assets."""

import re
from urllib.parse import quote, unquote, urlsplit

from publisher.channel import File, PermanentError, Rendition
from publisher.model import Asset, Item

FOLDER = "site"
"""Of the output: what a web server shows."""
STYLE = "style.css"
FEED_STYLE = "feed.css"
ROBOTS = "robots.txt"
HOME = "index.html"
ATOM = "atom.xml"
RSS = "rss.xml"
JSON = "feed.json"
SCRIPT = "site.js"
ICON = "icon.svg"
SITEMAP = "sitemap.xml"
LISTS = "list/index.html"
SUBSCRIBE = "subscribe.html"
NOT_FOUND = "404.html"
GONE = "410.html"
SEARCH = "search"
GONE_MARK = ".gone"
"""Lies in the folder of a withdrawn page: a web server answers 410 for the page and all in it."""
OURS = frozenset(
    {
        *(STYLE, FEED_STYLE, SCRIPT, ICON, ROBOTS, HOME, SUBSCRIBE, NOT_FOUND, GONE),
        *(ATOM, RSS, JSON, SITEMAP),
    }
)
LIST_FOLDERS = ("catalogue", "list", "sitemap")
_OUR_FOLDERS = tuple(f"{one}/" for one in (*LIST_FOLDERS, SEARCH))

ITEM_PAGE = re.compile(r"[0-9]{4}/[0-9]{5,}\.html")
_PAGE = re.compile(r"(?:[\w-][\w.~-]*/)*[\w-][\w.~-]*\.html")


def page_name(item: Item) -> str:
    """The file of an item's page: the path of its address. Raises PermanentError.

    The host does not count: an item keeps its address when the site gets another name, and its
    page stays where it lies.
    """
    address = urlsplit(item.url)
    path = address.path.removeprefix("/")
    name = unquote(path)
    # Quoting back must give the same address, or the file would be found under another one.
    taken = name in OURS or name.startswith(_OUR_FOLDERS)
    more = address.query or address.fragment
    if not _PAGE.fullmatch(name) or quote(name) != path or taken or more:
        raise PermanentError(
            "网页地址（url）不能用作文件名：应由文字、数字、“-”“_”“.”组成，以“.html”结尾，且不是本站已有的页面",
            field="url",
        )
    return name


def own_pages(rendition: Rendition) -> list[File]:
    """The pages of the batch, in the order of its items: they come first in the rendition.

    An attachment may be HTML too; it lies in the folder of its page.
    """
    pages: list[File] = []
    for file in rendition.files:
        folders = tuple(f"{page.name.removesuffix('.html')}/" for page in pages)
        inside = bool(folders) and file.name.startswith(folders)
        if not file.name.endswith(".html") or inside:
            break
        pages.append(file)
    return pages


def own_folders(rendition: Rendition) -> dict[str, frozenset[str]]:
    """The folders that are wholly ours, named after the pages of the batch, with the names of all
    that may lie there. What else is found is of an earlier revision.
    """
    folders = (page.name.removesuffix(".html") for page in own_pages(rendition))
    return {
        folder: frozenset(
            file.name.removeprefix(f"{folder}/")
            for file in rendition.files
            if file.name.startswith(f"{folder}/")
        )
        for folder in folders
    }


def asset_name(page: str, asset: Asset, field: str) -> str:
    """The file of an attachment or picture: in a folder named after the page."""
    name = asset.name
    unsafe = name.startswith(".") or any(mark in name for mark in "/\\") or not name.isprintable()
    if not name or unsafe or len(name.encode()) > 255:
        raise PermanentError(
            f"“{asset.title}”的文件名不能用在网站上，请改用不含“/”“\\”、不以“.”开头的短文件名",
            field=field,
        )
    return f"{page.removesuffix('.html')}/{name}"


def asset_url(item: Item, asset: Asset) -> str:
    """The public address of the same; right even for an item from before the site moved."""
    return f"{item.url.removesuffix('.html')}/{quote(asset.name)}"


def gone_mark(page: str) -> str:
    """The file that says that a page is withdrawn."""
    return f"{page.removesuffix('.html')}/{GONE_MARK}"


def is_statement(page: File, rendition: Rendition) -> bool:
    """Whether a page of the rendition says that its item is withdrawn."""
    mark = gone_mark(page.name)
    return any(file.name == mark for file in rendition.files)


def sitemap_name(number: int | str) -> str:
    return f"sitemap/{number}.xml"


def up(page: str) -> str:
    """The way from a page back to the root of the site, for relative links."""
    return "../" * page.count("/")
