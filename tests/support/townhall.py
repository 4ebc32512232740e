"""A city to be looked at: a postbox, and a board that people fill by hand."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from publisher.channel import Recall
from tests.support.city import City, postbox, settings_for

FINANCE, SAFETY = "辛集市财政局", "辛集市应急管理局"


@contextmanager
def townhall(folder: Path, url: str) -> Iterator[City]:
    board = postbox(
        url,
        adapter="tests.support.watched_postbox",
        title="公告栏",
        options={"by_hand": True, "recall": Recall.HUMAN, "repeatable": True},
    )
    post = postbox(url, retry={"attempts": 1, "base": 1, "ceiling": 1})
    digest = postbox(url, title="摘要", grouping={"kind": "digest", "at": "18:00"})
    channels = {"post": post, "board": board, "digest": digest}
    with closing(City(settings_for(folder, channels))) as city:
        yield city
