"""Every kind of page: sound HTML, links that lead somewhere, nothing hostile, nothing of others."""

from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest

from publisher.model import PostingPeriod
from tests.channels.test_website_pages import PAGE, TABLE, facts, metas, tree
from tests.channels.website_items import a_website, many_items
from tests.factories import an_asset, an_item
from tests.support.shelves import rendered

SITE = "https://www.xinji.example"
PAGES = (
    "index.html",
    "catalogue/index.html",
    "catalogue/1.html",
    "list/index.html",
    "list/field/财政预决算/index.html",
    "list/field/综合/index.html",
    "subscribe.html",
    "404.html",
    "410.html",
)
"""Pages around an item; of the field 综合 there is nothing yet."""
BEFORE = {f"2026/0000{serial}.html" for serial in range(2, 8)}
"""The pages of what stood before."""
VOID = {"meta", "link", "img", "br", "hr", "col", "input", "wbr"}


class Balance(HTMLParser):
    """Collects tags that are opened and not closed, or closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"{tag}: an attribute twice")
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag}: closed out of turn")


@pytest.mark.parametrize("name", [PAGE, *PAGES])
def test_the_html_is_well_formed_and_asks_nothing_of_others(tmp_path: Path, name: str) -> None:
    item = an_item(
        body=TABLE,
        body_format="markdown",
        attachments=(an_asset("a.pdf", b"%PDF"),),
        posting=PostingPeriod(first=date(2026, 11, 24), last=date(2026, 11, 30)),
        validity="失效",
        contact="0311-83220000",
    )
    rendition = rendered(a_website(tmp_path, per_page=2), [item], many_items(4)[:3])
    text = rendition.file(name).data.decode()
    balance = Balance()
    balance.feed(text)
    assert text.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert balance.faults == []
    assert balance.open == []
    assert len(set(balance.ids)) == len(balance.ids)
    page = tree(rendition, name)
    assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1
    assert page.xpath("//script/text() | //style | //@style | //*[@onclick or @onload]") == []
    assert len(page.xpath("//script")) == 1
    fetched = page.xpath("//@src | //link[@rel='stylesheet']/@href")
    assert fetched
    assert all("//" not in str(address) for address in fetched)


def test_every_link_of_a_page_leads_to_a_file_of_the_site(tmp_path: Path) -> None:
    files = (an_asset("任务 分解表#1.pdf", b"%PDF"),)
    website = a_website(tmp_path, per_page=2, search=True)
    rendition = rendered(website, [an_item(attachments=files)], many_items(7)[:6])
    names = {file.name for file in rendition.every}
    pages = [name for name in names if name.endswith(".html")]
    assert {PAGE, *PAGES, "list/index.html"} <= set(pages)
    for name in pages:
        links = tree(rendition, name).xpath("//a/@href | //link[not(@rel='canonical')]/@href")
        for link in map(str, links):
            address = urlsplit(urljoin(f"{SITE}/{quote(name)}", link))
            if address.netloc != urlsplit(SITE).netloc or link.startswith("#"):
                continue
            path = unquote(address.path.removeprefix("/"))
            standing = f"{path}index.html" if not path or path.endswith("/") else path
            assert standing in names or standing in BEFORE, f"{name} links to {link}"


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    evil = """<script>alert(1)</script>"'&<img src=x onerror=alert(1)>"""
    item = an_item(
        title=evil,
        department=evil,
        doc_number=evil,
        field=evil,
        summary=evil,
        validity=evil,
        topics=(evil,),
        contact=evil,
        attachments=(an_asset("a.pdf", b"%PDF", evil, 'application/pdf"><b>'),),
        posting=PostingPeriod(
            first=date(2026, 11, 24), last=date(2026, 11, 30), place=evil, contact=evil
        ),
    )
    rendition = rendered(a_website(tmp_path), [item])
    folder = next(one.name for one in rendition.every if one.name.startswith("list/topic/"))
    for name in (PAGE, "index.html", "catalogue/index.html", "list/index.html", folder):
        page = tree(rendition, name)
        assert (
            page.xpath(
                "//script[not(starts-with(@src, '../') or starts-with(@src, 'site'))]"
                " | //*[@onerror] | //b"
            )
            == []
        )
        assert evil in page.text_content()
    assert metas(rendition)["ArticleTitle"] == evil
    assert facts(rendition)["名称"] == evil
