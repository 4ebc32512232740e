"""Which files the program makes, by their names: all else was put into the site by someone else."""

import re

from channels._files import is_stray
from channels.website.lists import KINDS
from channels.website.places import ITEM_PAGE, JSON, LISTS, OURS

_NUMBER = "[1-9][0-9]*"
_LIST = f"list/(?:{'|'.join(KINDS)})/[^/]+"
_PAGE_OF_LIST = re.compile(
    rf"(?P<folder>catalogue|{_LIST})/"
    rf"(?:index\.html|(?P<number>{_NUMBER})\.html|archive-(?P<archive>{_NUMBER})\.xml)"
)
_FEED_OF_LIST = re.compile(rf"(?P<folder>{_LIST})/(?:(?:atom|rss)\.xml|{re.escape(JSON)})")
_SITEMAP = re.compile(rf"sitemap/(?:pages|{_NUMBER})\.xml")


def is_made(name: str) -> bool:
    """Half-written files, too: a crash may leave them anywhere."""
    return (
        name in OURS
        or name == LISTS
        or bool(ITEM_PAGE.fullmatch(name) or _SITEMAP.fullmatch(name))
        or bool(list_of(name))
        or is_asset(name)
        or is_stray(name.rpartition("/")[2])
    )


def is_asset(name: str) -> bool:
    """Whether it lies in the folder that belongs to an item, whose page may be there or not."""
    return bool(ITEM_PAGE.fullmatch(f"{name.rpartition('/')[0]}.html"))


def list_of(name: str) -> str:
    """The folder of the list that a page, feed or archive belongs to; "" if to none."""
    found = _PAGE_OF_LIST.fullmatch(name) or _FEED_OF_LIST.fullmatch(name)
    return found["folder"] if found else ""


def sealed(name: str) -> int:
    """The number of a sealed page or archive of a list; 0 of all else."""
    found = _PAGE_OF_LIST.fullmatch(name)
    return int(found["number"] or found["archive"] or 0) if found else 0
