"""The city's own notice of 2018 as its page, home page and feeds, read by eye and kept.

After a wanted change: `python -m tests.channels.test_website_golden`, then read the difference.
"""

import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from publisher.channel import Rendition
from publisher.model import Item
from tests.channels.website_items import a_website
from tests.factories import BEIJING, an_item

GOLDEN = Path(__file__).parent / "golden" / "website"
FILES = {
    "2018/00001.html": "seed_notice.html",
    "index.html": "home.html",
    "atom.xml": "atom.xml",
    "rss.xml": "rss.xml",
}


def the_notice() -> Item:
    published = datetime(2018, 2, 14, 10, 5, tzinfo=BEIJING)
    item = an_item(
        published_at=published,
        body=(GOLDEN / "seed_notice.body.html").read_text(),
        body_format="html",
        field="综合",
        five_open_stage="执行",
        kind="其他文件",
    )
    approval = item.revision.approval
    approvers = tuple(
        replace(one, at=one.at.replace(year=2018, month=1)) for one in approval.approvers
    )
    approval = replace(approval, approvers=approvers)
    return replace(item, revision=replace(item.revision, approval=approval))


def rendered(folder: Path) -> Rendition:
    return a_website(folder).render([the_notice()])


@pytest.mark.parametrize("name", FILES)
def test_the_notice_looks_as_it_was_read(tmp_path: Path, name: str) -> None:
    made = rendered(tmp_path).file(name).data.decode()
    assert made == (GOLDEN / FILES[name]).read_text()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        rendition = rendered(Path(folder))
    for name, kept in FILES.items():
        (GOLDEN / kept).write_bytes(rendition.file(name).data)
