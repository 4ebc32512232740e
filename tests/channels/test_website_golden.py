"""The city's own notice of 2018 as its page, what is around it and its feeds, as read by eye.

After a wanted change: `python -m tests.channels.test_website_golden`, then read the difference.
"""

import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from publisher.channel import Rendition
from publisher.model import Action, Item, PostingPeriod
from tests.channels.website_items import a_website
from tests.factories import BEIJING, NOW, an_item, later
from tests.support.shelves import rendered

GOLDEN = Path(__file__).parent / "golden" / "website"
FILES = {
    "2018/00001.html": "seed_notice.html",
    "index.html": "home.html",
    "catalogue/index.html": "catalogue.html",
    "list/field/综合/index.html": "list.html",
    "list/index.html": "lists.html",
    "subscribe.html": "subscribe.html",
    "404.html": "404.html",
    "410.html": "410.html",
    "atom.xml": "atom.xml",
    "rss.xml": "rss.xml",
    "feed.json": "feed.json",
    "sitemap.xml": "sitemap.xml",
    "sitemap/1.xml": "sitemap_1.xml",
}
AFTERWARDS = {
    "2018/00001.html": "withdrawn.html",
    "2018/00002.html": "corrected.html",
    "2018/00003.html": "expired.html",
    "index.html": "home_afterwards.html",
    "catalogue/index.html": "catalogue_afterwards.html",
    "atom.xml": "atom_afterwards.xml",
    "rss.xml": "rss_afterwards.xml",
    "feed.json": "feed_afterwards.json",
}


def the_notice() -> Item:
    published = datetime(2018, 2, 14, 10, 5, tzinfo=BEIJING)
    return an_item(
        published_at=published,
        body=(GOLDEN / "seed_notice.body.html").read_text(),
        body_format="html",
        field="综合",
        five_open_stage="执行",
        kind="其他文件",
    )


def just_published(folder: Path) -> Rendition:
    return rendered(a_website(folder), [the_notice()])


def afterwards(folder: Path) -> Rendition:
    """Three items, of which one was withdrawn, one corrected twice, and one is past its period."""
    published = datetime(2018, 2, 14, 10, 5, tzinfo=BEIJING)
    first, second, third = (
        an_item(serial, published, contact="市政府办公室") for serial in (1, 2, 3)
    )
    period = PostingPeriod(first=date(2018, 2, 14), last=date(2018, 2, 27), contact="市司法局")
    third = replace(third, revision=replace(third.revision, posting=period))
    days = 10 + (published - NOW).days
    second = later(second, Action.CORRECT, "附件任务分解表第3项责任单位有误。", days=days)
    return rendered(
        a_website(folder),
        [
            later(first, Action.WITHDRAW, "与上级文件不一致，重新审核后再公布", days=days + 3),
            later(second, Action.CORRECT, "补充第五部分公开时限", days=days + 2),
            later(third, Action.EXPIRE, "公示期满", days=days + 6),
        ],
    )


@pytest.mark.parametrize("name", AFTERWARDS)
def test_what_came_later_looks_as_it_was_read(tmp_path: Path, name: str) -> None:
    made = afterwards(tmp_path).file(name).data.decode()
    assert made == (GOLDEN / AFTERWARDS[name]).read_text()


@pytest.mark.parametrize("name", FILES)
def test_the_notice_looks_as_it_was_read(tmp_path: Path, name: str) -> None:
    made = just_published(tmp_path).file(name).data.decode()
    assert made == (GOLDEN / FILES[name]).read_text()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = ((just_published(Path(folder)), FILES), (afterwards(Path(folder)), AFTERWARDS))
    for rendition, names in made:
        for name, kept in names.items():
            (GOLDEN / kept).write_bytes(rendition.file(name).data)
