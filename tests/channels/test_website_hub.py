"""A WebSub hub, where the city runs one: named in the feeds, and told when they change."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote

import pytest

from publisher.model import Status
from tests.channels.website_items import a_website, many_items
from tests.factories import an_asset, an_item
from tests.simulators.server import Request, Response, Simulator
from tests.support.shelves import rendered


class Hub(Simulator):
    """Takes what it is told, or answers as it is set to."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, list[str]]] = []
        self.code = 202

    def handle(self, request: Request) -> Response:
        self.told.append(parse_qs(request.body.decode()))
        return Response(b"", self.code)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as running:
        yield running


def test_the_hub_stands_in_every_newest_feed_and_is_told_of_it(tmp_path: Path, hub: Hub) -> None:
    website = a_website(tmp_path, hub=hub.url)
    rendition = rendered(website, [an_item()])
    for name in ("atom.xml", "rss.xml", "feed.json", "list/field/财政预决算/atom.xml"):
        assert hub.url in rendition.file(name).data.decode()
    receipt = website.send(rendition, "key-1")
    (told,) = hub.told
    assert told["hub.mode"] == ["publish"]
    assert "https://www.xinji.example/atom.xml" in told["hub.url"]
    assert not any("archive" in one for one in told["hub.url"])
    assert receipt.reason == ""


def test_a_hub_that_refuses_or_is_away_keeps_nothing_back(tmp_path: Path, hub: Hub) -> None:
    website = a_website(tmp_path, hub=hub.url)
    hub.code = 500
    refused = website.send(rendered(website, [an_item()]), "key-1")
    assert refused.status is Status.DELIVERED
    assert "HTTP 500" in refused.reason
    hub.__exit__()
    away = website.send(rendered(website, [an_item(title="另一个标题")]), "key-2")
    assert away.status is Status.DELIVERED
    assert "没能通知" in away.reason
    assert hub.url not in away.reason


def test_without_a_hub_no_feed_names_one(tmp_path: Path) -> None:
    website = a_website(tmp_path)
    files = rendered(website, [an_item()]).around
    assert not any(b"hub" in one.data for one in files if "xml" in one.name or "json" in one.name)


def test_the_hub_hears_only_of_newest_feeds_that_have_changed(tmp_path: Path, hub: Hub) -> None:
    """Not of sealed pages, of pages and attachments, nor of what stands there as it did."""
    website = a_website(tmp_path, hub=hub.url, per_page=2)
    old, new = many_items(4)[2:], many_items(4)[:2]
    website.send(rendered(website, old), "key-1")
    hub.told.clear()
    rendition = rendered(website, new, old)
    assert [one.name for one in rendition.around if "/archive-" in one.name]
    attached = an_item(9, id="M009", attachments=(an_asset("feed.json", b"{}", "数据"),))
    website.send(rendered(website, [attached], [*new, *old]), "key-2")
    (told,) = hub.told
    names = {unquote(one).removeprefix("https://www.xinji.example/") for one in told["hub.url"]}
    assert {name.rpartition("/")[2] for name in names} == {"atom.xml", "rss.xml", "feed.json"}
    assert {"atom.xml", f"list/field/{attached.revision.field}/rss.xml"} <= names
    assert not [name for name in names if name.startswith("2026/")], "an attachment is no feed"
    hub.told.clear()
    website.send(rendered(website, [attached], [*new, *old]), "key-2")
    assert hub.told == [], "nothing has changed"
    other = an_item(10, id="M010", field="综合", five_open_stage="服务", department="辛集市司法局")
    website.send(rendered(website, [other], [attached, *new, *old]), "key-3")
    (told,) = hub.told
    names = {unquote(one).removeprefix("https://www.xinji.example/") for one in told["hub.url"]}
    assert "list/field/综合/atom.xml" in names
    assert f"list/field/{attached.revision.field}/atom.xml" not in names
