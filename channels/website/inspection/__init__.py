"""An inspection of the whole site as it stands in its folder, by the rules for government sites.

tree       the names of all files       tags       meta tags           numbers    index numbers
page       a page taken apart           dates      when published      links      where links lead
scene      what all rules may know      structure  reading, policy     lists      order of lists
addresses  what a link means            frame      footer and ways     chains     pages of lists
files      what must and must not be    downloads  attachments         belonging  omissions
made       which files we make          astray     led away, hidden    freshness  stale columns
feeds      feeds and their pages        feed_chains, feed_entries      sitemap, search

One page is in memory at a time; what is kept throughout are names, dates and index numbers.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from channels.website.inspection import (
    astray,
    dates,
    downloads,
    feeds,
    files,
    frame,
    search,
    sitemap,
    structure,
    tags,
)
from channels.website.inspection.addresses import Addresses
from channels.website.inspection.links import Links
from channels.website.inspection.lists import Lists
from channels.website.inspection.numbers import Numbers
from channels.website.inspection.page import Page, read
from channels.website.inspection.scene import Scene
from channels.website.inspection.tree import walk
from channels.website.limits import Limits
from channels.website.site import Site
from publisher.channel import Breach

__all__ = ["Progress", "inspect"]

Progress = Callable[[int, int], None]
"""Is told after each page how many have been read, and of how many."""


class Family(Protocol):
    """Rules that know more than one page."""

    def page(self, page: Page) -> Iterator[Breach]:
        """What this page breaks, by itself or with those before it."""
        ...

    def end(self) -> Iterator[Breach]:
        """What shows when all have been read."""
        ...


_OF_A_PAGE = (
    tags.check,
    dates.check,
    structure.check,
    frame.check,
    downloads.check,
    astray.check,
)
_OF_ALL = (files.check, feeds.check, sitemap.check, search.check)


def inspect(
    site: Site,
    folder: Path,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
    limits: Limits = Limits(),  # noqa: B008 - it never changes
) -> Iterator[Breach]:
    """Every breach in the folder of the site: page by page, then what shows only in the whole."""
    if not folder.is_dir():
        yield Breach("", "基本文件", "网站文件夹不在；请检查磁盘是否已挂载，网站是否已发布过")
        return
    scene = Scene(site=site, tree=walk(folder), now=now, limits=limits, addresses=Addresses(site))
    families = (Numbers(scene), Links(scene), Lists(scene))
    for done, name in enumerate(scene.tree.pages, start=1):
        yield from _told(_page(name, scene, families), scene)
        progress(done, len(scene.tree.pages))
    for family in families:
        yield from _told(family.end(), scene)
    for whole in _OF_ALL:
        yield from _told(whole(scene), scene)


def _page(name: str, scene: Scene, families: Sequence[Family]) -> Iterator[Breach]:
    page = read(scene.tree.folder, name)
    if page is None:
        yield Breach(name, "网页结构", "网页是空的；请用 publisher rebuild 重新生成")
        return
    for rule in _OF_A_PAGE:
        yield from rule(page, scene)
    for family in families:
        yield from family.page(page)


def _told(breaches: Iterator[Breach], scene: Scene) -> Iterator[Breach]:
    """The breaches; a file that cannot be read is one, too, and stops no other rule."""
    try:
        yield from breaches
    except OSError as error:
        place = os.path.relpath(error.filename or scene.tree.folder, scene.tree.folder)
        yield Breach(place, "基本文件", "文件读不了；请检查磁盘和文件权限")
