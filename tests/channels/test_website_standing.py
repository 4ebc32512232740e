"""Looking again at what was delivered: lost is lost, a new layout is not, a dead server is not."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from channels.website import Options, Website, build
from publisher.channel import TemporaryError
from publisher.model import Action, Item, Status, Trace
from tests.channels.test_website_send import site
from tests.factories import a_house, an_asset, an_item, later
from tests.simulators.server import Fault, Request, Response, Simulator
from tests.support.web_folder import WebFolder

TRACE = Trace(key="k" * 32, position=0, status=Status.DELIVERED)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebFolder]:
    with WebFolder(site(tmp_path)) as web:
        yield web


@pytest.fixture(params=["folder", "http"])
def website(request: pytest.FixtureRequest, tmp_path: Path, web: WebFolder) -> Website:
    return a_site(tmp_path, web.url, fetched=request.param == "http")


def a_site(folder: Path, url: str, *, fetched: bool) -> Website:
    house = replace(a_house(folder), site_url=url)
    return build("gov_website", Options(verify_url=fetched, read_timeout=0.5), house)


@pytest.fixture
def item(website: Website, web: WebFolder) -> Item:
    tasks = an_asset("任务分解表.pdf", b"%PDF-1.7 tasks", "任务分解表")
    chart = an_asset("流程图.png", b"\x89PNG chart", "公开流程图", "image/png")
    item = an_item(site_url=web.url, attachments=(tasks,), images=(chart,))
    website.send(website.render([item]), "key-1")
    assert website.verify(item, TRACE) == ""
    return item


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return site(tmp_path) / "2026" / "00001.html"


def test_one_look_costs_one_request(tmp_path: Path, web: WebFolder) -> None:
    website, item = a_site(tmp_path, web.url, fetched=True), an_item(site_url=web.url)
    website.send(website.render([item]), "key-1")
    web.asked.clear()
    website.verify(item, TRACE)
    assert web.asked == ["/2026/00001.html"]


def test_a_page_that_is_gone_is_lost(website: Website, item: Item, page: Path) -> None:
    page.unlink()
    assert "打不开" in website.verify(item, TRACE)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<h1><span>关于印发", "<h1><span>关于转发", "标题"),
        ("公开率达到98.5%", "公开率达到68.5%", "正文"),
        ("<h1>", "<h2>", "标题"),
    ],
)
def test_a_page_that_was_altered_is_lost(
    website: Website, item: Item, page: Path, old: str, new: str, told: str
) -> None:
    assert old in page.read_text()
    page.write_text(page.read_text().replace(old, new))
    assert told in website.verify(item, TRACE)


@pytest.mark.parametrize("junk", [b"", b"\x00\xff\xfe", b"<!-- -->", b"{}"])
def test_a_page_that_is_none_is_lost(website: Website, item: Item, page: Path, junk: bytes) -> None:
    page.write_bytes(junk)
    assert website.verify(item, TRACE)


def test_a_new_layout_loses_nothing(website: Website, item: Item, page: Path) -> None:
    text = page.read_text()
    page.write_text(
        text.replace("五公开环节", "环节")
        .replace("<p>", "\n<p class='new'>  ")
        .replace("首页", "主页")
    )
    assert page.read_text() != text
    assert website.verify(item, TRACE) == ""


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("deed", [Path.unlink, lambda path: path.write_bytes(b"%PDF"), _flip])
@pytest.mark.parametrize(
    ("name", "title"), [("任务分解表.pdf", "任务分解表"), ("流程图.png", "公开流程图")]
)
def test_a_file_that_is_gone_cut_or_altered_is_lost(
    website: Website, item: Item, page: Path, deed: Callable[[Path], None], name: str, title: str
) -> None:
    deed(page.parent / "00001" / name)
    assert title in website.verify(item, TRACE)


def test_a_withdrawn_item_is_seen_to_be_gone(
    tmp_path: Path, website: Website, item: Item, page: Path
) -> None:
    shutil.copytree(page.parent, tmp_path / "before")
    withdrawn = later(item, Action.WITHDRAW, "发布有误")
    website.send(website.render([withdrawn]), "key-2")
    assert website.verify(withdrawn, TRACE) == ""
    stub = page.read_text()
    page.write_text(stub.replace("</main>", "<p>坚持以公开为常态、 不公开为例外。</p></main>"))
    assert website.verify(withdrawn, TRACE) == "", "a shorter piece than a line is not its text"
    page.write_text(
        stub.replace("</main>", "<p>2018年8月底前，全面完成试点任务，公开率达到98.5%。</p>")
    )
    assert "仍能看到原文" in website.verify(withdrawn, TRACE)
    shutil.copy(tmp_path / "before" / "00001.html", page)
    assert "仍能看到原文" in website.verify(withdrawn, TRACE)
    page.write_text(stub)
    shutil.copytree(tmp_path / "before" / "00001", page.parent / "00001", dirs_exist_ok=True)
    assert "附件" in website.verify(withdrawn, TRACE)
    shutil.rmtree(page.parent / "00001")
    page.unlink()
    assert website.verify(withdrawn, TRACE), "the stub is what was delivered"


def test_a_site_that_cannot_be_reached_has_lost_nothing(
    tmp_path: Path, web: WebFolder, website: Website, item: Item
) -> None:
    web.__exit__()
    site(tmp_path).rename(tmp_path / "unmounted")
    with pytest.raises(TemporaryError) as caught:
        website.verify(item, TRACE)
    assert str(tmp_path) not in caught.value.reason


def test_a_page_from_before_the_site_moved_is_looked_for_where_it_lies_now(
    website: Website, page: Path
) -> None:
    item = an_item(site_url="https://old.xinji.example")
    website.send(website.render([item]), "key-1")
    assert website.verify(item, TRACE) == ""
    page.unlink()
    assert "打不开" in website.verify(item, TRACE)


class _Gone(Simulator):
    """A web server that answers every page as gone."""

    stub = b""

    def handle(self, request: Request) -> Response:
        del request
        return Response(self.stub, 410, "text/html; charset=utf-8")


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.REFUSE, Fault.HANG, Fault.RESET])
def test_a_server_in_trouble_has_lost_nothing(tmp_path: Path, fault: Fault) -> None:
    with _Gone() as server:
        website = a_site(tmp_path, server.url, fetched=True)
        site(tmp_path).mkdir(parents=True)
        server.plan(fault, times=-1)
        with pytest.raises(TemporaryError):
            website.verify(an_item(site_url=server.url), TRACE)


def test_a_stub_may_be_answered_as_gone_but_a_page_may_not(tmp_path: Path) -> None:
    with _Gone() as server:
        website = a_site(tmp_path, server.url, fetched=True)
        item = an_item(site_url=server.url)
        withdrawn = later(item, Action.WITHDRAW, "发布有误")
        rendition = website.render([withdrawn])
        server.stub = rendition.files[0].data
        website.send(rendition, "key-1")
        assert website.verify(withdrawn, TRACE) == ""
        assert "410" in website.verify(item, TRACE)
        for mark in site(tmp_path).rglob(".gone"):
            mark.unlink()
        assert "撤回标记" in website.verify(withdrawn, TRACE)
